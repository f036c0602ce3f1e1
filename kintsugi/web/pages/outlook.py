"""The page *Outlook*: what may fail next, why one should think so, and how often that was right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from kintsugi.steps.outlook import outlook_of
from kintsugi.web.rendering import page, shown_to
from reports.outlook_lines import how_right, looked_at, sign_lines, watch_lines
from reports.words import Words

if TYPE_CHECKING:
    from kintsugi.app import App


def router(app: App) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get("/outlook")
    def outlook(request: Request) -> Response:
        """The page."""
        say, zone = Words(shown_to(app, request).language), app.settings.brand.zone
        made = outlook_of(app)
        lines = watch_lines(made, zone, say)
        return page(
            app,
            request,
            "outlook.html",
            say=say,
            made=made,
            day=say("outlook.as_of", day=say.day(made.until.astimezone(zone).date())),
            watched=[line for line in lines if not line.failed],
            failed=[line for line in lines if line.failed],
            looked=looked_at(made, say),
            right=how_right(made, say),
            signs=sign_lines(made, say),
        )

    return routes
