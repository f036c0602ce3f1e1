"""Control charts of counts and shares, and a moving average for slow drifts: is this week's figure news, or chance?

p chart: the share of defectives in samples of varying size. u chart: events a unit of exposure (mentions a day,
complaints a hundred reviews). Limits are three standard deviations and follow each sample's size (Montgomery,
Introduction to Statistical Quality Control, chapter 7). Rules: Western Electric (1956), in standardised values, so
that they hold for varying limits; two-sided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

EWMA_WEIGHT = 0.2
EWMA_LIMIT = 2.7  # with weight 0.2 it finds a drift of one standard deviation in about 10 points (Lucas, 1990)


@dataclass(frozen=True, slots=True)
class Sample:
    """`count` events among `size` items (p) or in `size` units of exposure (u)."""

    label: str
    count: int
    size: float


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One sample against its own limits. `rules`: which of the Western Electric rules 1 to 4 it completes."""

    label: str
    value: float
    centre: float
    lower: float
    upper: float
    z: float
    rules: tuple[int, ...] = ()


def p_chart(samples: Sequence[Sample], centre: float | None = None) -> list[ControlPoint]:
    """Shares of samples of varying size. `centre`: a known share; absent, that of all samples. Empty ones are left out.

    Raises ValueError where a sample has more events than items.
    """
    for sample in samples:
        if not 0 <= sample.count <= sample.size:
            raise ValueError(f"{sample.label}: {sample.count} of {sample.size:g} is no share")
    known = _filled(samples)
    middle = _pooled(known) if centre is None else centre
    return _judged(known, middle, middle * (1.0 - middle), 1.0)


def u_chart(samples: Sequence[Sample], centre: float | None = None) -> list[ControlPoint]:
    """Events a unit of varying exposure. `centre`: a known rate; absent, that of all samples."""
    known = _filled(samples)
    middle = _pooled(known) if centre is None else centre
    return _judged(known, middle, middle, float("inf"))


def western_electric(z: Sequence[float]) -> list[tuple[int, ...]]:
    """For each standardised value the rules that it completes.

    1: beyond 3. 2: two of three beyond 2 on one side. 3: four of five beyond 1 on one side. 4: eight on one side.
    """
    return [
        tuple(rule for rule, (needed, among, beyond) in _RULES.items() if _completes(z[: i + 1], needed, among, beyond))
        for i in range(len(z))
    ]


def drift(z: Sequence[float]) -> list[tuple[float, bool]]:
    """The exponentially weighted average of standardised values, and whether it left its limits: a slow drift."""
    average, found = 0.0, []
    for i, value in enumerate(z, start=1):
        average += EWMA_WEIGHT * (value - average)
        spread = sqrt(EWMA_WEIGHT / (2.0 - EWMA_WEIGHT) * (1.0 - (1.0 - EWMA_WEIGHT) ** (2 * i)))
        found.append((average, abs(average) > EWMA_LIMIT * spread))
    return found


_RULES = {1: (1, 1, 3.0), 2: (2, 3, 2.0), 3: (4, 5, 1.0), 4: (8, 8, 0.0)}  # rule: needed, among the last, beyond


def _completes(z: Sequence[float], needed: int, among: int, beyond: float) -> bool:
    last = z[-among:]
    return any(
        side * z[-1] > beyond and sum(1 for value in last if side * value > beyond) >= needed for side in (1.0, -1.0)
    )


def _filled(samples: Sequence[Sample]) -> list[Sample]:
    return [sample for sample in samples if sample.size > 0]


def _pooled(samples: Sequence[Sample]) -> float:
    size = sum(sample.size for sample in samples)
    return sum(sample.count for sample in samples) / size if size else 0.0


def _judged(samples: Sequence[Sample], centre: float, variance: float, most: float) -> list[ControlPoint]:
    spreads = [sqrt(variance / sample.size) for sample in samples]
    values = [sample.count / sample.size for sample in samples]
    z = [(value - centre) / spread if spread else 0.0 for value, spread in zip(values, spreads, strict=True)]
    return [
        ControlPoint(
            sample.label, value, centre, max(0.0, centre - 3 * spread), min(most, centre + 3 * spread), score, rules
        )
        for sample, value, spread, score, rules in zip(samples, values, spreads, z, western_electric(z), strict=True)
    ]
