"""What a case waits for, beside its state: the customer, an approval, or a moment (snoozed)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases.clocks import refresh_resolution
from responder.cases.refused import Refused
from storage.case import Case, Waiting
from storage.event import append_event

WAITS = ("customer", "approval", "snoozed")


def wait(
    session: Session,
    case: Case,
    what: str,
    *,
    actor: str,
    at: datetime,
    settings: Settings,
    until: datetime | None = None,
) -> Waiting | Refused:
    """The case waits from now on. Waiting for the customer stops the clock of the resolution (see `clocks.py`)."""
    if what not in WAITS:
        raise ValueError(f"{what!r} is nothing to wait for: use one of {', '.join(WAITS)}")
    if case.state == "closed":
        return Refused("closed", f"{case.ref} is closed: a closed case waits for nothing")
    if until is None and what == "snoozed":
        return Refused("needs_until", "say until when the case is snoozed")
    if until is not None and until <= at:
        return Refused("past", f"{until.isoformat()} has passed: say a moment to come")
    running = _running(session, case, what)
    if running:
        return Refused("already", f"{case.ref} waits for that already")
    row = Waiting(case_id=case.id, what=what, since=at, until=until)
    session.add(row)
    session.flush()
    data = {"what": what, "until": until.isoformat() if until else None}
    append_event(session, case.id, "waiting", actor=actor, at=at, data=data)
    if what == "customer":
        refresh_resolution(session, case, settings)
    return row


def stop_waiting(
    session: Session,
    case: Case,
    *,
    actor: str,
    at: datetime,
    settings: Settings | None = None,
    what: str | None = None,
) -> list[Waiting]:
    """Ends what the case waits for (all of it, or one thing). Without `settings` the clock is left as it is."""
    ended = _running(session, case, what)
    for row in ended:
        row.ended_at = at
        append_event(session, case.id, "waited", actor=actor, at=at, data={"what": row.what})
    if settings is not None and any(row.what == "customer" for row in ended):
        refresh_resolution(session, case, settings)
    return ended


def wake_up(session: Session, at: datetime, settings: Settings) -> list[int]:
    """Ends the waits whose moment has come. Returns the ids of their cases."""
    woken = set(session.scalars(select(Waiting.case_id).where(Waiting.ended_at.is_(None), Waiting.until <= at)))
    for case in session.scalars(select(Case).where(Case.id.in_(woken)).order_by(Case.id)):
        for row in _running(session, case, None):
            if row.until is not None and row.until <= at:
                stop_waiting(session, case, actor="system", at=at, settings=settings, what=row.what)
    return sorted(woken)


def _running(session: Session, case: Case, what: str | None) -> list[Waiting]:
    query = select(Waiting).where(Waiting.case_id == case.id, Waiting.ended_at.is_(None)).order_by(Waiting.id)
    return list(session.scalars(query if what is None else query.where(Waiting.what == what)))
