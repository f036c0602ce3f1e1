"""The weekly report: what came in, how it was meant, what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from reports import figures
from reports.figures import Sentiments, Share, Times
from reports.period import Period


@dataclass(frozen=True)
class WeeklyReport:
    """All figures of one week beside those of the week before."""

    brand: str
    period: Period
    volume: dict[str, int]
    volume_before: int
    sentiments: Sentiments
    sentiments_before: Sentiments
    topics: list[tuple[str, int, int]]  # topic, complaints, complaints the week before
    ratings: dict[str, tuple[float, int]]
    opened: dict[str, int]
    open_now: int
    outcomes: dict[str, int]
    recovery: Share
    funnel: list[tuple[str, int]]
    acknowledged_in_time: Share
    answered_in_time: Share
    first_response: Times
    resolution: Times


def weekly_report(session: Session, brand: str, period: Period) -> WeeklyReport:
    """The report of one period. Reads only."""
    now, before = figures.complaint_topics(session, period), figures.complaint_topics(session, period.before)
    return WeeklyReport(
        brand=brand,
        period=period,
        volume=figures.volume(session, period),
        volume_before=sum(figures.volume(session, period.before).values()),
        sentiments=figures.sentiments(session, period),
        sentiments_before=figures.sentiments(session, period.before),
        topics=[(topic, count, before[topic]) for topic, count in now.most_common(6)],
        ratings=figures.ratings(session, period),
        opened=dict(figures.cases_opened(session, period)),
        open_now=figures.cases_open(session),
        outcomes=dict(figures.outcomes(session, period)),
        recovery=figures.recovery_rate(session, period),
        funnel=figures.funnel(session, period),
        acknowledged_in_time=figures.in_time(session, period, "acknowledge"),
        answered_in_time=figures.in_time(session, period, "first_response"),
        first_response=figures.waiting_times(session, period, "first_response"),
        resolution=figures.waiting_times(session, period, "resolution"),
    )
