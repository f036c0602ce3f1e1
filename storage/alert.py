"""Alerts: what a receiver must know now, and the living message that shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class Alert(Row):
    """Fires while its case is new; acknowledging ends its repeats; resolving or closing the case resolves it."""

    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    state: Mapped[str] = mapped_column(default="firing", index=True)  # firing, acknowledged, silenced, resolved
    receivers: Mapped[list[Any]] = mapped_column(default=list)  # names, in the order of the route tree
    path: Mapped[list[Any]] = mapped_column(default=list)  # the way through the route tree, in words
    fired_at: Mapped[datetime]
    state_at: Mapped[datetime]


class Message(Row):
    """The one living message of a case at a receiver. `address` is the receiver's own (Slack: channel, ts)."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("case_id", "receiver"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    receiver: Mapped[str]
    address: Mapped[dict[str, Any]] = mapped_column(default=dict)
    shown: Mapped[str]  # digest of the content last shown: an equal one needs no edit
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


def alert_of(session: Session, case_id: int) -> Alert | None:
    """The alert of a case, if one was made."""
    return session.scalar(select(Alert).where(Alert.case_id == case_id))


def messages_of(session: Session, case_id: int) -> list[Message]:
    """The living messages of a case, one a receiver."""
    return list(session.scalars(select(Message).where(Message.case_id == case_id).order_by(Message.id)))
