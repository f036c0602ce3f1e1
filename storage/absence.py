"""Absences: who decides while somebody is away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class Absence(Row):
    """One person is away from `since` until `until`; meanwhile `delegate` decides with that person's authority."""

    __tablename__ = "absence"
    __table_args__ = (Index(None, "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str]
    delegate: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    made_by: Mapped[str]


def stands_in_for(session: Session, delegate: str, at: datetime) -> list[str]:
    """The people for whom `delegate` decides at this moment."""
    return list(
        session.scalars(
            select(Absence.person)
            .where(Absence.delegate == delegate, Absence.since <= at, Absence.until > at)
            .order_by(Absence.id)
        )
    )


def absent(session: Session, at: datetime) -> set[str]:
    """The people who are away at this moment."""
    return set(session.scalars(select(Absence.person).where(Absence.since <= at, Absence.until > at)))
