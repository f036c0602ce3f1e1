"""Figures of merit, with intervals: plain Python, so that they can be checked by hand."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in per cent and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1f} [{self.low:.1f}, {self.high:.1f}]"


Pairs = Sequence[tuple[str, str]]  # (wanted, found)


def f1(pairs: Pairs, label: str) -> float:
    """F1 of one label: harmonic mean of precision and recall; 0 when it never occurs. From 0 to 1."""
    return _f1(Counter(pairs), label)


def macro_f1(pairs: Pairs) -> float:
    """The mean F1 of the labels that are wanted somewhere."""
    counts = Counter(pairs)
    labels = {wanted for wanted, _ in counts}
    return sum(_f1(counts, label) for label in labels) / len(labels) if labels else 0.0


def macro_recall(pairs: Pairs) -> float:
    """The mean recall of the labels that are wanted somewhere."""
    counts, total = Counter(pairs), Counter(wanted for wanted, _ in pairs)
    return sum(counts[label, label] / total[label] for label in total) / len(total) if total else 0.0


def _f1(counts: Counter[tuple[str, str]], label: str) -> float:
    hit = counts[label, label]
    wrong = sum(count for (wanted, found), count in counts.items() if (wanted == label) != (found == label))
    return 2 * hit / (2 * hit + wrong) if hit else 0.0


def micro_f1(sets: Sequence[tuple[frozenset[str], frozenset[str]]]) -> float:
    """F1 over all (wanted, found) sets together, as for topics."""
    hit = sum(len(wanted & found) for wanted, found in sets)
    total = sum(len(wanted) + len(found) for wanted, found in sets)
    return 2 * hit / total if total else 0.0


def with_interval(
    rows: Sequence[Row], figure: Callable[[Sequence[Row]], float], seed: int = 7, draws: int = 300
) -> Figure:
    """``figure(rows)`` in per cent with its percentile bootstrap interval (Efron 1979)."""
    chance = random.Random(seed)  # noqa: S311
    drawn = sorted(figure(chance.choices(rows, k=len(rows))) for _ in range(draws)) if rows else []
    drawn = drawn or [figure(rows)]
    return Figure(100 * figure(rows), 100 * drawn[int(0.025 * len(drawn))], 100 * drawn[int(0.975 * (len(drawn) - 1))])
