"""`recover_when`: does a mention qualify for recovery, and by which line?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.criteria import Criterion

# A topic counts for a criterion when the model gives it at least this probability.
TOPIC_FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class Facts:
    """What criteria can ask of one revision. `confidence` is the probability of `sentiment`."""

    rating: float | None = None
    sentiment: str | None = None
    confidence: float | None = None
    topics: Mapping[str, float] = field(default_factory=dict)  # name → probability, any number of them
    severity: str | None = None
    reach: float | None = None  # people who may have read it: followers, views; None where nobody knows
    author_history: int = 0
    kind: str | None = None
    source: str | None = None
    source_kind: str | None = None
    language: str | None = None
    location: str | None = None


def qualifying(facts: Facts, lines: Sequence[Criterion]) -> Criterion | None:
    """The first line whose every condition holds; None when the mention does not qualify."""
    return next((line for line in lines if _holds(line, facts)), None)


def _holds(line: Criterion, facts: Facts) -> bool:
    if line.topic is not None and not any(facts.topics.get(topic, 0.0) >= TOPIC_FLOOR for topic in line.topic):
        return False
    for name in ("rating", "confidence", "severity", "reach", "author_history"):
        comparison = getattr(line, name)
        if comparison is not None and not comparison.holds(getattr(facts, name)):
            return False
    for name in ("sentiment", "kind"):
        if getattr(line, name) not in (None, getattr(facts, name)):
            return False
    for name in ("source", "source_kind", "language", "location"):
        allowed = getattr(line, name)
        if allowed is not None and getattr(facts, name) not in allowed:
            return False
    return True
