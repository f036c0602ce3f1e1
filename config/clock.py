"""The only place that reads the time. Everything else is handed a moment, aware and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the moment: aware, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it was set: for the demo's fast days, replays and tests."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Moves the hands to `at`, which must be aware."""
        if at.tzinfo is None:
            raise ValueError(f"the clock needs a time zone: {at.isoformat()} has none")
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> datetime:
        """Moves the hands forward and returns the new moment."""
        self._at += by
        return self._at
