"""Tells open pages that something changed, by server-sent events; what changed they read themselves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select

from storage.case import Case
from storage.event import Event
from storage.listing import Listing
from storage.source import Crawl
from storage.spike import Spike

if TYPE_CHECKING:
    from kintsugi.app import App

LOOK_EVERY = 2.0  # seconds
KEEP_ALIVE = 20  # looks without news after which a comment shows the proxy that we live


def router(app: App) -> APIRouter:
    """The route."""
    routes = APIRouter()
    watch = _Watch(app)

    @routes.get("/live")
    async def live(request: Request) -> StreamingResponse:
        """The stream: one event a change, with the newest ids of each kind."""
        return StreamingResponse(_told(watch, request), media_type="text/event-stream")

    return routes


class _Watch:
    """The newest ids, asked of the database once a moment however many pages are open."""

    def __init__(self, app: App) -> None:
        self._app, self._at, self._seen, self._lock = app, 0.0, {"": 0}, asyncio.Lock()

    async def newest(self) -> dict[str, int]:
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now - self._at >= LOOK_EVERY / 2:
                self._seen, self._at = await run_in_threadpool(self._look), now
            return self._seen

    def _look(self) -> dict[str, int]:
        with self._app.database.read() as session:
            found = session.execute(
                select(
                    select(func.max(Event.id)).scalar_subquery().label("events"),
                    select(func.max(Case.id)).scalar_subquery().label("cases"),
                    select(func.max(Listing.mention_id)).scalar_subquery().label("mentions"),
                    select(func.max(Crawl.id)).scalar_subquery().label("crawls"),
                    select(func.sum(Spike.told + 1)).scalar_subquery().label("spikes"),
                )
            ).one()
        return {name: int(value or 0) for name, value in found._mapping.items()}


async def _told(watch: _Watch, request: Request) -> AsyncIterator[str]:
    seen, quiet = await watch.newest(), 0
    yield f"retry: 5000\nevent: hello\ndata: {json.dumps(seen)}\n\n"
    while not getattr(request.app.state, "closing", False) and not await request.is_disconnected():
        await asyncio.sleep(LOOK_EVERY / 4)
        quiet += 1
        if quiet % 4:
            continue
        now = await watch.newest()
        if now != seen:
            seen, quiet = now, 0
            yield f"event: changed\ndata: {json.dumps(now)}\n\n"
        elif quiet >= KEEP_ALIVE * 4:
            quiet = 0
            yield ": still here\n\n"
