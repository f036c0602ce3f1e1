from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.clocks import BusinessHours
from responder.cases.business_time import due_at, open_between

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICE = BusinessHours.model_validate({"mon-fri": ["09:00-12:00", "13:00-18:00"], "holidays": "JP"})
ZONES = ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC"]


HOLIDAYS = {country: holidays.country_holidays(country, years=[2026, 2027]) for country in ("JP", "US")}


def is_open(moment: datetime, hours: BusinessHours, zone: ZoneInfo) -> bool:
    """The rule, said as plainly as possible, for one minute."""
    local = moment.astimezone(zone)
    if hours.holidays and local.date() in HOLIDAYS[hours.holidays]:
        return False
    minute = local.hour * 60 + local.minute
    if not hours.periods:
        return True
    return any(start <= minute < end for start, end in hours.periods.get(local.weekday(), []))


def slow_due_at(start: datetime, minutes: int, hours: BusinessHours, zone: ZoneInfo) -> datetime:
    moment = start
    while minutes > 0:
        minutes -= is_open(moment, hours, zone)
        moment += timedelta(minutes=1)
    return moment


def slow_open_between(start: datetime, end: datetime, hours: BusinessHours, zone: ZoneInfo) -> int:
    minutes = int((end - start) / timedelta(minutes=1))
    return sum(is_open(start + timedelta(minutes=n), hours, zone) for n in range(minutes))


@st.composite
def opening_hours(draw: st.DrawFn) -> BusinessHours:
    bounds = st.lists(st.integers(0, 96).map(lambda quarter: quarter * 15), min_size=2, max_size=6, unique=True)
    periods = {}
    for day in draw(st.sets(st.integers(0, 6), max_size=7)):
        edges = sorted(draw(bounds))
        periods[day] = list(zip(edges[::2], edges[1::2], strict=False))
    if draw(st.booleans()) and periods:  # overlapping periods are one
        day, spans = next(iter(periods.items()))
        periods[day] = [*spans, (spans[0][0], min(spans[0][1] + 30, 1440))]
    return BusinessHours.model_validate({"periods": periods, "holidays": draw(st.sampled_from([None, "JP", "US"]))})


# Around changes to and from summer time in both hemispheres, and a week full of Japanese holidays.
near = st.sampled_from(
    ["2026-03-28", "2026-10-24", "2026-03-07", "2026-11-01", "2026-04-04", "2026-04-28", "2026-12-31"]
)
starts = st.builds(
    lambda day, minute: datetime.fromisoformat(f"{day}T00:00+00:00") + timedelta(minutes=minute),
    near,
    st.integers(0, 2880),
)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(starts, st.integers(0, 1500), opening_hours(), st.sampled_from(ZONES))
def test_a_clock_is_due_when_a_minute_by_minute_count_says_so(
    start: datetime, minutes: int, hours: BusinessHours, name: str
) -> None:
    zone = ZoneInfo(name)
    assert due_at(start, timedelta(minutes=minutes), hours, zone) == slow_due_at(start, minutes, hours, zone)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(starts, st.integers(0, 6000), opening_hours(), st.sampled_from(ZONES))
def test_open_time_between_two_moments_is_what_a_minute_by_minute_count_says(
    start: datetime, minutes: int, hours: BusinessHours, name: str
) -> None:
    zone, end = ZoneInfo(name), start + timedelta(minutes=minutes)
    assert open_between(start, end, hours, zone) == timedelta(minutes=slow_open_between(start, end, hours, zone))


def test_lunch_the_weekend_and_a_holiday_do_not_count() -> None:
    friday = datetime(2026, 4, 24, 17, 30, tzinfo=TOKYO)
    assert due_at(friday, timedelta(hours=2), OFFICE, TOKYO) == datetime(2026, 4, 27, 10, 30, tzinfo=TOKYO)
    before_lunch = datetime(2026, 4, 27, 11, 30, tzinfo=TOKYO)
    assert due_at(before_lunch, timedelta(hours=1), OFFICE, TOKYO) == datetime(2026, 4, 27, 13, 30, tzinfo=TOKYO)
    # 29 April is Showa Day; 4, 5 and 6 May 2026 are holidays as well.
    assert due_at(datetime(2026, 4, 28, 18, 0, tzinfo=TOKYO), timedelta(minutes=1), OFFICE, TOKYO) == datetime(
        2026, 4, 30, 9, 1, tzinfo=TOKYO
    )
    assert due_at(datetime(2026, 5, 1, 17, 0, tzinfo=TOKYO), timedelta(hours=2), OFFICE, TOKYO) == datetime(
        2026, 5, 7, 10, 0, tzinfo=TOKYO
    )


def test_time_that_runs_out_at_closing_is_due_at_closing() -> None:
    start = datetime(2026, 4, 27, 17, 0, tzinfo=TOKYO)
    assert due_at(start, timedelta(hours=1), OFFICE, TOKYO) == datetime(2026, 4, 27, 18, 0, tzinfo=TOKYO)


def test_no_hours_at_all_means_around_the_clock_even_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 28, 12, 0, tzinfo=berlin)
    assert due_at(start, timedelta(days=1), BusinessHours(), berlin) == datetime(2026, 3, 29, 13, 0, tzinfo=berlin)


def test_hours_that_never_open_and_unknown_countries_are_refused() -> None:
    with pytest.raises(ValueError, match="no day has an opening period"):
        BusinessHours.model_validate({"mon": []})
    with pytest.raises(ValueError, match="no country with known holidays"):
        BusinessHours.model_validate({"holidays": "XX"})
    assert BusinessHours.model_validate({"holidays": "DE-BY"}).holidays == "DE-BY"
