"""Shares and means with their intervals, and whether two of them differ by more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, comb, erfc, sqrt
from statistics import NormalDist, median
from typing import Literal

Z95 = 1.96
EXACT_UP_TO = 400  # items: above it the normal curve says the same
CLEAR = 0.05  # the chance of a false alarm that is accepted over all comparisons of one kind together

Verdict = Literal["up", "down", "chance", "few"]


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, with the 95 % interval of Wilson (1927)."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval, which stays honest for small numbers."""
        if not self.whole:
            return None
        z, n, p = Z95, self.whole, self.part / self.whole
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, centre - reach), min(1.0, centre + reach)


@dataclass(frozen=True)
class Mean:
    """The mean of `count` values and their standard deviation, which is None below two values."""

    count: int
    mean: float | None
    deviation: float | None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % by the normal curve; None below two values."""
        if self.mean is None or self.deviation is None:
            return None
        reach = Z95 * self.deviation / sqrt(self.count)
        return self.mean - reach, self.mean + reach


def mean_of(values: list[float]) -> Mean:
    """Mean and sample deviation of values."""
    if not values:
        return Mean(0, None, None)
    return mean_from(len(values), sum(values), sum(value * value for value in values))


def mean_from(count: int, total: float, squares: float) -> Mean:
    """The same from a count, a sum and a sum of squares, as a database gives them."""
    if not count:
        return Mean(0, None, None)
    mean = total / count
    spread = sqrt(max(0.0, (squares - count * mean * mean) / (count - 1))) if count > 1 else None
    return Mean(count, mean, spread)


def nearest_rank(values: list[float], share: float) -> float | None:
    """The smallest value that at least this share does not exceed."""
    return sorted(values)[ceil(share * len(values)) - 1] if values else None


def middle(values: list[float]) -> float | None:
    """The median."""
    return median(values) if values else None


def distance(now: Mean, before: Mean) -> float | None:
    """Standard errors between two means (Welch); None where either has fewer than five values."""
    if now.mean is None or before.mean is None or now.count < 5 or before.count < 5:
        return None
    error = ((now.deviation or 0) ** 2 / now.count + (before.deviation or 0) ** 2 / before.count) ** 0.5
    return (now.mean - before.mean) / error if error else None


def chance_of_difference(one: Share, other: Share) -> float | None:
    """How likely so great a difference of two shares is where nothing changed: Fisher's exact test, two-sided.

    For large numbers the normal curve. None where one of them counts nothing.
    """
    if not one.whole or not other.whole:
        return None
    whole, part = one.whole + other.whole, one.part + other.part
    if whole > EXACT_UP_TO:
        pooled = part / whole
        spread = sqrt(pooled * (1 - pooled) * (1 / one.whole + 1 / other.whole))
        return 1.0 if not spread else erfc(abs(one.part / one.whole - other.part / other.whole) / spread / sqrt(2))
    all_ways = comb(whole, one.whole)
    seen = comb(part, one.part) * comb(whole - part, one.whole - one.part)
    low, high = max(0, one.whole - (whole - part)), min(part, one.whole)
    ways = (comb(part, k) * comb(whole - part, one.whole - k) for k in range(low, high + 1))
    return min(1.0, sum(way for way in ways if way <= seen) / all_ways)


def chance_of_share(share: Share, usual: float) -> float:
    """How likely a share so far from `usual`, on its side, is by chance alone: a binomial tail."""
    n, k = share.whole, share.part
    if not n or not 0 < usual < 1:
        return 1.0
    above = k >= n * usual
    if n > EXACT_UP_TO:
        z = (abs(k - n * usual) - 0.5) / sqrt(n * usual * (1 - usual))
        return 1.0 - NormalDist().cdf(z)
    counts = range(k, n + 1) if above else range(k + 1)
    return min(1.0, sum(comb(n, i) * usual**i * (1 - usual) ** (n - i) for i in counts))


def verdict(now: Share, before: Share, compared: int = 1) -> Verdict:
    """Whether a share changed: up, down, within chance, or too few to say.

    `compared` is how many shares were looked at together: the bar rises with it (Bonferroni).
    """
    chance = chance_of_difference(now, before)
    if chance is None or now.whole < 5 or before.whole < 5:
        return "few"
    if chance * compared >= CLEAR:
        return "chance"
    return "up" if (now.value or 0) > (before.value or 0) else "down"
