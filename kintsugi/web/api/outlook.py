"""What may fail next, by early signs, and how often such signs were right."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from kintsugi.steps.outlook import outlook_of
from kintsugi.web.api.answer import NOT_MODIFIED, answered
from kintsugi.web.api.problem import documented
from kintsugi.web.api.reports import Part, part
from kintsugi.web.api.values import Sent, Shown
from reports.early_signs import Kind
from reports.outlook import Record, Watch, What
from reports.outlook_lines import WatchLine, how_right, watch_lines
from reports.share import Mean, Share, Verdict
from reports.words import Words

if TYPE_CHECKING:
    from kintsugi.app import App


class OutlookQuery(Sent):
    """In which language its sentences are."""

    language: Literal["ja", "en"] | None = None


class MeanStars(Shown):
    """A mean of `count` ratings."""

    count: int
    mean: float | None


class SignRow(Shown):
    """One early sign: a share of mentions, or a mean rating, in the last four weeks against the usual one."""

    kind: Kind
    topic: str | None
    now: Part | MeanStars
    usual: Part | MeanStars
    text: str


class WatchRow(Shown):
    """One subject. `limit`: the share of complaints beyond which it has failed; `link`: the complaints of `now`."""

    what: What
    name: str
    version: str | None
    now: Part
    usual: float
    limit: float
    signs: list[SignRow]
    link: str


class RecordRow(Shown):
    """Failures within four weeks, of what was listed and of what was not. `verdict` up: more than chance explains."""

    listed: Part
    others: Part
    verdict: Verdict


class OutlookAnswer(Shown):
    """The watch list, the likeliest first; what has `failed` already; and what came of such lists in the past."""

    until: datetime
    weeks: int
    spans: int
    judged: int
    too_few: int
    watched: list[WatchRow]
    failed: list[WatchRow]
    record: RecordRow
    records: dict[Kind, RecordRow]
    told: list[str]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["reports"])

    @routes.get("/outlook", response_model=OutlookAnswer, responses=documented() | NOT_MODIFIED)
    def get_outlook(request: Request, asked: Annotated[OutlookQuery, Query()]) -> Response:
        """Places, products and versions that may fail next, as of the last midnight."""
        return answered(request, outlook_answer(app, Words(asked.language or app.settings.brand.languages[0])))

    return routes


def outlook_answer(app: App, say: Words) -> OutlookAnswer:
    """The outlook as machines read it, its sentences in the language of `say`."""
    made = outlook_of(app)
    lines = watch_lines(made, app.settings.brand.zone, say)
    rows = [_watch(one, line) for one, line in zip((*made.watched, *made.failed), lines, strict=True)]
    return OutlookAnswer(
        until=made.until,
        weeks=made.weeks,
        spans=made.spans,
        judged=made.judged,
        too_few=made.too_few,
        watched=rows[: len(made.watched)],
        failed=rows[len(made.watched) :],
        record=_record(made.record),
        records={kind: _record(one) for kind, one in made.records.items()},
        told=how_right(made, say),
    )


def _watch(one: Watch, line: WatchLine) -> WatchRow:
    signs = [
        SignRow(
            kind=sign.kind,
            topic=sign.topic,
            now=_value(sign.now),
            usual=_value(sign.usual),
            text=text,
        )
        for sign, text in zip(one.signs, line.signs, strict=True)
    ]
    return WatchRow(
        what=one.subject.what,
        name=one.subject.name,
        version=one.subject.version,
        now=part(one.now),
        usual=one.usual,
        limit=one.limit,
        signs=signs,
        link=line.link,
    )


def _value(value: Share | Mean) -> Part | MeanStars:
    return part(value) if isinstance(value, Share) else MeanStars(count=value.count, mean=value.mean)


def _record(one: Record) -> RecordRow:
    return RecordRow(listed=part(one.listed), others=part(one.others), verdict=one.verdict)
