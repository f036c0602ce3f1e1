"""Business time: counts only while the brand is open, in the brand's own time zone.

A minute counts when its local weekday and time lie in an opening period and its local date is no holiday. The local
time of each minute is what decides, so the hour that a change to summer time skips never counts, and the one that
the change back repeats counts twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from config.clocks import BusinessHours

MINUTE = timedelta(minutes=1)
WHOLE_DAY = [(0, 24 * 60)]
SEARCHED = 366 * 3  # days without an opening after which the hours are wrong

Span = tuple[datetime, datetime]


def due_at(start: datetime, duration: timedelta, hours: BusinessHours, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which `duration` of business time has passed since `start`.

    When it runs out exactly at closing time that moment is the answer, not the next opening. Hours that never open
    raise ValueError.
    """
    start, left = start.astimezone(UTC), duration
    if left <= timedelta(0) or _always_open(hours):
        return start + left
    for opens, closes in _openings(start, hours, zone):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise AssertionError("openings never end")


def open_between(start: datetime, end: datetime, hours: BusinessHours, zone: ZoneInfo) -> timedelta:
    """The business time between two moments; nothing when `end` is not later.

    Both are taken to UTC first: Python subtracts two moments of one zone by the face of the clock.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return timedelta(0)
    if _always_open(hours):
        return end - start
    passed = timedelta(0)
    for opens, closes in _openings(start, hours, zone):
        if opens >= end:
            break
        passed += min(closes, end) - opens
    return passed


def _always_open(hours: BusinessHours) -> bool:
    return not hours.periods and hours.holidays is None


def _openings(start: datetime, hours: BusinessHours, zone: ZoneInfo) -> Iterator[Span]:
    """The open stretches from `start` on, in order and apart; the first is cut where it began earlier."""
    day = start.astimezone(zone).date()
    found = day
    while True:
        for opens, closes in _openings_of_day(day, hours, zone):
            if closes > start:
                found = day
                yield max(opens, start), closes
        day += timedelta(days=1)
        if (day - found).days > SEARCHED:
            raise ValueError(f"the business hours never open after {start.isoformat()}: give at least one period")


def _openings_of_day(day: date, hours: BusinessHours, zone: ZoneInfo) -> list[Span]:
    midnight, next_midnight = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    if midnight.astimezone(zone).utcoffset() == next_midnight.astimezone(zone).utcoffset():
        return [(midnight + MINUTE * opens, midnight + MINUTE * closes) for opens, closes in _periods(day, hours)]
    return _minute_by_minute(midnight, next_midnight, hours, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _minute_by_minute(start: datetime, end: datetime, hours: BusinessHours, zone: ZoneInfo) -> list[Span]:
    """A day on which the clocks change, twice a year: every minute is asked for its own local time."""
    spans: list[Span] = []
    moment = start
    while moment < end:
        local = moment.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if any(opens <= minute < closes for opens, closes in _periods(local.date(), hours)):
            if spans and spans[-1][1] == moment:
                spans[-1] = (spans[-1][0], moment + MINUTE)
            else:
                spans.append((moment, moment + MINUTE))
        moment += MINUTE
    return spans


def _periods(day: date, hours: BusinessHours) -> list[tuple[int, int]]:
    if hours.holidays is not None and day in _holidays(hours.holidays, day.year):
        return []
    if not hours.periods:
        return WHOLE_DAY
    apart: list[tuple[int, int]] = []
    for opens, closes in sorted(hours.periods.get(day.weekday(), [])):
        if apart and opens <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], closes))
        else:
            apart.append((opens, closes))
    return apart


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    code, _, part = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=part or None, years=year))
