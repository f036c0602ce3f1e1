"""Spikes: incidents, with the hours around them against what is usual."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from kintsugi.web.api.answer import NOT_MODIFIED, answered
from kintsugi.web.api.cursor import Paging
from kintsugi.web.api.mention_list import MentionRow, mention_rows
from kintsugi.web.api.problem import documented, not_found
from kintsugi.web.api.values import Id, Shown
from kintsugi.web.queries.spikes import points_of
from storage.spike import Spike

if TYPE_CHECKING:
    from kintsugi.app import App


class SpikeQuery(Paging):
    """Which spikes."""

    open: bool | None = None


class Named(Shown):
    """How many mentions name this."""

    name: str
    mentions: int


class SpikeRow(Shown):
    """One incident. `what`: volume or negative_share; `expected`: mentions that were to be expected meanwhile."""

    id: int
    what: str
    labels: dict[str, str]
    score: float
    since: datetime
    opened_at: datetime
    ended_at: datetime | None
    mentions: int
    negative: int
    expected: float
    peak: int
    topics: list[Named]
    places: list[Named]
    bot_like: str | None


class SpikePage(Shown):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[SpikeRow]
    next: str | None


class Hour(Shown):
    """One hour: what came, and what is usual at this hour of the week."""

    start: datetime
    mentions: int
    negative: int
    expected: float
    upper: float


class SpikeAnswer(SpikeRow):
    """One incident with its hours, and the mentions that show it best."""

    hours: list[Hour]
    typical: list[MentionRow]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["spikes"])

    @routes.get("/spikes", response_model=SpikePage, responses=documented() | NOT_MODIFIED)
    def list_spikes(request: Request, asked: Annotated[SpikeQuery, Query()]) -> Response:
        """Incidents, the newest first."""
        query = select(Spike).order_by(Spike.id.desc()).limit(asked.limit + 1)
        if asked.open is not None:
            query = query.where(Spike.ended_at.is_(None) if asked.open else Spike.ended_at.is_not(None))
        if asked.after_id is not None:
            query = query.where(Spike.id < asked.after_id)
        with app.database.read() as session:
            page, following = asked.cut(session.scalars(query).all(), lambda one: (None, one.id))
        return answered(request, SpikePage(items=[spike_row(one) for one in page], next=following))

    @routes.get("/spikes/{spike_id}", response_model=SpikeAnswer, responses=documented(404) | NOT_MODIFIED)
    def get_spike(request: Request, spike_id: Id) -> Response:
        """One incident, hour by hour."""
        with app.database.read() as session:
            spike = session.get(Spike, spike_id)
            if spike is None:
                raise not_found(f"spike {spike_id}")
            points = points_of(session, spike, app.clock.now())
            hours = [Hour(**dict(zip(Hour.model_fields, point, strict=True))) for point in points]
            typical = mention_rows(session, [int(one) for one in spike.typical][:10])
            found = SpikeAnswer(**spike_row(spike).model_dump(), hours=hours, typical=typical)
        return answered(request, found)

    return routes


def spike_row(spike: Spike) -> SpikeRow:
    """One incident as lists show it."""
    return SpikeRow(
        id=spike.id,
        what=spike.what,
        labels={name: str(value) for name, value in spike.labels.items()},
        score=spike.score,
        since=spike.since,
        opened_at=spike.opened_at,
        ended_at=spike.ended_at,
        mentions=spike.mentions,
        negative=spike.negative,
        expected=spike.expected,
        peak=spike.peak,
        topics=[Named(name=str(name), mentions=count) for name, count in spike.topics],
        places=[Named(name=str(name), mentions=count) for name, count in spike.places],
        bot_like=spike.bot_like,
    )
