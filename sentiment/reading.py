"""What a classifier says about one text, before rules and stars have their say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """Probabilities of one text.

    sentiment: negative, neutral, positive, adding up to 1; topics: name to probability, each on its own;
    emotion and severity: in the order of `EMOTIONS` and `SEVERITIES`, adding up to 1, or empty when the
    classifier has no such head; embedding: a unit vector, or empty.
    """

    sentiment: tuple[float, float, float]
    topics: Mapping[str, float] = field(default_factory=dict)
    emotion: tuple[float, ...] = ()
    severity: tuple[float, ...] = ()
    embedding: Sequence[float] = ()


class Classifier(Protocol):
    """Anything that reads texts: the shipped network, a Hugging Face model, or the cue list."""

    @property
    def name(self) -> str:
        """What an assessment names as its model."""
        ...

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """One reading a text, in order."""
        ...
