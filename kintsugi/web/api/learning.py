"""What can be learnt from many mentions, as the page Learn shows it. Every link opens exactly what is counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from kintsugi.web.api.answer import NOT_MODIFIED, answered
from kintsugi.web.api.problem import documented
from kintsugi.web.api.values import Sent, Shown
from kintsugi.web.queries.journey import fishbone, journey
from kintsugi.web.queries.learning import (
    LENGTHS,
    Heat,
    complaints,
    days_asked,
    hours_by_weekday,
    negative_share,
    period_of,
    topics_by_place,
)
from reports.control import p_chart

if TYPE_CHECKING:
    from kintsugi.app import App


class LearnQuery(Sent):
    """How many days, today included."""

    days: Literal["7", "30", "90", "365"] = "30"
    language: Literal["ja", "en"] | None = None


class CellRow(Shown):
    """One cell of a heat map: negative mentions, then and in the period before."""

    row: str
    column: str
    count: int
    before: int


class FigureRow(Shown):
    """A count, the count of the period before, the page of its mentions."""

    count: int
    before: int
    link: str


class StepRow(Shown):
    """One step of the customer's journey; the last one has what belongs to none."""

    name: str
    front: str
    behind: str
    complaints: FigureRow
    topics: dict[str, FigureRow]


class BoneRow(Shown):
    """One cause, its cases, and what they were about; a detail of the cause begins with a colon."""

    cause: str
    cases: FigureRow
    twigs: dict[str, FigureRow]


class PointRow(Shown):
    """One point of the control chart of the negative share; `rules` names those that it breaks."""

    label: str
    value: float
    centre: float
    lower: float
    upper: float
    rules: list[int]


class Learnt(Shown):
    """All of it, for one period."""

    since: date
    until: date
    places: list[CellRow]
    hours: list[CellRow]
    journey: list[StepRow]
    causes: list[BoneRow]
    control: list[PointRow]


def router(app: App) -> APIRouter:
    """The route."""
    routes = APIRouter(tags=["reports"])

    @routes.get("/learn", response_model=Learnt, responses=documented() | NOT_MODIFIED)
    def get_learnt(request: Request, asked: Annotated[LearnQuery, Query()]) -> Response:
        """Topics by place, hours by weekday, the customer's journey, causes, the control chart."""
        brand = app.settings.brand
        since, until = period_of(app.clock.now(), brand.zone, int(asked.days))
        days = days_asked(since, until)
        with app.database.read() as session:
            said = complaints(session, since, until)
            hours = hours_by_weekday(session, since, until, brand.zone)
            bones = fishbone(session, since, until, days)
            samples = negative_share(session, since, until, brand.zone, LENGTHS[asked.days])
        steps = journey(brand.industry, asked.language or brand.languages[0], *said.by_topic(), days)
        shown = Learnt(
            since=since.date(),
            until=(until - timedelta(days=1)).date(),
            places=_cells(topics_by_place(said)),
            hours=_cells(hours),
            journey=[StepRow.model_validate(_named(one, topics=dict(one.topics))) for one in steps],
            causes=[BoneRow.model_validate(_named(one, twigs=dict(one.twigs))) for one in bones],
            control=[PointRow.model_validate(point) for point in p_chart(samples)],
        )
        return answered(request, shown)

    return routes


def _cells(heat: Heat) -> list[CellRow]:
    return [
        CellRow(row=row, column=column, count=cell.count, before=cell.before)
        for (row, column), cell in heat.cells.items()
        if cell.count or cell.before
    ]


def _named(one: object, **more: object) -> dict[str, object]:
    """The fields of a dataclass, some of them in another shape."""
    return {name: getattr(one, name) for name in type(one).__dataclass_fields__} | more  # type: ignore[attr-defined]
