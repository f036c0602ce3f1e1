"""Notes: what people write down about a case for each other; never shown to the customer."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.event import append_event, text_digest
from storage.schema import Row

# note: anything; staff: how the people who faced it are helped; why: one of the five whys; reason: why a move was made.
NOTE_KINDS = ("note", "staff", "why", "reason")


class Note(Row):
    """One note. Its event holds a salted digest; the text goes when the author of the mention is erased."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str]
    by: Mapped[str]  # person id, or system
    text: Mapped[str]
    salt: Mapped[str]
    at: Mapped[datetime]


def write_note(session: Session, case_id: int, text: str, *, kind: str = "note", actor: str, at: datetime) -> Note:
    """Adds a note and the event that tells it. An unknown kind or an empty text raises ValueError."""
    if kind not in NOTE_KINDS:
        raise ValueError(f"{kind!r} is no kind of note: use one of {', '.join(NOTE_KINDS)}")
    if not text.strip():
        raise ValueError("the note is empty: write at least one word")
    note = Note(case_id=case_id, kind=kind, by=actor, text=text.strip(), salt=secrets.token_hex(8), at=at)
    session.add(note)
    session.flush()
    digest = text_digest(note.text, note.salt)
    append_event(session, case_id, "noted", actor=actor, at=at, data={"note": note.id, "kind": kind, "text": digest})
    return note


_NOTES = select(Note).where(Note.case_id == bindparam("case")).order_by(Note.id)
_OF_A_KIND = _NOTES.where(Note.kind == bindparam("kind"))


def notes_of(session: Session, case_id: int, kind: str | None = None) -> list[Note]:
    """The notes of a case, oldest first; of one kind where `kind` is given."""
    if kind is None:
        return list(session.scalars(_NOTES, {"case": case_id}))
    return list(session.scalars(_OF_A_KIND, {"case": case_id, "kind": kind}))
