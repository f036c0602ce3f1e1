"""The web application: puts the pages together. What they do stands in `pages/`, one file a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from kintsugi.web.access import gate
from kintsugi.web.failing import answer_failures
from kintsugi.web.guard import Guard
from kintsugi.web.rendering import STATIC

if TYPE_CHECKING:
    from kintsugi.app import App


def web_app(app: App, pages: Iterable[Callable[[App], APIRouter]] | None = None) -> FastAPI:
    """The application over one installation: all pages, or some, and the API."""

    def api() -> ASGIApp:
        from kintsugi.web.api.assembly import api_app

        return api_app(app)

    if pages is None:
        from kintsugi.web.pages.every import PAGES

        pages = PAGES
    web = FastAPI(title="Kintsugi", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(gate(app))])
    for router in pages:
        web.include_router(router(app))
    web.mount("/api/v1", _WhenAsked(api), name="api")
    web.mount("/static", _Kept(directory=STATIC), name="static")
    answer_failures(web, app)
    web.add_middleware(Guard, secure=app.settings.web.secure)
    return web


class _WhenAsked:
    """An application that is put together for its first request: FastAPI needs half a second for that of programs,
    which the pages do not wait for, and many installations never ask."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._made = cache(make)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._made()(scope, receive, send)


class _Kept(StaticFiles):
    """Static files are asked for with a digest of their content: whoever has one need not ask again."""

    def file_response(self, *args: object, **values: object):  # type: ignore[no-untyped-def]  # as Starlette's
        answer = super().file_response(*args, **values)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer
