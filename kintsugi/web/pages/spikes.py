"""The page *Spikes*: what rose, against what is usual, with what changed and what people said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from kintsugi.web.api.values import Id
from kintsugi.web.queries.mentions import read_mentions
from kintsugi.web.queries.spikes import points_of, spikes_listed
from kintsugi.web.rendering import labelled, page, shown_to
from storage.spike import Spike

if TYPE_CHECKING:
    from kintsugi.app import App


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/spikes")
    def spikes(request: Request) -> Response:
        """All of them."""
        with app.database.read() as session:
            return page(app, request, "spikes.html", spikes=spikes_listed(session))

    @routes.get("/spikes/{spike_id}")
    def spike(request: Request, spike_id: Id) -> Response:
        """One of them."""
        with app.database.read() as session:
            row = session.get(Spike, spike_id)
            if row is None:
                raise HTTPException(404)
            points = points_of(session, row, app.clock.now())
            typical = read_mentions(session, [int(one) for one in row.typical][:10])
            spread = read_mentions(session, [int(one) for one in row.spread][:10])
            return page(
                app, request, "spike.html", spike=row, typical=typical, spread=spread,
                points=[point for point in points if point[1] > point[4]],
            )  # fmt: skip

    @routes.get("/spikes/{spike_id}/chart")
    def chart(request: Request, spike_id: Id) -> Response:
        """Its chart, as a Vega-Lite specification in the viewer's language and zone."""
        from reports.charts import volume_chart

        shown = shown_to(app, request)
        with app.database.read() as session:
            row = session.get(Spike, spike_id)
            if row is None:
                raise HTTPException(404)
            points = points_of(session, row, app.clock.now())
            title = labelled(row.labels, shown)
        offset = row.since.astimezone(shown.zone).utcoffset()
        assert offset is not None, "a zone has an offset"
        return JSONResponse(volume_chart(title, points, shown.language, offset))

    return routes
