"""Follow-ups: after a resolution the case is looked at again, asked about, and closed when its outcome is known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from responder.cases.clocks import meet_clock
from responder.cases.refused import Refused
from responder.cases.transitions import AFTER_RESOLVED, SYSTEM, move
from storage.case import Case
from storage.event import append_event
from storage.follow_up import FollowUp, follow_ups_of
from storage.mention import latest_revision
from storage.note import write_note

BY_PEOPLE = ("lead", "thanks")  # the kinds that people do; the rest is the service's


def due(session: Session, at: datetime) -> list[FollowUp]:
    """What is due and not done, the earliest first. `look` is the service's (see `run_due`); the rest is for people."""
    return list(
        session.scalars(
            select(FollowUp)
            .where(FollowUp.done_at.is_(None), FollowUp.cancelled_at.is_(None), FollowUp.due_at <= at)
            .order_by(FollowUp.due_at, FollowUp.id)
        )
    )


def to_call(session: Session, at: datetime) -> list[FollowUp]:
    """What is due and for people, and nobody was called for yet."""
    return list(
        session.scalars(
            select(FollowUp)
            .where(
                FollowUp.kind.in_(BY_PEOPLE),
                FollowUp.called_at.is_(None),
                FollowUp.done_at.is_(None),
                FollowUp.cancelled_at.is_(None),
                FollowUp.due_at <= at,
            )
            .order_by(FollowUp.due_at, FollowUp.id)
        )
    )


def finish(session: Session, follow_up: FollowUp, *, actor: str, at: datetime, said: str = "") -> FollowUp | Refused:
    """A person asked the customer, or thanked them, perhaps in these words: the clock of the follow-up stops, and the
    case closes where nothing else is owed. Twice is the same as once.
    """
    if follow_up.cancelled_at is not None:
        return Refused("cancelled", "this follow-up was cancelled when the case was re-opened or closed")
    if follow_up.done_at is not None:
        return follow_up
    case = session.get_one(Case, follow_up.case_id)
    _done(session, case, follow_up, actor, at, said)
    meet_clock(session, case, "follow_up", at)
    close_finished(session, at, case)
    return follow_up


def run_due(session: Session, at: datetime) -> list[int]:
    """For the tick: looks where a look is due, and closes what is finished. Returns the ids of changed cases.

    What the review says now is found by the crawler, and what it means by responder.outcome.outcomes.
    """
    changed = set()
    for follow_up in due(session, at):
        if follow_up.kind == "look":
            _done(session, session.get_one(Case, follow_up.case_id), follow_up, SYSTEM, at)
            changed.add(follow_up.case_id)
    return sorted(changed | set(close_finished(session, at)))


def close_finished(session: Session, at: datetime, only: Case | None = None) -> list[int]:
    """Closes cases whose follow-ups are all done and whose outcome is known. Returns their ids."""
    query = select(Case).where(
        Case.state.in_(("resolved", "following_up")),
        Case.outcome.is_not(None),
        ~select(FollowUp.id)
        .where(FollowUp.case_id == Case.id, FollowUp.done_at.is_(None), FollowUp.cancelled_at.is_(None))
        .exists(),
    )
    closed = []
    for case in session.scalars(query if only is None else query.where(Case.id == only.id)):
        move(session, case, "close", actor=SYSTEM, at=at)
        closed.append(case.id)
    return closed


def finish_next(
    session: Session, case: Case, kind: str, *, actor: str, at: datetime, said: str = ""
) -> FollowUp | Refused:
    """The same for what is owed of a kind (see BY_PEOPLE); refused where nothing of it is owed."""
    rows = [row for row in follow_ups_of(session, case.id) if row.kind == kind]
    owed = next((row for row in rows if row.done_at is None), None)
    if owed is not None:
        return finish(session, owed, actor=actor, at=at, said=said)
    if rows and rows[-1].done_by == actor and case.state in AFTER_RESOLVED:
        return rows[-1]  # pressed twice
    return Refused("no_follow_up", f"{case.ref} owes the customer no such follow-up: `kintsugi cases follow-up`")


def _done(session: Session, case: Case, follow_up: FollowUp, actor: str, at: datetime, said: str = "") -> None:
    follow_up.done_at, follow_up.done_by = at, actor
    data: dict[str, str | float | int | bool | None] = {
        "kind": follow_up.kind,
        "due_at": follow_up.due_at.isoformat(),
        "rating": latest_revision(session, case.mention_id).rating,
        "gone": case.mention.gone_at is not None,
    }
    if said.strip():
        data["note"] = write_note(session, case.id, said, actor=actor, at=at).id
    append_event(session, case.id, "followed_up", actor=actor, at=at, data=data)
    move(session, case, "follow_up", actor=actor, at=at)
