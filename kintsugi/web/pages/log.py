"""The page *Log*: proves the event log, shows its daily roots, and who did what beside the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from sqlalchemy import func, select

from kintsugi.web.access import viewer_here
from kintsugi.web.rendering import page
from storage.account import Audit
from storage.event import Event
from storage.log import Break, read_roots, verify_log

if TYPE_CHECKING:
    from kintsugi.app import App

ROOTS, LINES = 30, 100


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    def show(request: Request, breaks: list[Break] | None, problem: str | None = None) -> Response:
        viewer = viewer_here(request)
        try:
            roots = read_roots(app.roots_file)
        except ValueError as error:
            roots, problem = [], str(error)
        with app.database.read() as session:
            counted = session.execute(select(func.count(), func.count(func.distinct(Event.case_id)))).one()
            lines = select(Audit).order_by(Audit.id.desc()).limit(LINES)
            return page(
                app,
                request,
                "log.html",
                events=counted[0],
                chains=counted[1],
                roots=roots[::-1][:ROOTS],
                all_roots=len(roots),
                breaks=breaks,
                problem=problem,
                audit=list(session.scalars(lines)) if viewer.may("admin") else [],
                person=lambda key: app.settings.people[key].name if key in app.settings.people else key,
            )

    @routes.get("/log")
    def log(request: Request) -> Response:
        """The page."""
        return show(request, None)

    @routes.post("/log/verify")
    def verify(request: Request) -> Response:
        """Computes every chain and every daily root again."""
        with app.database.read() as session:
            try:
                breaks = verify_log(session, read_roots(app.roots_file))
            except ValueError as error:
                return show(request, None, str(error))
        return show(request, breaks)

    return routes
