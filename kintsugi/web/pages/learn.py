"""The page *Learn*: where and when it goes wrong, why, and whether it is getting better or worse."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from kintsugi.web.queries.journey import cause_said, fishbone, journey
from kintsugi.web.queries.learning import (
    LENGTHS,
    comparable,
    complaints,
    days_asked,
    hours_by_weekday,
    negative_share,
    period_of,
    topics_by_place,
)
from kintsugi.web.rendering import page, shown_to
from reports.control import p_chart

if TYPE_CHECKING:
    from kintsugi.app import App

USUAL = "30"


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/learn")
    def learn(request: Request, days: str = USUAL) -> Response:
        """The page."""
        chosen, shown = days if days in LENGTHS else USUAL, shown_to(app, request)
        since, until = period_of(app.clock.now(), shown.zone, int(chosen))
        with app.database.read() as session:
            samples = negative_share(session, since, until, shown.zone, LENGTHS[chosen])
            said = complaints(session, since, until)
            asked = days_asked(since, until)
            return page(
                app,
                request,
                "learn.html",
                days=chosen,
                compared=comparable(session, since, until),
                lengths=list(LENGTHS),
                asked=urlencode(asked),
                by_place=topics_by_place(said),
                steps=journey(app.settings.brand.industry, shown.language, *said.by_topic(), asked),
                by_hour=hours_by_weekday(session, since, until, shown.zone),
                bones=fishbone(session, since, until, asked),
                cause_said=lambda cause: cause_said(cause, shown.language),
                out=[point for point in p_chart(samples) if point.rules],
                samples=sum(1 for sample in samples if sample.size),
            )

    @routes.get("/learn/control")
    def control(request: Request, days: str = USUAL) -> Response:
        """The control chart of the negative share, as a Vega-Lite specification."""
        from reports.charts import control_chart

        chosen, shown = days if days in LENGTHS else USUAL, shown_to(app, request)
        since, until = period_of(app.clock.now(), shown.zone, int(chosen))
        with app.database.read() as session:
            samples = negative_share(session, since, until, shown.zone, LENGTHS[chosen])
        title = shown.t("learn.control")
        return JSONResponse(control_chart(title, p_chart(samples), shown.language, share=True))

    return routes
