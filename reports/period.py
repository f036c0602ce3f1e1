"""The span of time that a report is about, in whole days of the brand's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import ceil

WEEK = 7


@dataclass(frozen=True)
class Period:
    """From `start` (included) to `end` (not included); both aware. `zone` says which days those are."""

    start: datetime
    end: datetime
    zone: tzinfo = UTC

    @property
    def before(self) -> Period:
        """What it is compared with: as long, and as many whole weeks earlier as it takes, so on the same weekdays.

        For a day that is the same day a week earlier, for a month of 31 days the 31 days that began 35 days earlier.
        """
        return self.earlier(1)

    def earlier(self, times: int) -> Period:
        """The same weekdays, `times` comparisons back, by the wall clock of the zone."""
        days = times * WEEK * max(1, ceil((self.end - self.start) / timedelta(days=WEEK) - 0.01))
        return Period(self._shifted(self.start, -days), self._shifted(self.end, -days), self.zone)

    @property
    def days(self) -> list[date]:
        """Its local days, oldest first."""
        first = self.start.astimezone(self.zone).date()
        last = (self.end - timedelta(microseconds=1)).astimezone(self.zone).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def lasting(self, days: int) -> Period:
        """The `days` days that end with it: long enough for what takes time to show."""
        return Period(self._shifted(self.end, -days), self.end, self.zone)

    def _shifted(self, moment: datetime, days: int) -> datetime:
        return (moment.astimezone(self.zone) + timedelta(days=days)).astimezone(UTC)


def day_before(moment: datetime, zone: tzinfo) -> Period:
    """The whole day that ended at the last midnight before `moment`."""
    return _ending(_midnight(moment, zone), 1, zone)


def week_before(moment: datetime, zone: tzinfo) -> Period:
    """The seven whole days that ended at the last midnight before `moment`."""
    return _ending(_midnight(moment, zone), WEEK, zone)


def month_before(moment: datetime, zone: tzinfo) -> Period:
    """The whole calendar month that ended last before `moment`."""
    end = moment.astimezone(zone).date().replace(day=1)
    return days_between((end - timedelta(days=1)).replace(day=1), end - timedelta(days=1), zone)


def days_between(first: date, last: date, zone: tzinfo) -> Period:
    """From the first day to the last one, both included. ValueError where they are the wrong way round."""
    if last < first:
        raise ValueError(f"the period ends on {last} before it begins on {first}: exchange them")
    return Period(_begins(first, zone), _begins(last + timedelta(days=1), zone), zone)


def _ending(end: date, days: int, zone: tzinfo) -> Period:
    return days_between(end - timedelta(days=days), end - timedelta(days=1), zone)


def _midnight(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def _begins(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
