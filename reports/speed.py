"""How fast: from the opening of a case to each of its states, by the wall clock and in business time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.cohort import CaseFacts, cases_of
from reports.period import Period
from reports.scope import Scope
from reports.share import Share, middle, nearest_rank
from storage.case import CaseClock
from storage.draft import Reply
from storage.event import Event

# A state and the moves by which a case reaches or passes it; `answered` is told by the reply that went live.
MOVES = {
    "acknowledged": ("acknowledge", "investigate", "answer", "resolve"),
    "answered": (),
    "resolved": ("resolve",),
    "asked": ("follow_up",),
    "closed": ("close",),
}
CLOCKS = {
    "acknowledged": "acknowledge",
    "answered": "first_response",
    "resolved": "resolution",
    "asked": "follow_up",
}
Hours = Callable[[datetime, datetime], timedelta]  # the business time between two moments


@dataclass(frozen=True)
class Times:
    """Waiting times: how many were measured, their median and the 90th percentile (nearest rank)."""

    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True)
class StateTimes:
    """The way to one state. `in_time`: of the clocks that were met or missed; a running one does not count."""

    state: str
    wall: Times
    business: Times
    in_time: Share | None


def times_to_states(
    session: Session, cases: list[CaseFacts], period: Period, scope: Scope, hours: Hours
) -> list[StateTimes]:
    """For every state that a case can reach: the first time that each of these cases did. Dismissed ones are left out.

    `asked` and its clock start at the resolution for the clock, at the opening for the times.
    """
    opened = {case.id: case.opened_at for case in cases if case.outcome != "not_a_case"}
    reached = _first_moves(session, period, scope)
    reached["answered"] = _first_replies(session, period, scope)
    kept = _in_time(session, set(opened), period, scope)
    found = []
    for state in MOVES:
        spans = [(opened[case_id], at) for case_id, at in reached[state].items() if case_id in opened]
        found.append(
            StateTimes(
                state,
                times_of([end - start for start, end in spans]),
                times_of([hours(start, end) for start, end in spans]),
                kept.get(CLOCKS.get(state, "")),
            )
        )
    return found


def times_of(waits: list[timedelta]) -> Times:
    """Median and 90th percentile of waits."""
    seconds = [wait.total_seconds() for wait in waits]
    half, slow = middle(seconds), nearest_rank(seconds, 0.9)
    if half is None or slow is None:
        return Times(0, None, None)
    return Times(len(seconds), timedelta(seconds=half), timedelta(seconds=slow))


def _first_moves(session: Session, period: Period, scope: Scope) -> dict[str, dict[int, datetime]]:
    kinds = {kind for moves in MOVES.values() for kind in moves}
    rows = session.execute(
        select(Event.case_id, Event.kind, func.min(Event.at))
        .where(Event.case_id.in_(cases_of(period, scope)), Event.kind.in_(kinds))
        .group_by(Event.case_id, Event.kind)
    )
    found: dict[str, dict[int, datetime]] = {state: {} for state in MOVES}
    for case_id, kind, at in rows:
        for state, moves in MOVES.items():
            if kind in moves:
                found[state][case_id] = min(at, found[state].get(case_id, at))
    return found


def _first_replies(session: Session, period: Period, scope: Scope) -> dict[int, datetime]:
    rows = session.execute(
        select(Reply.case_id, func.min(Reply.posted_at))
        .where(Reply.posted_at.is_not(None), Reply.case_id.in_(cases_of(period, scope)))
        .group_by(Reply.case_id)
    )
    return {case_id: at for case_id, at in rows if at is not None}


def _in_time(session: Session, ours: set[int], period: Period, scope: Scope) -> dict[str, Share]:
    rows = session.execute(
        select(CaseClock.case_id, CaseClock.name, CaseClock.due_at, CaseClock.met_at, CaseClock.missed_at).where(
            CaseClock.case_id.in_(cases_of(period, scope))
        )
    )
    met: dict[str, int] = dict.fromkeys(CLOCKS.values(), 0)
    whole = dict(met)
    for case_id, name, due_at, met_at, missed_at in rows:
        if case_id not in ours or name not in met:
            continue
        if met_at is not None or missed_at is not None:
            whole[name] += 1
            met[name] += met_at is not None and met_at <= due_at
    return {name: Share(met[name], whole[name]) for name in met}
