"""Series of mention counts: what a detector knows of each, so that a restart loses no baseline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class Series(Row):
    """One series: brand, or a part of it (source kind × topic × location × language)."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # its labels in canonical form
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict)
    volume: Mapped[dict[str, Any]] = mapped_column(default=dict)  # state of its detector
    share: Mapped[dict[str, Any]] = mapped_column(default=dict)  # state of its watch on the negative share
    # The last day, oldest first: [start, mentions, negative ones, expected, upper edge of what is usual].
    recent: Mapped[list[Any]] = mapped_column(default=list)
    counted_until: Mapped[datetime]


def series_by_keys(session: Session, keys: Iterable[str]) -> dict[str, Series]:
    """The known ones of these series."""
    wanted = list(keys)
    found = session.scalars(select(Series).where(Series.key.in_(wanted))) if wanted else ()
    return {series.key: series for series in found}
