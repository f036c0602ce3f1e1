"""The page *Now*: what is due, what rises, what today is like, whether the sources are well."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from kintsugi.web.access import viewer_here
from kintsugi.web.queries.health import healths
from kintsugi.web.queries.open_cases import open_cases, open_counts
from kintsugi.web.queries.today import today
from kintsugi.web.rendering import page
from storage.case import Case
from storage.spike import open_spikes

if TYPE_CHECKING:
    from kintsugi.app import App

SHOWN = 50  # cases
SHOWS = ("all", "mine", "free", "team")


def router(app: App) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get("/")
    def now(request: Request, show: str = "all") -> Response:
        """The page; `show`: one of SHOWS."""
        at, settings, viewer = app.clock.now(), app.settings, viewer_here(request)
        shows = [one for one in SHOWS if one != "team" or viewer.team is not None]
        chosen = show if show in shows else "all"
        of = {"all": (), "mine": (Case.owner == viewer.actor,), "team": (Case.team == viewer.team,)}
        of["free"] = (Case.owner.is_(None),)
        with app.database.read() as session:
            return page(
                app,
                request,
                "now.html",
                rows=open_cases(session, settings, SHOWN, of[chosen]),
                shows=shows,
                show=chosen,
                counts=open_counts(session, at, at + timedelta(days=1)),
                today=today(session, at, settings.brand.zone),
                spikes=open_spikes(session),
                sources=healths(session, settings, at),
            )

    return routes
