"""What can be learnt from many mentions: topics by place, by time, and causes, always as counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, case, func, literal, select, true
from sqlalchemy.orm import Session

from kintsugi.web.queries.choices import values_of
from reports.control import Sample
from storage.listing import Listing
from storage.source import Crawl
from storage.tally import Tally

MOST_PLACES, MOST_TOPICS = 12, 17
LENGTHS = {"7": 1, "30": 1, "90": 7, "365": 7}  # days looked at: days of one point of the control chart
WEEK = 7 * 24  # hours
EPOCH = 3  # the weekday of the first day of 1970
STEPS = 4  # shades of a heat map
MOODS = ("negative", "neutral", "positive")
OTHER = "other"  # what complaints about nothing in particular are counted under


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
class Complaints:
    """Negative mentions by (strongest topic, place) in a period, and in the one of the same length before it.

    "" is no place; one without a topic is one of `other`.
    """

    now: Counter[tuple[str, str]]
    before: Counter[tuple[str, str]]

    def by_topic(self) -> tuple[Counter[str], Counter[str]]:
        """The same by topic alone, then and now: (now, before)."""
        return _sums(self.now, 0), _sums(self.before, 0)


def period_of(at: datetime, zone: ZoneInfo, days: int) -> tuple[datetime, datetime]:
    """Whole days of this zone, today included."""
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight - timedelta(days=days), midnight


def days_asked(since: datetime, until: datetime) -> dict[str, str]:
    """A period as the page Mentions takes it: the same days whatever the zone of whoever opens the link."""
    last = (until - timedelta(days=1)).date()
    return {"since": since.date().isoformat(), "until": last.isoformat(), "zone": str(since.tzinfo)}


def comparable(session: Session, since: datetime, until: datetime) -> bool:
    """Whether the period before was watched whole: else nearly everything would seem to have grown."""
    known = (session.scalar(select(func.min(Listing.at))), session.scalar(select(func.min(Crawl.started_at))))
    return any(first is not None and first <= since - (until - since) for first in known)


def complaints(session: Session, since: datetime, until: datetime) -> Complaints:
    """The counts of both periods. Each cell is counted within the index: over a year a tenth of reading the rows."""
    topics, places = values_of(Listing.topic), values_of(Listing.location)
    earlier = since - (until - since)
    spans = ((since, until), (earlier, since))

    def counts(*cell: ColumnElement[bool]) -> list[ScalarSelect[int]]:
        each = [select(func.count()).where(*_negative(*span), *cell) for span in spans]
        return [one.correlate(topics, places).scalar_subquery() for one in each]

    named, of_topic = topics.c.value.is_not(None), Listing.topic == topics.c.value
    there, nowhere = counts(of_topic, Listing.location == places.c.value), counts(of_topic, Listing.location.is_(None))
    lately = func.sum(case((Listing.hour >= _hour(since), 1), else_=0))
    about_nothing = select(literal(OTHER), Listing.location, lately, func.count() - lately)
    now: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    for query in (
        select(topics.c.value, places.c.value, *there)
        .select_from(topics.join(places, true()))
        .where(named, places.c.value.is_not(None)),
        select(topics.c.value, literal(""), *nowhere).where(named),
        about_nothing.where(*_negative(earlier, until), Listing.topic.is_(None)).group_by(Listing.location),
    ):
        for topic, place, count, earlier_count in session.execute(query):
            now[topic, place or ""] += int(count)
            before[topic, place or ""] += int(earlier_count)
    return Complaints(+now, +before)


def topics_by_place(said: Complaints) -> Heat:
    """Negative mentions by topic and place, against the period before. "" is no place: it makes no other pale."""
    now, before = said.now, said.before
    topics = [name for name, _ in _sums(now, 0).most_common(MOST_TOPICS)]
    places = [name for name, _ in _sums(now, 1).most_common(MOST_PLACES)]
    named = [place for place in places if place] or places
    most = max((now[topic, place] for topic in topics for place in named), default=0)
    cells = {
        (topic, place): Cell(now[topic, place], before[topic, place], _shade(now[topic, place], most))
        for topic in topics
        for place in places
    }
    return Heat(topics, places, cells)


def hours_by_weekday(session: Session, since: datetime, until: datetime, zone: ZoneInfo) -> Heat:
    """Negative mentions by weekday ("0" is Monday) and hour of the day, in this zone."""
    counted: Counter[tuple[str, str]] = Counter()
    for first, last, ahead in _same_clock(_hour(since), _hour(until), zone):
        of_the_week = (Tally.hour + ahead) % WEEK
        inside = (Tally.sentiment == "negative", Tally.hour >= first, Tally.hour < last)
        for hour, count in session.execute(
            select(of_the_week, func.sum(Tally.change)).where(*inside).group_by(of_the_week)
        ):
            counted[str((hour // 24 + EPOCH) % 7), str(hour % 24)] += int(count)
    most = max(counted.values(), default=0)
    days, hours = [str(day) for day in range(7)], [str(hour) for hour in range(24)]
    cells = {
        (day, hour): Cell(counted[day, hour], 0, _shade(counted[day, hour], most)) for day in days for hour in hours
    }
    return Heat(days, hours, cells)


def _same_clock(first: int, last: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Spans of hours since 1970 in which the clocks of a zone are ahead by the same whole hours, and by how many.

    A year has 8,760 hours, and most weeks one answer: it is asked for each hour only where a week begins and ends with
    different ones.
    """
    began, ahead, hour = first, _ahead(first, zone), first
    while hour < last:
        following = min(hour + WEEK, last)
        if _ahead(following, zone) != ahead:
            following = next(one for one in range(hour + 1, following + 1) if _ahead(one, zone) != ahead)
            yield began, following, ahead
            began, ahead = following, _ahead(following, zone)
        hour = following
    if began < last:
        yield began, last, ahead


def _ahead(hour: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(hour * 3600, zone).utcoffset() or timedelta()
    return int(offset.total_seconds() // 3600)


def negative_share(session: Session, since: datetime, until: datetime, zone: ZoneInfo, step: int) -> list[Sample]:
    """Negative among assessed mentions for every `step` days up to the last with any: the samples of a p chart."""
    start, begin = since.astimezone(zone), _hour(since)
    first_day = (begin + _ahead(begin, zone)) // 24
    counted: Counter[tuple[int, str]] = Counter()
    for first, last, ahead in _same_clock(begin, _hour(until), zone):
        sample = ((Tally.hour + ahead) // 24 - first_day) // step
        inside = (Tally.sentiment.in_(MOODS), Tally.hour >= first, Tally.hour < last)
        counts = select(sample, Tally.sentiment, func.sum(Tally.change)).where(*inside)
        for number, mood, count in session.execute(counts.group_by(sample, Tally.sentiment)):
            counted[int(number), mood] += int(count)
    numbers = range(max((number + 1 for (number, _), count in counted.items() if count), default=0))
    return [
        Sample(
            f"{start + timedelta(days=number * step):%m/%d}",
            counted[number, "negative"],
            sum(counted[number, mood] for mood in MOODS),
        )
        for number in numbers
    ]


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
    return 0 if not count else min(STEPS, max(1, -(-count * STEPS // max(most, 1))))
