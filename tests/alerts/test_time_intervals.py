"""Time intervals mean what they mean in Alertmanager."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from config.time_interval import TimeInterval


@pytest.mark.parametrize(
    ("interval", "moment", "inside"),
    [
        ({}, "2026-11-02T00:00", True),
        ({"times": [{"start_time": "09:00", "end_time": "17:00"}]}, "2026-11-02T09:00", True),
        ({"times": [{"start_time": "09:00", "end_time": "17:00"}]}, "2026-11-02T17:00", False),
        ({"times": [{"start_time": "00:00", "end_time": "24:00"}]}, "2026-11-02T23:59", True),
        ({"weekdays": ["monday:friday"]}, "2026-11-01T12:00", False),  # Sunday
        ({"weekdays": ["Monday:Friday"]}, "2026-11-02T12:00", True),
        ({"weekdays": ["saturday", "sunday"]}, "2026-11-01T12:00", True),
        ({"days_of_month": ["-1"]}, "2026-02-28T12:00", True),
        ({"days_of_month": ["-3:-1"]}, "2026-11-28T12:00", True),
        ({"days_of_month": ["-3:-1"]}, "2026-11-27T12:00", False),
        ({"days_of_month": ["31"]}, "2026-11-30T12:00", False),
        ({"days_of_month": ["28:31"]}, "2026-02-28T12:00", True),
        ({"months": ["november:december"]}, "2026-11-01T12:00", True),
        ({"months": ["1:3", "december"]}, "2026-11-01T12:00", False),
        ({"years": ["2026"]}, "2026-11-01T12:00", True),
        ({"years": ["2020:2025"]}, "2026-11-01T12:00", False),
        ({"weekdays": ["monday"], "location": "Asia/Tokyo"}, "2026-11-01T15:30", True),  # already Monday there
        ({"times": [{"start_time": 540, "end_time": "17:00"}]}, "2026-11-02T09:00", True),  # YAML 1.1 and 09:00
    ],
)
def test_an_interval_contains_a_moment_as_in_alertmanager(interval: dict[str, Any], moment: str, inside: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert TimeInterval.model_validate(interval).contains(at) is inside


def test_wall_clock_time_follows_daylight_saving() -> None:
    office = TimeInterval.model_validate(
        {"times": [{"start_time": "09:00", "end_time": "10:00"}], "location": "Europe/Berlin"}
    )
    assert office.contains(datetime(2026, 10, 24, 7, 30, tzinfo=UTC))  # summer time
    assert not office.contains(datetime(2026, 10, 26, 7, 30, tzinfo=UTC))
    assert office.contains(datetime(2026, 10, 26, 8, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "interval",
    [
        {"times": [{"start_time": "22:00", "end_time": "06:00"}]},
        {"times": [{"start_time": "9:00", "end_time": "17:00"}]},
        {"weekdays": ["friday:monday"]},
        {"weekdays": ["funday"]},
        {"days_of_month": ["0"]},
        {"days_of_month": ["-1:5"]},
        {"months": ["may:april"]},
        {"location": "Mars/Olympus"},
        {"hours": []},
    ],
)
def test_an_impossible_interval_is_refused(interval: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TimeInterval.model_validate(interval)
