"""Control charts: limits that follow the size, and the Western Electric rules."""

from __future__ import annotations

import random

import pytest

from reports.control import Sample, drift, p_chart, u_chart, western_electric


def test_limits_of_a_share_follow_the_size_of_each_sample() -> None:
    small, large = p_chart([Sample("a", 5, 25), Sample("b", 80, 400)])
    assert small.centre == large.centre == pytest.approx(0.2)
    assert (small.lower, small.upper) == (0.0, pytest.approx(0.44))
    assert (large.lower, large.upper) == (pytest.approx(0.14), pytest.approx(0.26))


def test_the_same_share_is_chance_in_a_small_sample_and_news_in_a_large_one() -> None:
    small, large = p_chart([Sample("a", 8, 25), Sample("b", 128, 400)], centre=0.2)
    assert small.rules == ()
    assert large.rules == (1,)


def test_events_a_unit_may_be_more_than_one() -> None:
    [point] = u_chart([Sample("monday", 90, 10)], centre=4.0)
    assert point.value == 9.0
    assert point.upper == pytest.approx(4 + 3 * (4 / 10) ** 0.5)
    assert point.rules == (1,)


@pytest.mark.parametrize(
    ("z", "rule"),
    [
        ([0.0, 0.0, 3.1], 1),
        ([2.1, 0.0, 2.1], 2),
        ([-1.2, -1.1, 0.3, -1.5, -1.3], 3),
        ([0.1, 0.2, 0.3, 0.1, 0.4, 0.2, 0.1, 0.3], 4),
    ],
)
def test_each_western_electric_rule_fires_on_the_point_that_completes_it(z: list[float], rule: int) -> None:
    found = western_electric(z)
    assert found[-1] == (rule,)
    assert not any(found[:-1])


def test_values_on_both_sides_do_not_add_up() -> None:
    assert western_electric([2.5, -2.5, 0.5, 2.5 - 1.0])[-1] == ()


def test_a_slow_drift_is_found_before_any_single_point_is_out() -> None:
    rng = random.Random(4)
    calm = [rng.gauss(0, 1) for _ in range(60)]
    drifting = [rng.gauss(1.0, 0.5) for _ in range(15)]
    assert not any(out for _, out in drift(calm))
    assert max(drifting) < 3
    assert any(out for _, out in drift(calm + drifting)[60:])


def test_empty_samples_are_left_out_and_impossible_ones_refused() -> None:
    assert p_chart([Sample("a", 0, 0)]) == []
    with pytest.raises(ValueError, match="monday: 3 of 2 is no share"):
        p_chart([Sample("monday", 3, 2)])
