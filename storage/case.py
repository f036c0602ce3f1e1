"""Cases: one recovery each, with its clocks and what it waits for."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.author import Author
from storage.mention import Mention
from storage.schema import Row

STATES = ("new", "acknowledged", "investigating", "answering", "resolved", "following_up", "closed")
OPEN_STATES = STATES[:-1]
CLOCKS = ("acknowledge", "first_response", "resolution", "follow_up")
_MERGED = text("merged_into IS NOT NULL")


class Case(Row):
    """One recovery: an author's failure, its owner, its state. Only responder.cases.transitions changes `state`."""

    __tablename__ = "case"
    __table_args__ = (
        Index(None, "state", "opened_at"),
        Index("ix_case_opened_at", "opened_at"),
        # Nearly all cases are merged into none: whoever asks for those would walk an index that holds them.
        Index("ix_case_merged_into", "merged_into", sqlite_where=_MERGED, postgresql_where=_MERGED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), unique=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"), index=True)
    state: Mapped[str] = mapped_column(default="new")
    severity: Mapped[str]
    criteria: Mapped[str]  # the line of recover_when that matched, in words
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what routes saw when it opened
    author_history: Mapped[int] = mapped_column(default=0)  # earlier cases of the same author
    playbook: Mapped[str | None]
    strategy: Mapped[str | None]
    strategy_why: Mapped[str | None]
    team: Mapped[str | None]
    owner: Mapped[str | None]  # person id
    cause: Mapped[str | None]
    done: Mapped[str | None]  # what was done for the customer, in the owner's words
    outcome: Mapped[str | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    # Salt of digests that events keep of `done`; erased with the author.
    salt: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(8))
    opened_at: Mapped[datetime]
    state_at: Mapped[datetime]

    mention: Mapped[Mention] = relationship()
    author: Mapped[Author | None] = relationship()

    @property
    def ref(self) -> str:
        """The name that people say: K-42."""
        return f"K-{self.id}"


class CaseClock(Row):
    """One running or finished clock of a case. `due_at` is already in business time."""

    __tablename__ = "case_clock"
    __table_args__ = (UniqueConstraint("case_id", "name"), Index(None, "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    name: Mapped[str]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]  # when it was noticed that the due time passed unmet


class Waiting(Row):
    """What a case waits for, beside its state: the customer, an approval, or until a moment (snoozed)."""

    __tablename__ = "waiting"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    what: Mapped[str]  # customer, approval, snoozed
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


def waiting_for(session: Session, case_id: int) -> Waiting | None:
    """What the case waits for now, if anything."""
    return session.scalar(
        select(Waiting)
        .where(Waiting.case_id == case_id, Waiting.ended_at.is_(None))
        .order_by(Waiting.id.desc())
        .limit(1)
    )


def lock_case(session: Session, case: Case) -> None:
    """Waits until no other transaction works on this case, and reads it anew. On SQLite a writer is alone anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.refresh(case, with_for_update={"key_share": True})


def case_id_of(ref: str) -> int:
    """Reads `K-42` or `42`. Anything else raises ValueError with what to do."""
    digits = ref.strip().upper().removeprefix("K-")
    if not digits.isdecimal():
        raise ValueError(f"{ref!r} is no case: write it like K-42 (kintsugi cases list shows them)")
    return int(digits)


_OF_MENTION = select(Case).where(Case.mention_id == bindparam("mention"))
_CLOCKS = select(CaseClock).where(CaseClock.case_id == bindparam("case")).order_by(CaseClock.due_at)


def case_of_mention(session: Session, mention_id: int) -> Case | None:
    """The case that this mention opened, if it did."""
    return session.scalar(_OF_MENTION, {"mention": mention_id})


def clocks_of(session: Session, case_id: int) -> list[CaseClock]:
    """The clocks of a case in the order in which they are due."""
    return list(session.scalars(_CLOCKS, {"case": case_id}))
