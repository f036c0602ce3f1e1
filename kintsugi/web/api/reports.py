"""Reports for any period as JSON, and the figures behind them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kintsugi.steps.reporting import periodic, question
from kintsugi.web.api.answer import NOT_MODIFIED, answered
from kintsugi.web.api.problem import ProblemError, documented
from kintsugi.web.api.values import Day, Sent, Shown, Word
from kintsugi.web.queries.reports import FILES, LONGEST, name_of_file, report_file
from reports import cohort
from reports.as_data import as_data
from reports.period import Period, days_between
from reports.report import Report, make_report
from reports.scope import Scope, source_keys, within
from reports.share import Share
from reports.voices import Sentiments
from storage.listing import Listing

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from kintsugi.app import App


FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the file",
        "content": {
            media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in FILES.values()
        },
    },
    **documented(503),
}


class PartQuery(Sent):
    """Which days (of the brand's time zone, both counted in), which place, which source."""

    since: Day | None = None
    until: Day | None = None
    place: Word | None = None
    source: Word | None = None

    def period(self, kind: str, at: datetime, zone: ZoneInfo) -> Period:
        """The period. Raises ProblemError where the days are the wrong way round or too many."""
        if self.since is None and self.until is None:
            return periodic(kind, at, zone)
        last = self.until or at.astimezone(zone).date()
        first = self.since or last - timedelta(days=6)
        if last < first or (last - first).days >= LONGEST:
            raise ProblemError(422, "bad_period", f"since and until: at most {LONGEST} days, the first one first")
        return days_between(first, last, zone)


class ReportQuery(PartQuery):
    """`kind` without days: the last whole day, week or month."""

    kind: Literal["daily", "weekly", "monthly"] = "weekly"
    language: Literal["ja", "en"] | None = None


class FigureQuery(PartQuery):
    """What the mentions are counted by."""

    by: Literal["day", "source", "place", "topic", "language", "rating"] = "day"


class Statement(Shown):
    """One sentence; `link` shows the mentions behind it."""

    text: str
    link: str | None


class FindingStatement(Statement):
    """What changed. `sure`: more than chance explains."""

    kind: str
    sure: bool


class Cell(Shown):
    """One figure: as text, as a value (shares between 0 and 1, times in hours, amounts as text)."""

    text: str
    value: float | str | None
    link: str | None


class Section(Shown):
    """One table."""

    key: str
    title: str
    columns: list[str]
    rows: list[list[Cell]]
    note: str


class ReportAnswer(Shown):
    """The report as people get it."""

    title: str
    kind: str
    brand: str
    place: str | None
    source: str | None
    since: date
    until: date
    compared_since: date
    compared_until: date
    findings: list[FindingStatement]
    advice: list[Statement]
    sections: list[Section]


class Counted(Shown):
    """Mentions of one day, source, place …; those that were not assessed yet are in `mentions` only."""

    key: str | None
    mentions: int
    negative: int
    neutral: int
    positive: int


class Part(Shown):
    """`part` of `whole`, with its 95 % interval."""

    part: int
    whole: int
    value: float | None
    interval: tuple[float, float] | None


class Figures(Shown):
    """Mentions of the period, and the cases opened in it."""

    since: date
    until: date
    total: Counted
    net: float | None = Field(description="(positive − negative) / assessed")
    rows: list[Counted]
    opened: dict[str, int]
    outcomes: dict[str, int]
    recovery: Part
    open_now: int


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["reports"])

    def report(asked: ReportQuery) -> Report:
        settings, at = app.settings, app.clock.now()
        given = asked.since is not None or asked.until is not None
        period = asked.period(asked.kind, at, settings.brand.zone)
        with app.database.read() as session:
            kind, scope = "period" if given else asked.kind, Scope(asked.place, asked.source)
            return make_report(session, question(settings, kind, period, at, scope))

    @routes.get("/reports", response_model=ReportAnswer, responses=documented() | NOT_MODIFIED)
    def get_report(request: Request, asked: Annotated[ReportQuery, Query()]) -> Response:
        """The report of a period."""
        data = as_data(report(asked), asked.language or app.settings.brand.languages[0])
        return answered(request, ReportAnswer.model_validate(data))

    @routes.get("/reports/files/{form}", response_class=Response, responses=FILE)
    def get_report_file(
        form: Literal["csv", "xlsx", "html", "pdf"], asked: Annotated[ReportQuery, Query()]
    ) -> Response:
        """The report of a period as a file. A PDF needs the extra `pdf`."""
        made = report(asked)
        try:
            content = report_file(made, asked.language or app.settings.brand.languages[0], form, app)
        except RuntimeError as error:
            raise ProblemError(503, "cannot_draw", str(error)) from None
        headers = {"Content-Disposition": f'attachment; filename="{name_of_file(made, form)}"'}
        return Response(content, media_type=FILES[form], headers=headers)

    @routes.get("/figures", response_model=Figures, responses=documented() | NOT_MODIFIED)
    def get_figures(request: Request, asked: Annotated[FigureQuery, Query()]) -> Response:
        """Mentions counted by day, source, place, topic, language or rating, and what became of the cases."""
        zone = app.settings.brand.zone
        period, scope = asked.period("weekly", app.clock.now(), zone), Scope(asked.place, asked.source)
        with app.database.read() as session:
            rows = counted(session, period, scope, asked.by)
            cases = cohort.cohort(session, period, scope)
            open_now = cohort.cases_open(session, scope)
        total = _sum(None, rows)
        figures = Figures(
            since=period.days[0],
            until=period.days[-1],
            total=total,
            net=Sentiments(total.negative, total.neutral, total.positive).net,
            rows=rows,
            opened=dict(sorted(cohort.severities(cases).items())),
            outcomes=dict(sorted(cohort.outcomes(cases).items())),
            recovery=part(cohort.recovery_rate(cases)),
            open_now=open_now,
        )
        return answered(request, figures)

    return routes


def counted(session: Session, period: Period, scope: Scope, by: str) -> list[Counted]:
    """Counts from the index that covers hour, sentiment, topic, place and source."""
    columns = {
        "day": Listing.hour, "source": Listing.source_id, "place": Listing.location, "topic": Listing.topic,
        "language": Listing.language, "rating": Listing.stars,
    }  # fmt: skip
    column = columns[by]
    counted = session.execute(
        select(column, Listing.sentiment, func.count())
        .where(*within(period, scope))
        .group_by(column, Listing.sentiment)
    ).all()
    names = source_keys(session) if by == "source" else {}
    found: dict[str | None, list[Counted]] = {}
    for value, sentiment, count in counted:
        key = None if value is None else str(value)
        if isinstance(value, int) and by in ("day", "source"):
            key = _day(value, period) if by == "day" else names[value]
        one = {name: count if name == sentiment else 0 for name in ("negative", "neutral", "positive")}
        found.setdefault(key, []).append(Counted(key=None, mentions=count, **one))
    rows = [_sum(key, parts) for key, parts in found.items()]
    return sorted(rows, key=lambda row: row.key or "") if by == "day" else sorted(rows, key=lambda row: -row.mentions)


def _day(hour: int, period: Period) -> str:
    return datetime.fromtimestamp(hour * 3600, period.zone).date().isoformat()


def _sum(key: str | None, parts: list[Counted]) -> Counted:
    sums = {name: sum(getattr(one, name) for one in parts) for name in ("mentions", "negative", "neutral", "positive")}
    return Counted(key=key, **sums)


def part(share: Share) -> Part:
    """A share as the API has it."""
    return Part(part=share.part, whole=share.whole, value=share.value, interval=share.interval)
