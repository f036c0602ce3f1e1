"""The clocks of a case, and the hours in which they run."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from pydantic import field_validator, model_validator

from config.duration import Duration
from config.section import Section

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PERIOD = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class BusinessHours(Section):
    """Opening periods by weekday (0 is Monday), in minutes after midnight. No day at all means around the clock."""

    periods: dict[int, list[tuple[int, int]]] = {}
    holidays: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_days(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "periods" in value:
            return value
        periods: dict[int, list[tuple[int, int]]] = {}
        for key, spans in value.items():
            if key == "holidays":
                continue
            for day in _days(str(key)):
                periods[day] = sorted(_period(span) for span in (spans if isinstance(spans, list) else [spans]))
        return {"periods": periods, "holidays": value.get("holidays")}

    @model_validator(mode="after")
    def _opens_some_time(self) -> BusinessHours:
        if self.periods and not any(self.periods.values()):
            raise ValueError("no day has an opening period: write one such as 09:00-18:00, or leave all days out")
        return self

    @field_validator("holidays")
    @classmethod
    def _known_country(cls, value: str | None) -> str | None:
        if value is None:
            return None
        import holidays  # takes a third of a second, and most commands never ask for it

        country, _, part = value.partition("-")
        try:
            holidays.country_holidays(country, subdiv=part or None)
        except NotImplementedError:
            raise ValueError(f"{value!r} is no country with known holidays: write a code such as JP or DE-BY") from None
        return value


def _days(key: str) -> range:
    first, _, last = key.lower().partition("-")
    if first not in DAYS or (last and last not in DAYS):
        raise ValueError(f"{key!r} is no day: write mon, tue … or a range such as mon-fri")
    start, end = DAYS.index(first), DAYS.index(last or first)
    if end < start:
        raise ValueError(f"{key!r} runs backwards: write it as two ranges")
    return range(start, end + 1)


def _period(span: str) -> tuple[int, int]:
    found = _PERIOD.fullmatch(str(span).strip())
    if found:
        start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        if 0 <= start < end <= 24 * 60 and int(found[2]) < 60 and int(found[4]) < 60:
            return start, end
    raise ValueError(f"{span!r} is no period: write it like 09:00-12:00")


class ClockSettings(Section):
    """How long each clock may run, in business time."""

    acknowledge: Duration = timedelta(minutes=15)
    first_response: Duration = timedelta(hours=2)
    resolution: Duration = timedelta(days=3)
    follow_up: Duration = timedelta(days=7)
    # null: whoever took a case keeps it.
    unacknowledge_after: Duration | None = timedelta(days=1)
    business_hours: BusinessHours = BusinessHours()


class FollowUpSettings(Section):
    """When to look again after a case was resolved, and how the customer is asked."""

    after: list[Duration] = [timedelta(days=3), timedelta(days=14)]
    unchanged_after: Duration = timedelta(days=14)
    mail: bool = False
    link_expires: Duration = timedelta(days=30)
