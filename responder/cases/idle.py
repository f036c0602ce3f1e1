"""A case that somebody took and left alone is free again: silence after a claim must not look like work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases.business_time import due_at
from responder.cases.transitions import SYSTEM, Moved, move
from storage.case import Case, Waiting
from storage.event import Event


def release_idle(session: Session, at: datetime, settings: Settings) -> list[tuple[Case, str]]:
    """Moves acknowledged cases back to `new` whose last event by a person is `clocks.unacknowledge_after` old.

    The time is business time of the case's team. A case that waits (for the customer, an approval, snoozed) is not
    idle. Returns each case with the person id of who had it.
    """
    after = settings.clocks.unacknowledge_after
    if after is None:
        return []
    waits = exists().where(Waiting.case_id == Case.id, Waiting.ended_at.is_(None))
    query = (
        select(Case, func.max(Event.at))
        .join(Event, Event.case_id == Case.id)
        .where(Case.state == "acknowledged", Event.actor != SYSTEM, ~waits)
        .group_by(Case.id)
        .having(func.max(Event.at) <= at - after)
        .order_by(Case.id)
    )
    released = []
    for case, last in session.execute(query).all():
        owner = case.owner or ""
        if due_at(last, after, settings.hours_of(case.team), settings.brand.zone) > at:
            continue
        if isinstance(move(session, case, "release", actor=SYSTEM, at=at, settings=settings), Moved):
            released.append((case, owner))
    return released
