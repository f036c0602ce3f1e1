"""Silences: what nobody is told for a while, decided by a person with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class Silence(Row):
    """Alerts whose labels satisfy all matchers are not told between `starts_at` and `ends_at`.

    With `weekly`, only within those times of the week (a time interval as routes have them).
    """

    __tablename__ = "silence"

    id: Mapped[int] = mapped_column(primary_key=True)
    matchers: Mapped[list[Any]] = mapped_column(default=list)  # in Alertmanager's syntax
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    weekly: Mapped[dict[str, Any] | None]
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]  # when its maker was told that it ends soon


def silences_at(session: Session, at: datetime) -> list[Silence]:
    """Silences that have begun and not ended, the weekly ones whatever the hour."""
    query = select(Silence).where(Silence.starts_at <= at, Silence.ends_at > at).order_by(Silence.id)
    return list(session.scalars(query))


def open_silences(session: Session, at: datetime) -> list[Silence]:
    """Silences that have not ended, those of the future included."""
    return list(session.scalars(select(Silence).where(Silence.ends_at > at).order_by(Silence.starts_at, Silence.id)))
