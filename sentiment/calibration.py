"""Makes probabilities mean what they say."""

from collections.abc import Sequence
from math import exp, log

_RATIO = (5**0.5 - 1) / 2  # golden section
_FEWEST = 15  # answers above a threshold; fewer say nothing about its precision


def temperature(logits: Sequence[Sequence[float]], wanted: Sequence[int]) -> float:
    """The divisor of the logits under which the wanted classes are most likely (Guo et al. 2017).

    Golden section search between 0.3 and 5; 1.0 when there is nothing to fit.
    """
    if not logits:
        return 1.0
    low, high = log(0.3), log(5.0)
    while high - low > 1e-3:
        left, right = high - _RATIO * (high - low), low + _RATIO * (high - low)
        if _surprise(logits, wanted, exp(left)) < _surprise(logits, wanted, exp(right)):
            high = right
        else:
            low = left
    return round(exp((low + high) / 2), 3)


def threshold(probabilities: Sequence[float], right: Sequence[bool], precision: float) -> float | None:
    """The lowest probability from which on at least ``precision`` of the answers are right.

    None when no threshold reaches it with 15 answers or more.
    """
    found, hits = None, 0
    ranked = sorted(zip(probabilities, right, strict=True), key=lambda pair: -pair[0])
    for count, (p, is_right) in enumerate(ranked, 1):
        hits += is_right
        if count >= _FEWEST and hits >= precision * count:
            found = round(p, 4)
    return found


def _surprise(logits: Sequence[Sequence[float]], wanted: Sequence[int], divisor: float) -> float:
    total = 0.0
    for row, answer in zip(logits, wanted, strict=True):
        top = max(row)
        total += log(sum(exp((x - top) / divisor) for x in row)) - (row[answer] - top) / divisor
    return total
