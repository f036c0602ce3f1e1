"""Figures from the rows. Each function states its formula; small numbers stay counts, never bare percentages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, sqrt
from statistics import median

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from reports.period import Period
from storage.assessment import Assessment
from storage.case import OPEN_STATES, Case, CaseClock
from storage.draft import Reply
from storage.event import Event
from storage.mention import Mention, Revision
from storage.source import Source


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, with the 95 % interval of Wilson (1927)."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval, which stays honest for small numbers."""
        if not self.whole:
            return None
        z, n, p = 1.96, self.whole, self.part / self.whole
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, centre - reach), min(1.0, centre + reach)


@dataclass(frozen=True)
class Times:
    """Waiting times: how many were measured, their median and the 90th percentile (nearest rank)."""

    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True)
class Sentiments:
    """Mentions of a period by sentiment."""

    negative: int
    neutral: int
    positive: int

    @property
    def total(self) -> int:
        """All assessed mentions."""
        return self.negative + self.neutral + self.positive

    @property
    def net(self) -> float | None:
        """Net sentiment: (positive − negative) / all, from −1 to 1."""
        return (self.positive - self.negative) / self.total if self.total else None


def volume(session: Session, period: Period) -> dict[str, int]:
    """New mentions by source, by the time they were posted (first seen, where the source names none)."""
    counted = session.execute(
        select(Source.key, func.count(Mention.id))
        .join(Mention, Mention.source_id == Source.id)
        .where(*_within(period))
        .group_by(Source.key)
        .order_by(func.count(Mention.id).desc(), Source.key)
    )
    return {key: count for key, count in counted}


def sentiments(session: Session, period: Period) -> Sentiments:
    """How the period's mentions were meant, by their first revision: later edits count as outcomes."""
    counted = Counter(session.scalars(_first_assessments(period).with_only_columns(Assessment.sentiment)))
    return Sentiments(counted["negative"], counted["neutral"], counted["positive"])


def complaint_topics(session: Session, period: Period) -> Counter[str]:
    """How many negative mentions of the period name each topic; one mention can name several."""
    complaints = _first_assessments(period).where(Assessment.sentiment == "negative")
    rows = session.scalars(complaints.with_only_columns(Assessment.topics))
    return Counter(topic["name"] for topics in rows for topic in topics)


def ratings(session: Session, period: Period) -> dict[str, tuple[float, int]]:
    """Mean rating (1 to 5) and number of ratings by source, of the period's reviews."""
    rows = session.execute(
        select(Source.key, func.avg(Revision.rating), func.count(Revision.rating))
        .join(Mention, Mention.source_id == Source.id)
        .join(Revision, (Revision.mention_id == Mention.id) & (Revision.number == 1))
        .where(Revision.rating.is_not(None), *_within(period))
        .group_by(Source.key)
        .order_by(Source.key)
    )
    return {key: (float(mean), count) for key, mean, count in rows}


def cases_opened(session: Session, period: Period) -> Counter[str]:
    """Cases opened in the period by severity."""
    return Counter(
        session.scalars(select(Case.severity).where(Case.opened_at >= period.start, Case.opened_at < period.end))
    )


def cases_open(session: Session) -> int:
    """Cases that are open now."""
    return session.scalar(select(func.count()).select_from(Case).where(Case.state.in_(OPEN_STATES))) or 0


def outcomes(session: Session, period: Period) -> Counter[str]:
    """Outcomes of the cases opened in the period, as known now; `open` where none is known yet."""
    rows = session.scalars(select(Case.outcome).where(Case.opened_at >= period.start, Case.opened_at < period.end))
    return Counter(outcome or "open" for outcome in rows)


def recovery_rate(session: Session, period: Period) -> Share:
    """Recovered or improved, of the cases opened in the period that have an outcome and were cases at all."""
    counted = outcomes(session, period)
    decided = sum(count for name, count in counted.items() if name not in ("open", "not_a_case"))
    return Share(counted["recovered"] + counted["improved"], decided)


def in_time(session: Session, period: Period, clock: str) -> Share:
    """Clocks of this name, of cases opened in the period, that were met in time; running ones do not count."""
    clocks = session.scalars(
        select(CaseClock)
        .join(Case, Case.id == CaseClock.case_id)
        .where(CaseClock.name == clock, Case.opened_at >= period.start, Case.opened_at < period.end)
    ).all()
    met = sum(1 for one in clocks if one.met_at is not None and one.met_at <= one.due_at)
    missed = sum(1 for one in clocks if one.missed_at is not None or (one.met_at and one.met_at > one.due_at))
    return Share(met, met + missed)


def waiting_times(session: Session, period: Period, clock: str) -> Times:
    """From the start of this clock until it was met, by the wall clock, for cases opened in the period."""
    rows = session.execute(
        select(CaseClock.started_at, CaseClock.met_at)
        .join(Case, Case.id == CaseClock.case_id)
        .where(
            CaseClock.name == clock,
            CaseClock.met_at.is_not(None),
            Case.opened_at >= period.start,
            Case.opened_at < period.end,
        )
    )
    waits = sorted((met - started).total_seconds() for started, met in rows if met is not None)
    if not waits:
        return Times(0, None, None)
    slowest = waits[ceil(0.9 * len(waits)) - 1]
    return Times(len(waits), timedelta(seconds=median(waits)), timedelta(seconds=slowest))


def funnel(session: Session, period: Period) -> list[tuple[str, int]]:
    """The recovery funnel of the cases opened in the period: flagged → answered → resolved → asked → recovered."""
    opened = select(Case.id).where(Case.opened_at >= period.start, Case.opened_at < period.end)
    answered = select(func.count(func.distinct(Reply.case_id))).where(
        Reply.posted_at.is_not(None), Reply.case_id.in_(opened)
    )
    return [
        ("flagged", session.scalar(select(func.count()).select_from(opened.subquery())) or 0),
        ("answered", session.scalar(answered) or 0),
        ("resolved", _with_event(session, opened, "resolve")),
        ("asked", _with_event(session, opened, "follow_up")),
        (
            "recovered",
            session.scalar(select(func.count()).where(Case.id.in_(opened), Case.outcome.in_(("recovered", "improved"))))
            or 0,
        ),
    ]


def _with_event(session: Session, cases: Select[int], kind: str) -> int:
    counted = select(func.count(func.distinct(Event.case_id))).where(Event.kind == kind, Event.case_id.in_(cases))
    return session.scalar(counted) or 0


def _within(period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    moment = func.coalesce(Mention.posted_at, Mention.first_seen_at)
    return (moment >= period.start, moment < period.end)


def _first_assessments(period: Period) -> Select[Assessment]:
    return (
        select(Assessment)
        .join(Revision, Revision.id == Assessment.revision_id)
        .join(Mention, Mention.id == Revision.mention_id)
        .where(Revision.number == 1, *_within(period))
    )
