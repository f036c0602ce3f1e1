"""Asking somebody else to approve a reply before it goes out: who asked, until when, who may answer.

The question is an event, so that it needs no row of its own: it is open until the reply is approved, the question is
taken back or its time has passed. Whoever asked does not approve; for who stands in see responder.answering.authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from config.settings import Settings
from responder.answering.authority import approver_for, role_of
from responder.cases.refused import Refused
from responder.cases.waits import stop_waiting, wait
from storage.absence import absent, stands_in_for
from storage.case import Case
from storage.event import Event, append_event
from storage.note import Note, write_note
from storage.offer import Offer, offers_of

_KINDS = ("approval_asked", "approval_declined", "approved", "posted")


@dataclass(frozen=True, slots=True)
class Question:
    """An open question for approval of a reply. `note`: the id of the note with the words, if any were written."""

    asked_by: str
    asked_at: datetime
    until: datetime
    note: int | None


_LAST = (
    select(Event)
    .where(Event.case_id == bindparam("case"), Event.kind.in_(_KINDS))
    .order_by(Event.number.desc())
    .limit(1)
)


def open_question(session: Session, case: Case, at: datetime) -> Question | None:
    """The question that waits for an answer now."""
    question = last_question(session, case)
    return question if question is not None and at < question.until else None


def last_question(session: Session, case: Case) -> Question | None:
    """The question that nobody answered, though its time may have passed."""
    last = session.scalar(_LAST, {"case": case.id})
    if last is None or last.kind != "approval_asked":
        return None
    return Question(last.actor, last.at, datetime.fromisoformat(last.data["until"]), last.data.get("note"))


def ask_approval(
    session: Session, case: Case, question: str, *, actor: str, at: datetime, settings: Settings
) -> Question | Refused:
    """Asks for approval of the newest draft; the case waits. Refused where nobody else could give it."""
    if case.state in ("resolved", "following_up", "closed"):
        return Refused("wrong_state", f"{case.ref} is {case.state}: there is nothing to approve")
    if open_question(session, case, at) is not None:
        return Refused("already", f"{case.ref} waits for an approval already")
    if not repliers(session, actor, at, settings):
        return Refused("no_approver", "nobody else here approves replies: see approves under roles in kintsugi.yaml")
    until = at + settings.offers.approval_expires
    note = write_note(session, case.id, question, actor=actor, at=at) if question.strip() else None
    data = {"until": until.isoformat(), "note": note.id if note else None}
    append_event(session, case.id, "approval_asked", actor=actor, at=at, data=data)
    wait(session, case, "approval", actor=actor, at=at, settings=settings, until=until)
    return Question(actor, at, until, note.id if note else None)


def decline(
    session: Session, case: Case, reason: str, *, actor: str, at: datetime, settings: Settings
) -> Note | Refused:
    """Sends the reply back with the reason; whoever asked takes the question back the same way."""
    question = open_question(session, case, at)
    if question is None:
        return Refused("nothing", f"{case.ref} waits for no approval of a reply")
    if actor != question.asked_by and not _approves(session, actor, question.asked_by, at, settings):
        return Refused("no_approver", "only somebody who approves sends a reply back")
    if not reason.strip():
        return Refused("needs_reason", "say what should be different")
    note = write_note(session, case.id, reason, kind="reason", actor=actor, at=at)
    append_event(session, case.id, "approval_declined", actor=actor, at=at, data={"note": note.id})
    end_wait(session, case, actor=actor, at=at)
    return note


def may_approve(session: Session, case: Case, actor: str, at: datetime, settings: Settings) -> Refused | None:
    """Whether an open question stands against this person's approval."""
    question = open_question(session, case, at)
    if question is None:
        return None
    if actor == question.asked_by:
        return Refused("self_approval", "you asked for approval yourself: somebody else approves it, or take it back")
    if not _approves(session, actor, question.asked_by, at, settings):
        return Refused("no_approver", "an approval was asked for, and your role does not give it")
    return None


def end_wait(session: Session, case: Case, *, actor: str, at: datetime) -> None:
    """The case waits for no approval any more, unless an offer does."""
    session.flush()
    if open_question(session, case, at) is None and not any(
        one.state == "asked" for one in offers_of(session, case.id)
    ):
        stop_waiting(session, case, actor=actor, at=at, what="approval")


def repliers(session: Session, asked_by: str, at: datetime, settings: Settings) -> list[str]:
    """Who may approve what this person wrote, whoever is there; the nearest rank first."""
    away = absent(session, at)
    found = [
        person
        for person in settings.people
        if person != asked_by and person not in away and _approves(session, person, asked_by, at, settings)
    ]
    return sorted(found, key=lambda person: _nearness(person, asked_by, settings))


def deciders(session: Session, case: Case, offer: Offer, at: datetime, settings: Settings) -> list[str]:
    """Who may approve this offer and is there; the same team and the least authority that suffices first."""
    away = absent(session, at)
    found = [
        person
        for person in settings.people
        if person not in away and isinstance(approver_for(session, case, offer, person, at, settings), str)
    ]
    return sorted(found, key=lambda person: _nearness(person, offer.made_by, settings))


def _nearness(person: str, asked_by: str, settings: Settings) -> tuple[bool, float]:
    role, asker = role_of(person, settings), settings.people.get(asked_by)
    other_team = asker is None or settings.people[person].team != asker.team
    return other_team, float(role.authority.amount) if role else 0.0


def _approves(session: Session, person: str, asked_by: str, at: datetime, settings: Settings) -> bool:
    for one in [person, *stands_in_for(session, person, at)]:
        role = role_of(one, settings)
        if one != asked_by and role is not None and role.approves:
            return True
    return False
