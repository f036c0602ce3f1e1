"""Mentions by filters, the newest first. A page begins where the last one ended, however long the list is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from kintsugi.web.moments import day_of, zone_for
from kintsugi.web.queries.choices import values_of
from kintsugi.web.queries.filters import NOWHERE, SOMEWHERE, Filters
from reports.behind import behind
from storage.case import Case
from storage.listing import Listing
from storage.mention import Mention, Revision
from storage.search import search_mentions
from storage.source import Source

_Indexed = tuple[InstrumentedAttribute[Any], Sequence[object]]

SHOWN = 50
FEW = 5000  # hits of a search
MANY = 20_000  # mentions with one value, beyond which nobody counts on


@dataclass(frozen=True, slots=True)
class Found:
    """One mention as the list shows it. `text` and `title` are raw."""

    id: int
    at: datetime
    source: str
    title: str | None
    text: str
    rating: float | None
    sentiment: str | None
    severity: str | None
    topics_text: str
    location: str | None
    language: str | None
    url: str | None
    gone: bool
    case_id: int | None
    case_state: str | None

    @property
    def topics(self) -> list[str]:
        """Their names, the strongest first."""
        return [topic for topic in self.topics_text.split(",") if topic]


def mentions(
    session: Session, filters: Filters, zone: ZoneInfo, at: datetime, after: str = ""
) -> tuple[list[Found], str]:
    """One page of mentions, and where the next one begins ("" at the end)."""
    conditions = conditions_of(session, filters, zone, at)
    place = _cursor(after)
    if place is not None:
        conditions.append(tuple_(Listing.at, Listing.mention_id) < tuple_(*place))
    ids = (
        select(Listing.mention_id)
        .where(*conditions)
        .order_by(Listing.at.desc(), Listing.mention_id.desc())
        .limit(SHOWN + 1)
    )
    chosen = list(session.scalars(ids))
    found = read_mentions(session, chosen[:SHOWN])
    more = len(chosen) > SHOWN and found
    return found, f"{found[-1].at.isoformat()},{found[-1].id}" if more else ""


def conditions_of(session: Session, filters: Filters, zone: ZoneInfo, at: datetime) -> list[ColumnElement[bool]]:
    """The filters as conditions on the listing. `at` is now, for figures about what is open or overdue."""
    indexed = _indexed(session, filters)
    if filters.q:  # the words may be rarer than any of them
        found = [condition for one in indexed for condition in _rarest_first(session, [one])]
    else:
        found = _rarest_first(session, indexed)
    if filters.kind:
        found.append(Listing.kind == filters.kind)
    if filters.version:
        found.append(Listing.product_version == filters.version)
    if filters.about:
        found.append(_strongest(filters.about.split(",")))
    if filters.cause:
        of_cause = Case.cause.startswith(f"{filters.cause}:", autoescape=True) | (Case.cause == filters.cause)
        found.append(Listing.mention_id.in_(select(Case.mention_id).where(of_cause)))
    if filters.place == NOWHERE:
        found.append(Listing.location.is_(None))
    if filters.place == SOMEWHERE:
        found.append(Listing.location.is_not(None))
    zone = zone_for(filters.zone, zone)
    since, until = _day(filters.since, zone), _day(filters.until, zone)
    end = until + timedelta(days=1) if until is not None else None
    if filters.cases:
        found.append(behind(session, filters.cases, since, end, at))
    else:
        found += [Listing.at >= since] if since is not None else []
        found += [Listing.at < end] if end is not None else []
    if filters.q:
        found.append(_saying(session, filters.q))
    return found


def _indexed(session: Session, filters: Filters) -> list[_Indexed]:
    """The filters by columns that have an index of their own, with their values."""
    found: list[_Indexed] = [
        (column, [value])
        for column, value in (
            (Listing.sentiment, filters.sentiment),
            (Listing.severity, filters.severity),
            (Listing.language, filters.language),
        )
        if value
    ]
    if filters.place and filters.place not in (NOWHERE, SOMEWHERE):
        found.append((Listing.location, [filters.place]))
    if filters.source:
        found.append((Listing.source_id, [session.scalar(select(Source.id).where(Source.key == filters.source)) or 0]))
    if filters.stars.isdecimal():
        found.append((Listing.stars, [int(filters.stars[:2])]))
    if filters.topic:
        found.append((Listing.topics, _sets_with(session, filters.topic)))
    return found


def _sets_with(session: Session, topic: str) -> list[str]:
    """The sets of topics with this one: a few hundred, found by jumps, however many mentions there are."""
    sets = values_of(Listing.topics)
    return list(session.scalars(select(sets.c.value).where(sets.c.value.contains(f",{topic},", autoescape=True))))


def _rarest_first(session: Session, indexed: Sequence[_Indexed]) -> list[ColumnElement[bool]]:
    """The list is walked by the index of the rarest value; SQLite, which knows no frequencies, would take any.

    `coalesce` hides the indexes of the others. Where all are frequent the database may choose, but between single
    values only: what several values find it would read whole to sort it.
    """
    counts = []
    for column, values in indexed:
        there = select(Listing.mention_id).where(_holds(column, values)).limit(MANY).subquery()
        counts.append(session.scalar(select(func.count()).select_from(there)) or 0)
    rarest = counts.index(min(counts)) if min(counts, default=MANY) < MANY else None
    return [
        _holds(column, values)
        if number == rarest or (rarest is None and len(values) == 1)
        else _holds(func.coalesce(column, column), values)
        for number, (column, values) in enumerate(indexed)
    ]


def _holds(column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Sequence[object]) -> ColumnElement[bool]:
    return column == values[0] if len(values) == 1 else column.in_(values)


def _saying(session: Session, words: str) -> ColumnElement[bool]:
    """Few hits are looked up one by one. Where they are many, the list is walked from its end until a page is full.

    The sum keeps the database from the former: it hides that the hits are keys.
    """
    hits = search_mentions(session, words)
    counted = session.scalar(select(func.count()).select_from(hits.limit(FEW + 1).subquery())) or 0
    return Listing.mention_id.in_(hits) if counted <= FEW else (Listing.mention_id + 0).in_(hits)


def _strongest(topics: Sequence[str]) -> ColumnElement[bool]:
    """As figures count: a mention without a topic is one of `other`."""
    named = Listing.topic.in_(topics)
    return named | Listing.topic.is_(None) if "other" in topics else named


def read_mentions(session: Session, ids: list[int]) -> list[Found]:
    """These mentions as lists show them, the newest first."""
    rows = session.execute(
        select(
            Listing.mention_id.label("id"),
            Listing.at,
            Source.key.label("source"),
            Revision.title,
            Revision.text,
            Revision.rating,
            Listing.sentiment,
            Listing.severity,
            Listing.topics.label("topics_text"),
            Listing.location,
            Listing.language,
            Mention.url,
            Listing.gone,
            Case.id.label("case_id"),
            Case.state.label("case_state"),
        )
        .join(Mention, Mention.id == Listing.mention_id)
        .join(Revision, Revision.id == Listing.revision_id)
        .join(Source, Source.id == Listing.source_id)
        .outerjoin(Case, Case.mention_id == Listing.mention_id)
        .where(Listing.mention_id.in_(ids))
        .order_by(Listing.at.desc(), Listing.mention_id.desc())
    )
    return [Found(**row._mapping) for row in rows]


def _day(text: str, zone: ZoneInfo) -> datetime | None:
    day = day_of(text)
    return datetime.combine(day, time(), zone) if day is not None else None


def _cursor(after: str) -> tuple[datetime, int] | None:
    moment, _, number = after.partition(",")
    try:
        at = datetime.fromisoformat(moment)
        return (at, int(number)) if at.tzinfo is not None and len(number) < 19 else None
    except ValueError:
        return None
