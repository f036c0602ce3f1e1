"""Assessed mentions by hour and sentiment, kept beside the listing: figures of a year read no mention.

Rows are changes, and their sum is what the listing holds, in every transaction: whoever lists mentions anew takes them
out of their old hour and puts them into the new one. Rows are only added, so that no writer waits for another; once a
day those of one hour become one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import cast

from sqlalchemy import Index, Table, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.bulk import insert_rows
from storage.schema import Row

BATCH = 500  # hours at once


class Tally(Row):
    """How many more mentions of this sentiment an hour (whole ones since 1970) has than before."""

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_hours", "sentiment", "hour", "change"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[int]
    sentiment: Mapped[str]
    change: Mapped[int]


Hours = Iterable[tuple[int, str | None]]  # of mentions: hour and sentiment; without a sentiment they are not counted


def tally(session: Session, before: Hours, now: Hours) -> None:
    """Mentions that were listed as `before` are listed as `now`."""
    changes = Counter(now)
    changes.subtract(before)
    _add(session, changes)


def settle_tallies(session: Session) -> None:
    """One row an hour and sentiment where there were several. What others add meanwhile stays as it is."""
    crowded = select(Tally.hour).group_by(Tally.hour, Tally.sentiment).having(func.count() > 1)
    hours = sorted(set(session.scalars(crowded)))
    for start in range(0, len(hours), BATCH):
        taken = delete(Tally).where(Tally.hour.in_(hours[start : start + BATCH]))
        sums: Counter[tuple[int, str | None]] = Counter()
        for hour, sentiment, change in session.execute(taken.returning(Tally.hour, Tally.sentiment, Tally.change)):
            sums[hour, sentiment] += change
        _add(session, sums)


def _add(session: Session, changes: Counter[tuple[int, str | None]]) -> None:
    rows = [
        {"hour": hour, "sentiment": sentiment, "change": change}
        for (hour, sentiment), change in changes.items()
        if change and sentiment is not None
    ]
    insert_rows(session, cast(Table, Tally.__table__), rows)
