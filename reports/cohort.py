"""The cases that were opened in a period, and what became of them: every share of the recovery counts these."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from reports.period import Period
from reports.scope import Scope, of_part
from reports.share import Share
from storage.case import OPEN_STATES, Case, CaseClock
from storage.draft import Reply
from storage.event import Event
from storage.listing import Listing

GOOD = ("recovered", "improved")
FUNNEL = ("flagged", "answered", "resolved", "asked", "recovered")


@dataclass(frozen=True)
class CaseFacts:
    """What reports need of one case."""

    id: int
    severity: str
    state: str
    outcome: str | None
    cause: str | None
    author_id: int | None
    opened_at: datetime
    location: str | None
    topic: str | None


def cases_of(period: Period, scope: Scope) -> Select[int]:
    """The ids of the cases opened in the period, about this part of the brand; merged ones are part of another case."""
    return within_scope(
        select(Case.id).where(Case.opened_at >= period.start, Case.opened_at < period.end, Case.merged_into.is_(None)),
        scope,
    )


def within_scope(query: Select[int], scope: Scope) -> Select[int]:
    """A query over Case, of this part of the brand only."""
    if scope.whole:
        return query
    return query.join(Listing, Listing.mention_id == Case.mention_id).where(*of_part(scope))


def cohort(session: Session, period: Period, scope: Scope) -> list[CaseFacts]:
    """The cases of the period, oldest first."""
    rows = session.execute(
        select(
            Case.id, Case.severity, Case.state, Case.outcome, Case.cause, Case.author_id, Case.opened_at,
            Listing.location, Listing.topic,
        )
        .outerjoin(Listing, Listing.mention_id == Case.mention_id)
        .where(Case.id.in_(cases_of(period, scope)))
        .order_by(Case.id)
    )  # fmt: skip
    return [CaseFacts(*row) for row in rows]


def cases_open(session: Session, scope: Scope) -> int:
    """Cases that are open now."""
    opened = within_scope(select(Case.id).where(Case.state.in_(OPEN_STATES)), scope)
    return session.scalar(select(func.count()).select_from(opened.subquery())) or 0


def overdue(session: Session, scope: Scope, at: datetime) -> list[tuple[int, str]]:
    """Open cases with a clock that ran out, as (case, clock), the longest overdue first."""
    opened = within_scope(select(Case.id).where(Case.state.in_(OPEN_STATES)), scope)
    rows = session.execute(
        select(CaseClock.case_id, CaseClock.name)
        .where(CaseClock.met_at.is_(None), CaseClock.due_at < at, CaseClock.case_id.in_(opened))
        .order_by(CaseClock.due_at, CaseClock.case_id)
    )
    return [(case, name) for case, name in rows]


def outcomes(cases: list[CaseFacts]) -> Counter[str]:
    """Cases by outcome as it is known now; `open` where none is."""
    return Counter(case.outcome or "open" for case in cases)


def recovery_rate(cases: list[CaseFacts]) -> Share:
    """Recovered or improved, of the cases that have an outcome and were cases at all."""
    counted = outcomes(cases)
    decided = sum(count for name, count in counted.items() if name not in ("open", "not_a_case"))
    return Share(sum(counted[name] for name in GOOD), decided)


def funnel(session: Session, cases: list[CaseFacts], period: Period, scope: Scope) -> list[tuple[str, int]]:
    """flagged → answered → resolved → asked → recovered, each of the same cases; dismissed ones are left out.

    answered: a reply went live. resolved, asked: by the event log. A step may be skipped: a customer can come back
    before anybody asked.
    """
    ours = {case.id for case in cases if case.outcome != "not_a_case"}
    answered = set(
        session.scalars(
            select(Reply.case_id).where(Reply.posted_at.is_not(None), Reply.case_id.in_(cases_of(period, scope)))
        )
    )
    told: dict[str, set[int]] = {"resolve": set(), "follow_up": set()}
    events = select(Event.case_id, Event.kind).where(
        Event.case_id.in_(cases_of(period, scope)), Event.kind.in_(list(told))
    )
    for case_id, kind in session.execute(events):
        told[kind].add(case_id)
    return [
        ("flagged", len(ours)),
        ("answered", len(ours & answered)),
        ("resolved", len(ours & told["resolve"])),
        ("asked", len(ours & told["follow_up"])),
        ("recovered", sum(case.outcome in GOOD for case in cases)),
    ]


def repeat_complaints(session: Session, cases: list[CaseFacts], period: Period, scope: Scope) -> Share:
    """Of the cases whose author is known: those whose author had an earlier case. Dismissed cases never count."""
    known = [case for case in cases if case.author_id is not None and case.outcome != "not_a_case"]
    first = dict(
        session.execute(
            select(Case.author_id, func.min(Case.id))
            .where(
                Case.author_id.in_(select(Case.author_id).where(Case.id.in_(cases_of(period, scope)))),
                Case.outcome.is_(None) | (Case.outcome != "not_a_case"),
                Case.merged_into.is_(None),
            )
            .group_by(Case.author_id)
        ).all()
    )
    return Share(sum(first[case.author_id] < case.id for case in known), len(known))


def causes(cases: list[CaseFacts]) -> Counter[str]:
    """Cases by the branch of their cause (`process` of `process:room-assignment`); those without one are left out."""
    return Counter(case.cause.partition(":")[0] for case in cases if case.cause)


def severities(cases: list[CaseFacts]) -> Counter[str]:
    """Cases by severity."""
    return Counter(case.severity for case in cases)
