"""One report: every figure of a period beside that of the same weekdays before. All renderers read this and no rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config.reports import ReturnSettings
from reports import cohort, money, quotes, voices
from reports.control import ControlPoint, p_chart
from reports.incidents import Incident, incidents
from reports.outlook import Outlook, kept
from reports.period import Period
from reports.returning import Paradox, paradox
from reports.samples import negative_share
from reports.satisfaction import Satisfaction, satisfaction
from reports.scope import Scope
from reports.share import Mean, Share
from reports.speed import Hours, StateTimes, times_to_states
from reports.tasks import TaskLine, tasks
from reports.uplift import Uplift, rating_uplift
from reports.voices import PlaceLine, Sentiments, TopicLine

KINDS = ("daily", "weekly", "monthly", "period")
CHART_DAYS = 28  # at least so many stand in the control chart
FRESH = timedelta(days=8)  # an outlook belongs to the periods that ended so shortly before it


@dataclass(frozen=True)
class Question:
    """What a report is asked: about whom and which time, and what it is handed from outside.

    `hours` gives the business time between two moments, `mask` takes personal data out of a text.
    """

    brand: str
    kind: str  # one of KINDS
    period: Period
    at: datetime
    hours: Hours
    mask: quotes.Mask
    scope: Scope = field(default_factory=Scope)
    assumed: ReturnSettings = field(default_factory=ReturnSettings)


@dataclass(frozen=True)
class Report:
    """All figures. `*_before` are those of `period.before`."""

    brand: str
    kind: str  # one of KINDS
    period: Period
    scope: Scope
    made_at: datetime
    tally: voices.Tally
    volume: dict[str, int]
    volume_before: dict[str, int]
    usual: list[int]
    sentiments: Sentiments
    sentiments_before: Sentiments
    topics: list[TopicLine]
    places: list[PlaceLine]
    ratings: dict[str, Mean]
    ratings_before: dict[str, Mean]
    control: list[ControlPoint]
    incidents: list[Incident]
    outlook: Outlook | None
    opened: dict[str, int]
    open_now: int
    overdue: list[tuple[int, str]]
    outcomes: dict[str, int]
    recovery: Share
    funnel: list[tuple[str, int]]
    times: list[StateTimes]
    times_before: list[StateTimes]
    repeat: Share
    uplift: Uplift
    paradox: Paradox | None
    satisfaction: Satisfaction
    causes: list[tuple[str, int]]
    tasks: list[TaskLine]
    offers: money.Offers
    returns: money.Return
    worst: list[quotes.Quote]
    best: list[quotes.Quote]

    @property
    def mentions(self) -> int:
        """All mentions of the period."""
        return sum(self.volume.values())

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read: no mention in either period, and no open case."""
        return not self.volume and not self.volume_before and not self.open_now


def make_report(session: Session, asked: Question) -> Report:
    """Reads every figure. Writes nothing."""
    period, scope = asked.period, asked.scope
    now, before = voices.tally(session, period, scope), voices.tally(session, period.before, scope)
    cases = cohort.cohort(session, period, scope)
    cases_before = cohort.cohort(session, period.before, scope)
    paid = money.offers(session, period, scope)
    return Report(
        brand=asked.brand,
        kind=asked.kind,
        period=period,
        scope=scope,
        made_at=asked.at,
        tally=now,
        volume=dict(now.by_source().most_common()),
        volume_before=dict(before.by_source().most_common()),
        usual=voices.usual_volume(session, period, scope),
        sentiments=now.sentiments(),
        sentiments_before=before.sentiments(),
        topics=voices.topic_lines(now, before),
        places=voices.place_lines(now),
        ratings=voices.ratings(session, period, scope),
        ratings_before=voices.ratings(session, period.before, scope),
        control=p_chart(negative_share(session, _charted(period), scope)),
        incidents=incidents(session, period, scope),
        outlook=_outlook(session, asked),
        opened=dict(cohort.severities(cases)),
        open_now=cohort.cases_open(session, scope),
        overdue=cohort.overdue(session, scope, asked.at),
        outcomes=dict(cohort.outcomes(cases).most_common()),
        recovery=cohort.recovery_rate(cases),
        funnel=cohort.funnel(session, cases, period, scope),
        times=times_to_states(session, cases, period, scope, asked.hours),
        times_before=times_to_states(session, cases_before, period.before, scope, asked.hours),
        repeat=cohort.repeat_complaints(session, cases, period, scope),
        uplift=rating_uplift(session, period, scope),
        paradox=paradox(session, period) if scope.whole and asked.kind != "daily" else None,
        satisfaction=satisfaction(session, period, scope),
        causes=cohort.causes(cases).most_common(),
        tasks=tasks(session, period, scope, asked.at),
        offers=paid,
        returns=money.returns(session, cases, paid, asked.assumed, period, scope),
        worst=quotes.worst(session, period, scope, asked.mask),
        best=quotes.best(session, period, scope, asked.mask),
    )


def _outlook(session: Session, asked: Question) -> Outlook | None:
    """The one that was made last, in reports of the whole brand that end about when it was made. Not every day."""
    made = kept(session) if asked.scope.whole and asked.kind != "daily" else None
    return made if made is not None and abs(made.until - asked.period.end) <= FRESH else None


def _charted(period: Period) -> Period:
    """The control chart shows the days before as well: limits of a single day say nothing."""
    return period if len(period.days) >= CHART_DAYS else period.lasting(CHART_DAYS)
