"""Spikes: incidents that were opened because a series rose, each told once and kept up to date in place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class Spike(Row):
    """One incident: what rose, by how much, since when, about what and where."""

    __tablename__ = "spike"
    __table_args__ = (Index(None, "ended_at", "opened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]  # volume, or negative_share
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what nearly all of its mentions have in common
    series: Mapped[list[Any]] = mapped_column(default=list)  # keys of the series that rose; the first one opened it
    score: Mapped[float]
    since: Mapped[datetime]  # start of the first interval that was too much
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    mentions: Mapped[int] = mapped_column(default=0)  # since `since`
    negative: Mapped[int] = mapped_column(default=0)
    expected: Mapped[float] = mapped_column(default=0.0)  # mentions that were to be expected meanwhile
    peak: Mapped[int] = mapped_column(default=0)  # most mentions of one interval
    topics: Mapped[list[Any]] = mapped_column(default=list)  # [[topic, mentions], …], most first
    places: Mapped[list[Any]] = mapped_column(default=list)
    typical: Mapped[list[Any]] = mapped_column(default=list)  # ids of mentions
    spread: Mapped[list[Any]] = mapped_column(default=list)  # ids of the mentions that reached most
    bot_like: Mapped[str | None]  # why it looks made by machines: same_text, new_accounts; None: it does not
    receivers: Mapped[list[Any]] = mapped_column(default=list)
    told: Mapped[int] = mapped_column(default=0)  # how many times its message changed
    shown: Mapped[str] = mapped_column(default="")  # digest of what the message shows

    @property
    def name(self) -> str:
        """How logs and inhibition call it."""
        return f"spike:{self.id}"


def open_spikes(session: Session) -> list[Spike]:
    """The incidents that go on now, oldest first."""
    return list(session.scalars(select(Spike).where(Spike.ended_at.is_(None)).order_by(Spike.id)))


def spikes_since(session: Session, since: datetime) -> list[Spike]:
    """The incidents opened at or after this moment, oldest first."""
    return list(session.scalars(select(Spike).where(Spike.opened_at >= since).order_by(Spike.id)))
