"""Time intervals with Alertmanager's definitions: when a route is active or mute, when a silence holds."""

from __future__ import annotations

import calendar
import re
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, field_validator, model_validator

from config.section import Section

_WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS = tuple(name.lower() for name in calendar.month_name[1:])
_CLOCK = re.compile(r"(?:([01]\d|2[0-3]):([0-5]\d))|24:00")

Span = tuple[int, int]  # both ends belong to it


def _span(value: Any, names: tuple[str, ...] = (), first: int = 0) -> Span:
    """Reads `monday`, `monday:friday`, `1:5`, `-1`. Names count from `first`."""
    if isinstance(value, tuple):
        return value
    parts = str(value).lower().split(":")
    if len(parts) > 2:
        raise ValueError(f"{value!r} is no range: write it like {names[0] + ':' + names[-1] if names else '1:5'}")
    ends = []
    for part in parts:
        if part in names:
            ends.append(names.index(part) + first)
        elif re.fullmatch(r"[+-]?\d+", part) and not (names and first == 0):
            ends.append(int(part))
        else:
            raise ValueError(f"{part!r} is not a name or number that can stand here")
    return ends[0], ends[-1]


def _weekdays(value: Any) -> Span:
    begin, end = _span(value, _WEEKDAYS)
    if begin > end:
        raise ValueError(f"{value!r}: the first day must not come after the last one (the week starts on Sunday)")
    return begin, end


def _days_of_month(value: Any) -> Span:
    begin, end = _span(value)
    for day in (begin, end):
        if day == 0 or abs(day) > 31:
            raise ValueError(f"{value!r}: {day} is no day of a month: 1 to 31, or -1 for the last day")
    if begin < 0 < end:
        raise ValueError(f"{value!r}: the last day must be negative if the first one is")
    if (28 + begin if begin < 0 else begin) > (28 + end if end < 0 else end):
        raise ValueError(f"{value!r}: the last day is always before the first one")
    return begin, end


def _months(value: Any) -> Span:
    begin, end = _span(value, _MONTHS, 1)
    if not (1 <= begin <= 12 and 1 <= end <= 12):
        raise ValueError(f"{value!r} is no month: 1 to 12, or january to december")
    if begin > end:
        raise ValueError(f"{value!r}: the last month is before the first one")
    return begin, end


def _years(value: Any) -> Span:
    begin, end = _span(value)
    if begin > end:
        raise ValueError(f"{value!r}: the last year is before the first one")
    return begin, end


def _minutes(value: str | int) -> int:
    # YAML 1.1 reads 09:00 without quotes as a number in base 60.
    text = f"{value // 60:02d}:{value % 60:02d}" if isinstance(value, int) else str(value)
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{text!r} is no time of day: write it like 09:00 (24:00 ends a day)")
    return int(text[:2]) * 60 + int(text[3:])


class TimeRange(Section):
    """Minutes of a day, the last one not included."""

    start_time: Annotated[int, BeforeValidator(_minutes)]
    end_time: Annotated[int, BeforeValidator(_minutes)]

    @model_validator(mode="after")
    def _in_order(self) -> TimeRange:
        if self.start_time >= self.end_time:
            raise ValueError("start_time must be before end_time; write a night as two ranges")
        return self


class TimeInterval(Section):
    """All that is given must hold; what is not given always holds. Without `location` it is in UTC."""

    times: list[TimeRange] | None = None
    weekdays: list[Annotated[Span, BeforeValidator(_weekdays)]] | None = None
    days_of_month: list[Annotated[Span, BeforeValidator(_days_of_month)]] | None = None
    months: list[Annotated[Span, BeforeValidator(_months)]] | None = None
    years: list[Annotated[Span, BeforeValidator(_years)]] | None = None
    location: str = "UTC"

    @field_validator("location")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder, or a name too long for a file
            raise ValueError(f"{value!r} is no time zone: write an IANA name such as Asia/Tokyo") from error
        return value

    def contains(self, at: datetime) -> bool:
        """Whether the aware moment `at` lies within it."""
        local = at.astimezone(ZoneInfo(self.location))
        minute = local.hour * 60 + local.minute
        return (
            (self.times is None or any(one.start_time <= minute < one.end_time for one in self.times))
            and (self.days_of_month is None or any(_on_day(span, local) for span in self.days_of_month))
            and _in_any(self.months, local.month)
            and _in_any(self.weekdays, local.isoweekday() % 7)
            and _in_any(self.years, local.year)
        )


def _in_any(spans: list[Span] | None, value: int) -> bool:
    return spans is None or any(begin <= value <= end for begin, end in spans)


def _on_day(span: Span, local: datetime) -> bool:
    """Negative days count from the end of the month; a range that begins after it never holds."""
    length = calendar.monthrange(local.year, local.month)[1]
    begin, end = (day + length + 1 if day < 0 else day for day in span)
    return begin <= length and begin <= local.day <= min(end, length)


class NamedIntervals(Section):
    """Intervals under the name that routes use; any of them."""

    name: str = Field(min_length=1)
    time_intervals: list[TimeInterval] = []

    def contains(self, at: datetime) -> bool:
        """Whether `at` lies within any of them."""
        return any(interval.contains(at) for interval in self.time_intervals)
