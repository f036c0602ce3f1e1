"""The span of time that a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Period:
    """From `start` (included) to `end` (not included); both aware."""

    start: datetime
    end: datetime

    @property
    def before(self) -> Period:
        """The period of the same length just before: the same weekdays, for weeks."""
        return Period(self.start - (self.end - self.start), self.start)


def week_before(moment: datetime, zone: ZoneInfo) -> Period:
    """The seven whole days, in the brand's zone, that ended at the last midnight before `moment`."""
    end = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    start = (end - timedelta(days=7)).replace(hour=0)  # wall clock, so that a change to summer time cuts no day
    return Period(start.astimezone(UTC), end.astimezone(UTC))
