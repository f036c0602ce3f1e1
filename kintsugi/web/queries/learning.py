"""What can be learnt from many mentions: topics by place, by time, and causes, always as counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from reports.control import Sample
from storage.case import Case
from storage.listing import Listing

MOST_PLACES, MOST_TOPICS = 12, 17
STEPS = 4  # shades of a heat map


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of negative mentions, the count of the period before, and its shade from 0 (none) to 4 (the most)."""

    count: int
    before: int
    shade: int


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat map: names of rows and columns, and its cells by (row, column)."""

    rows: list[str]
    columns: list[str]
    cells: dict[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True)
class CauseCount:
    """One cause: how many cases ended with it, and the share of it and of all before it."""

    cause: str
    count: int
    cumulative: float


def topics_by_place(session: Session, since: datetime, until: datetime) -> Heat:
    """Negative mentions by topic and place, against the period of the same length before. "" is no place."""
    now, before = _topics(session, since, until), _topics(session, since - (until - since), since)
    topics = [name for name, _ in _sums(now, 0).most_common(MOST_TOPICS)]
    places = [name for name, _ in _sums(now, 1).most_common(MOST_PLACES)]
    most = max((now[topic, place] for topic in topics for place in places), default=0)
    cells = {
        (topic, place): Cell(now[topic, place], before[topic, place], _shade(now[topic, place], most))
        for topic in topics
        for place in places
    }
    return Heat(topics, places, cells)


def hours_by_weekday(session: Session, since: datetime, until: datetime, zone: ZoneInfo) -> Heat:
    """Negative mentions by weekday ("0" is Monday) and hour of the day, in this zone."""
    counted: Counter[tuple[str, str]] = Counter()
    rows = session.execute(select(Listing.hour, func.count()).where(*_negative(since, until)).group_by(Listing.hour))
    for hour, count in rows:
        local = datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone)
        counted[str(local.weekday()), str(local.hour)] += count
    most = max(counted.values(), default=0)
    days, hours = [str(day) for day in range(7)], [str(hour) for hour in range(24)]
    cells = {
        (day, hour): Cell(counted[day, hour], 0, _shade(counted[day, hour], most)) for day in days for hour in hours
    }
    return Heat(days, hours, cells)


def causes(session: Session, since: datetime, until: datetime) -> list[CauseCount]:
    """The causes of cases opened in a period, the most frequent first (Pareto)."""
    rows = session.execute(
        select(Case.cause, func.count())
        .where(Case.cause.is_not(None), Case.opened_at >= since, Case.opened_at < until)
        .group_by(Case.cause)
        .order_by(func.count().desc(), Case.cause)
    ).all()
    whole, so_far, found = sum(count for _, count in rows), 0, []
    for cause, count in rows:
        so_far += count
        found.append(CauseCount(str(cause), count, so_far / whole))
    return found


def negative_share(session: Session, since: datetime, until: datetime, zone: ZoneInfo, step: int) -> list[Sample]:
    """Negative among assessed mentions for every `step` days: the samples of a p chart."""
    rows = session.execute(
        select(Listing.hour, func.count(), func.sum(case((Listing.sentiment == "negative", 1), else_=0)))
        .where(Listing.hour >= _hour(since), Listing.hour < _hour(until), Listing.sentiment.is_not(None))
        .group_by(Listing.hour)
    )
    start = since.astimezone(zone).date()
    sizes: Counter[int] = Counter()
    bad: Counter[int] = Counter()
    for hour, count, negative in rows:
        day = datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone).date()
        sizes[(day - start).days // step] += count
        bad[(day - start).days // step] += int(negative)
    return [
        Sample(f"{start + timedelta(days=number * step):%m/%d}", bad[number], sizes[number])
        for number in range(max(sizes, default=-1) + 1)
    ]


def _topics(session: Session, since: datetime, until: datetime) -> Counter[tuple[str, str]]:
    rows = session.execute(
        select(Listing.topic, Listing.location, func.count())
        .where(*_negative(since, until), Listing.topic.is_not(None))
        .group_by(Listing.topic, Listing.location)
    )
    return Counter({(str(topic), place or ""): count for topic, place, count in rows})


def _negative(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whole hours: the index that holds them needs no look at a row."""
    return (Listing.hour >= _hour(since), Listing.hour < _hour(until), Listing.sentiment == "negative")


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def _sums(counted: Counter[tuple[str, str]], place: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for names, count in counted.items():
        found[names[place]] += count
    return found


def _shade(count: int, most: int) -> int:
    return 0 if not count else max(1, -(-count * STEPS // most))
