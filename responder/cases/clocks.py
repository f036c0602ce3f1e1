"""The four clocks of a case: when each is due in business time, and whether it was met or missed.

Only waiting for the customer stops a clock, only that of the resolution, and at most seven days of it count. A wait
that still lasts is counted to its full length at once, so that `due_at` is right to ask at any moment; its end takes
back what was not used.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases.business_time import Span, due_at, open_between
from storage.case import Case, CaseClock, Waiting
from storage.event import append_event

LONGEST_PAUSE = timedelta(days=7)
AT_OPENING = ("acknowledge", "first_response", "resolution")


def start_clock(session: Session, case: Case, name: str, at: datetime, settings: Settings) -> CaseClock:
    """Starts a clock, anew where it ran before (a case that was re-opened): an event keeps the earlier run."""
    clock = clock_of(session, case.id, name)
    if clock is None:
        clock = CaseClock(case_id=case.id, name=name, started_at=at, due_at=at)
        session.add(clock)
    else:
        earlier = {"clock": name, "due_at": clock.due_at.isoformat(), "met_at": _written(clock.met_at)}
        append_event(session, case.id, "clock_restarted", actor="system", at=at, data=earlier)
        clock.started_at, clock.met_at, clock.missed_at = at, None, None
    clock.due_at = due_at(at, _duration(name, settings), settings.clocks.business_hours, settings.brand.zone)
    session.flush()
    return clock


def meet_clock(session: Session, case: Case, name: str, at: datetime) -> CaseClock | None:
    """Stops a running clock at `at`, and notes it as missed where that is too late. None: it does not run."""
    clock = clock_of(session, case.id, name)
    if clock is None or clock.met_at is not None:
        return None
    clock.met_at = max(at, clock.started_at)
    if clock.met_at > clock.due_at and clock.missed_at is None:
        _miss(session, clock, at)
    return clock


def note_missed(session: Session, at: datetime) -> list[CaseClock]:
    """The clocks of open cases that ran out unmet and were not noted before; notes them, with an event each."""
    ran_out = list(
        session.scalars(
            select(CaseClock)
            .join(Case, Case.id == CaseClock.case_id)
            .where(CaseClock.due_at < at, CaseClock.met_at.is_(None), CaseClock.missed_at.is_(None))
            .where(Case.state != "closed")
            .order_by(CaseClock.due_at, CaseClock.id)
        )
    )
    for clock in ran_out:
        _miss(session, clock, at)
    return ran_out


def refresh_resolution(session: Session, case: Case, settings: Settings) -> None:
    """Sets when the resolution is due. Call it when a wait for the customer begins or ends."""
    clock = clock_of(session, case.id, "resolution")
    if clock is None or clock.met_at is not None or clock.missed_at is not None:
        return
    hours, zone = settings.clocks.business_hours, settings.brand.zone
    due = due_at(clock.started_at, settings.clocks.resolution, hours, zone)
    for since, until in _pauses(session, clock):
        if since < due:
            due = due_at(due, open_between(since, until, hours, zone), hours, zone)
    clock.due_at = due


def clock_of(session: Session, case_id: int, name: str) -> CaseClock | None:
    """One clock of a case, if it was started."""
    return session.scalar(select(CaseClock).where(CaseClock.case_id == case_id, CaseClock.name == name))


def _pauses(session: Session, clock: CaseClock) -> list[Span]:
    """The stretches that do not count, at most LONGEST_PAUSE of them together."""
    left, spans = LONGEST_PAUSE, []
    for wait in session.scalars(
        select(Waiting).where(Waiting.case_id == clock.case_id, Waiting.what == "customer").order_by(Waiting.since)
    ):
        since = max(wait.since, clock.started_at)
        until = min(wait.ended_at or since + left, since + left)
        if until > since:
            spans.append((since, until))
            left -= until - since
    return spans


def _miss(session: Session, clock: CaseClock, at: datetime) -> None:
    clock.missed_at = at
    data = {"clock": clock.name, "due_at": clock.due_at.isoformat()}
    append_event(session, clock.case_id, "clock_missed", actor="system", at=at, data=data)


def _duration(name: str, settings: Settings) -> timedelta:
    duration = getattr(settings.clocks, name)
    assert isinstance(duration, timedelta)
    return duration


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
