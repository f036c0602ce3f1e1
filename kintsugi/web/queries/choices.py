"""What there is to choose from where mentions are looked for. Jumps through the indexes: no row is counted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CTE, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.listing import Listing
from storage.source import Source

MOST_CHOICES = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is."""

    sources: list[str]
    places: list[str]
    languages: list[str]


def choices(session: Session) -> Choices:
    """The sources, places and languages that there are."""
    return Choices(
        sources=list(session.scalars(select(Source.key).order_by(Source.key))),
        places=_values(session, Listing.location),
        languages=_values(session, Listing.language),
    )


def values_of(column: InstrumentedAttribute[str | None]) -> CTE:
    """The values of an indexed column in their order (`value`), each found by one jump beyond the last.

    The last row is null: leave it out.
    """
    found = select(func.min(column).label("value")).cte(f"{column.key}s", recursive=True)
    following = select(func.min(column)).where(column > found.c.value).correlate(found).scalar_subquery()
    return found.union_all(select(following).where(found.c.value.is_not(None)))


def _values(session: Session, column: InstrumentedAttribute[str | None]) -> list[str]:
    found = values_of(column)
    return list(session.scalars(select(found.c.value).where(found.c.value.is_not(None)).limit(MOST_CHOICES)))
