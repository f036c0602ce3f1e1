"""What comes round again: the next moment of each periodic task, as rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class Due(Row):
    """The next moment of one periodic task (report:weekly, root)."""

    __tablename__ = "due"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def came_round(
    session: Session, name: str, at: datetime, next_after: Callable[[datetime], datetime]
) -> datetime | None:
    """The moment for which the task is due now, and the row moved on; None when it is not due.

    The first call only sets the row. Moments that passed while nothing ran are caught up in one go: the latest of
    them is returned.
    """
    row = session.get(Due, name)
    if row is None:
        session.add(Due(name=name, at=next_after(at)))
        return None
    if row.at > at:
        return None
    moment = row.at
    while (later := next_after(moment)) <= at:
        moment = later
    row.at = next_after(moment)
    return moment
