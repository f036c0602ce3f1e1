"""Drafts and replies: the text proposed, and the text published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row

_LIVE = "posted_at IS NOT NULL AND withdrawn_at IS NULL"
_APPROVED = "posted_at IS NULL AND withdrawn_at IS NULL"


class Draft(Row):
    """A proposed public reply. A newer draft of the same case supersedes the older ones."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    language: Mapped[str]
    text: Mapped[str]  # empty when a person must write (the findings say why)
    alternatives: Mapped[list[Any]] = mapped_column(default=list)  # [{"tone", "text"}]
    findings: Mapped[list[Any]] = mapped_column(default=list)  # [{"rule", "level", "start", "end", "why"}]
    drafter: Mapped[str]
    # Names of the phrases used: a sentence does not repeat within 50 replies on a source.
    phrases: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime]
    salt: Mapped[str]


class Reply(Row):
    """A reply that a person approved. It is live on the site from `posted_at` until `withdrawn_at`.

    A review shows one reply of its owner, so a case has at most one that waits to be posted and one that is live.
    """

    __tablename__ = "reply"
    __table_args__ = (
        Index("uq_reply_live", "case_id", unique=True, sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)),
        Index(
            "uq_reply_approved", "case_id", unique=True, sqlite_where=text(_APPROVED), postgresql_where=text(_APPROVED)
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    text: Mapped[str]
    channel: Mapped[str]  # manual, or the channel that publishes it
    approved_by: Mapped[str]
    approved_at: Mapped[datetime]
    posted_by: Mapped[str | None]
    posted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]  # replaced by a newer one, or gone from the site
    url: Mapped[str | None]
    salt: Mapped[str]


_LATEST = select(Draft).where(Draft.case_id == bindparam("case")).order_by(Draft.number.desc()).limit(1)
_STANDING = select(Reply).where(Reply.case_id == bindparam("case"), Reply.withdrawn_at.is_(None))
_LIVE_REPLY = _STANDING.where(Reply.posted_at.is_not(None))
_APPROVED_REPLY = _STANDING.where(Reply.posted_at.is_(None))


def latest_draft(session: Session, case_id: int) -> Draft | None:
    """The draft that is proposed now."""
    return session.scalar(_LATEST, {"case": case_id})


def live_reply(session: Session, case_id: int) -> Reply | None:
    """The reply that customers can read now."""
    return session.scalar(_LIVE_REPLY, {"case": case_id})


def approved_reply(session: Session, case_id: int) -> Reply | None:
    """The reply that is approved and not posted yet."""
    return session.scalar(_APPROVED_REPLY, {"case": case_id})
