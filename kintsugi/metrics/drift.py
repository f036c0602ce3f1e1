"""Whether the model still says what it said in the first weeks: shares of its labels, and how sure it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from storage.assessment import Assessment

FIRST, LAST = timedelta(weeks=4), timedelta(weeks=1)
MOST = 5000  # assessments of a window; bounds what a look may cost
LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Window:
    """What the model said in one span of time. `sure` is the mean probability of the label that it chose."""

    name: str  # first, or last
    assessments: int
    shares: dict[str, float]
    severe: float  # share of major and critical
    sure: float


def windows(session: Session, at: datetime) -> list[Window]:
    """The first four weeks and the last one; none before anything was assessed."""
    begun = session.scalar(select(func.min(Assessment.assessed_at)))
    if begun is None:
        return []
    said = select(
        Assessment.sentiment,
        Assessment.severity,
        Assessment.negative,
        Assessment.neutral,
        Assessment.positive,
    ).limit(MOST)
    first = said.where(Assessment.assessed_at < begun + FIRST).order_by(Assessment.assessed_at)
    last = said.where(Assessment.assessed_at >= at - LAST).order_by(Assessment.assessed_at.desc())
    found = [_window("first", session.execute(first)), _window("last", session.execute(last))]
    return [one for one in found if one is not None]


def moved(first: Window, last: Window) -> float:
    """The total variation between the shares of the labels: 0 the same, 1 nothing in common."""
    return sum(abs(first.shares[label] - last.shares[label]) for label in LABELS) / 2


def _window(name: str, rows: Iterable[Row[str, str, float, float, float]]) -> Window | None:
    labels: Counter[str] = Counter()
    severe, sure = 0, 0.0
    for sentiment, severity, negative, neutral, positive in rows:
        labels[sentiment] += 1
        severe += severity in ("major", "critical")
        sure += max(negative, neutral, positive)
    count = labels.total()
    if not count:
        return None
    return Window(name, count, {label: labels[label] / count for label in LABELS}, severe / count, sure / count)
