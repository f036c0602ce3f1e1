"""The streaming detector: quiet for ordinary noise, loud once for a storm, the same after a restart."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import cos, exp, pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.spikes.detector import Detector, Reading

START = datetime(2026, 3, 2, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)


def over_dispersed(rng: random.Random, mean: float, dispersion: float = 0.4) -> float:
    """A negative-binomial count: Poisson with a gamma mean."""
    rate = rng.gammavariate(1 / dispersion, mean * dispersion)
    count, product, limit = 0, rng.random(), exp(-min(rate, 500.0))
    while product > limit:
        count += 1
        product *= rng.random()
    return float(count)


def seasonal(rng: random.Random, days: int, mean: float, interval: timedelta) -> Iterator[tuple[datetime, float]]:
    """Counts that double at noon, halve at night and rest at the weekend."""
    for row in range(int(days * timedelta(days=1) / interval)):
        moment = START + row * interval
        day = 1.0 - 0.6 * cos(2 * pi * (moment.hour + moment.minute / 60) / 24)
        rest = 0.6 if moment.weekday() >= 5 else 1.0
        yield moment, over_dispersed(rng, mean * day * rest)


def read(detector: Detector, rows: Iterator[tuple[datetime, float]]) -> list[Reading]:
    return [detector.update(moment, value) for moment, value in rows]


@pytest.mark.parametrize("mean", [0.3, 4.0, 60.0])
def test_over_dispersed_counts_with_a_season_raise_less_than_one_alarm_a_week(mean: float) -> None:
    alarms = sum(
        reading.opens
        for seed in range(3)
        for reading in read(Detector(HOUR), seasonal(random.Random(seed), 56, mean, HOUR))
    )
    assert alarms <= 3 * 8


def test_a_storm_opens_one_spike_on_its_first_rows_and_is_not_told_again() -> None:
    rows = list(seasonal(random.Random(1), 21, 12.0, FIVE_MINUTES))
    storm = 15 * 288 + 100
    stormy = [(m, v + (150.0 if storm <= i < storm + 60 else 0.0)) for i, (m, v) in enumerate(rows)]
    readings = read(Detector(FIVE_MINUTES), iter(stormy))
    assert [i for i, reading in enumerate(readings) if reading.opens and i >= storm - 288] == [storm]
    assert readings[storm].score > 0.5 > max(reading.score for reading in readings[storm + 1 : storm + 120])


def test_a_slow_swell_without_a_single_freak_row_is_found() -> None:
    rows = list(seasonal(random.Random(2), 21, 20.0, FIVE_MINUTES))
    begin = 16 * 288
    swelling = [(m, v * 3.0 + 20 if begin <= i < begin + 96 else v) for i, (m, v) in enumerate(rows)]
    opened = [i for i, r in enumerate(read(Detector(FIVE_MINUTES), iter(swelling))) if r.opens]
    assert any(begin <= i < begin + 48 for i in opened)


def test_three_mentions_of_a_rare_series_are_no_storm() -> None:
    detector = Detector(HOUR)
    quiet = [detector.update(START + i * HOUR, 0.0) for i in range(500)]
    few = [detector.update(START + (500 + i) * HOUR, 3.0) for i in range(2)]
    assert not any(reading.opens for reading in quiet + few)


def test_a_storm_on_the_first_day_is_found_in_spite_of_wide_bands() -> None:
    detector = Detector(FIVE_MINUTES)
    for i in range(100):
        detector.update(START + i * FIVE_MINUTES, 5.0 + i % 3)
    assert detector.update(START + 100 * FIVE_MINUTES, 400.0).opens


def test_the_same_burst_every_day_stops_being_news() -> None:
    detector = Detector(FIVE_MINUTES)
    rng = random.Random(3)
    opened = [
        i // 288
        for i in range(28 * 288)
        if detector.update(START + i * FIVE_MINUTES, 180.0 if i % 288 == 150 else over_dispersed(rng, 4.0)).opens
    ]
    assert opened
    assert len([day for day in opened if day >= 7]) <= 3


def test_what_is_expected_follows_the_hour_of_the_day() -> None:
    detector = Detector(HOUR)
    readings = read(detector, seasonal(random.Random(4), 28, 40.0, HOUR))
    last = [reading.expected for reading in readings[-5 * 24 : -4 * 24]]
    assert last[12] > 1.8 * last[0]


@settings(max_examples=8, derandomize=True, deadline=None)
@given(cut=st.integers(1, 1500), seed=st.integers(0, 5))
def test_a_restart_loses_nothing(cut: int, seed: int) -> None:
    rows = [(m, v + (90.0 if i % 400 == 399 else 0.0)) for i, (m, v) in enumerate(
        seasonal(random.Random(seed), 6, 6.0, FIVE_MINUTES))]  # fmt: skip
    unbroken = read(Detector(FIVE_MINUTES), iter(rows))
    before = Detector(FIVE_MINUTES)
    first = read(before, iter(rows[:cut]))
    after = Detector.restored(json.loads(json.dumps(before.state())))
    assert first + read(after, iter(rows[cut:])) == unbroken


def test_an_answer_does_not_depend_on_later_rows() -> None:
    rows = list(seasonal(random.Random(5), 6, 6.0, FIVE_MINUTES))
    other = rows[:900] + [(moment, value + 500) for moment, value in rows[900:]]
    assert read(Detector(FIVE_MINUTES), iter(rows))[:900] == read(Detector(FIVE_MINUTES), iter(other))[:900]


def test_rows_out_of_order_and_values_that_are_no_counts_are_refused() -> None:
    detector = Detector(HOUR)
    detector.update(START, 1.0)
    with pytest.raises(ValueError, match="in order"):
        detector.update(START, 1.0)
    with pytest.raises(ValueError, match="a count is 0 or more"):
        detector.update(START + HOUR, float("nan"))
