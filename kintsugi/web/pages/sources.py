"""The page *Sources*: the account of every source, what was refused, the next run; run now and pause."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from kintsugi.web.access import viewer_here
from kintsugi.web.queries.accounting import Totals, canaries_of, crawls_of, refusals_of, totals_since
from kintsugi.web.queries.health import healths
from kintsugi.web.rendering import page
from storage.account import write_audit
from storage.source import Source, source_by_key

if TYPE_CHECKING:
    from kintsugi.app import App

COUNTED = timedelta(days=14)
PAUSES = {"1d": timedelta(days=1), "7d": timedelta(days=7), "365d": timedelta(days=365)}
DONE = ("run", "pause", "resume")


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/sources")
    def sources(request: Request, done: str = "") -> Response:
        """All of them."""
        at = app.clock.now()
        with app.database.read() as session:
            found = healths(session, app.settings, at)
            totals = totals_since(session, at - COUNTED)
            return page(
                app, request, "sources.html", sources=found, totals=totals, none=Totals(), days=COUNTED.days,
                canaries=canaries_of(session), pauses=list(PAUSES), done=done if done in DONE else "",
            )  # fmt: skip

    @routes.get("/sources/{key}")
    def source(request: Request, key: str) -> Response:
        """One of them, crawl by crawl."""
        at = app.clock.now()
        with app.database.read() as session:
            row = session.scalar(select(Source).where(Source.key == key))
            health = next((one for one in healths(session, app.settings, at) if one.key == key), None)
            if row is None and health is None:
                raise HTTPException(404)
            crawls = crawls_of(session, row.id) if row else []
            return page(
                app, request, "source.html", key=key, health=health, crawls=crawls,
                refusals=refusals_of(session, crawls), canaries=canaries_of(session, key),
            )  # fmt: skip

    _moves(app, routes)
    return routes


def _moves(app: App, routes: APIRouter) -> None:
    """Run now, pause, go on."""

    @routes.post("/sources/{key}/run")
    def run(request: Request, key: str) -> Response:
        """Read it at the next look of the service, within seconds."""
        with app.database.write() as session:
            row = _row(app, session, key)
            row.due_at, row.paused_until, row.paused_why = app.clock.now(), None, None
            write_audit(session, "source_run", actor=viewer_here(request).actor, at=app.clock.now(), source=key)
        return RedirectResponse("/sources?done=run", 303)

    @routes.post("/sources/{key}/pause")
    def pause(request: Request, key: str, length: Annotated[str, Form(max_length=10)] = "1d") -> Response:
        """Leave it alone for a while."""
        if length not in PAUSES:
            raise HTTPException(400, "length: one of " + ", ".join(PAUSES))
        viewer, at = viewer_here(request), app.clock.now()
        with app.database.write() as session:
            row = _row(app, session, key)
            row.paused_until, row.paused_why = at + PAUSES[length], viewer.name
            write_audit(session, "source_pause", actor=viewer.actor, at=at, source=key, length=length)
        return RedirectResponse("/sources?done=pause", 303)

    @routes.post("/sources/{key}/resume")
    def resume(request: Request, key: str) -> Response:
        """Go on."""
        with app.database.write() as session:
            row = _row(app, session, key)
            row.paused_until = row.paused_why = None
            write_audit(session, "source_resume", actor=viewer_here(request).actor, at=app.clock.now(), source=key)
        return RedirectResponse("/sources?done=resume", 303)


def _row(app: App, session: Session, key: str) -> Source:
    known = app.settings.sources.get(key)
    if known is None:
        raise HTTPException(404)
    return source_by_key(session, key, known.kind)
