import random

import pytest

from sentiment.calibration import temperature, threshold


def test_logits_that_are_twice_too_sure_get_a_temperature_of_two() -> None:
    chance, logits, wanted = random.Random(5), [], []
    for _ in range(4000):
        row = [chance.gauss(0, 1.5) for _ in range(3)]
        weights = [2.718281828**x for x in row]
        wanted.append(chance.choices(range(3), weights)[0])
        logits.append([2 * x for x in row])
    assert temperature(logits, wanted) == pytest.approx(2, rel=0.1)


def test_nothing_to_fit_leaves_probabilities_as_they_are() -> None:
    assert temperature([], []) == 1.0


def test_the_threshold_is_the_lowest_that_keeps_the_wished_precision() -> None:
    probabilities = [1 - n / 100 for n in range(100)]
    right = [n < 40 for n in range(100)]
    assert threshold(probabilities, right, 1.0) == pytest.approx(0.61)
    assert threshold(probabilities, right, 0.8) == pytest.approx(0.51)
    assert threshold(probabilities, [False] * 100, 0.8) is None
