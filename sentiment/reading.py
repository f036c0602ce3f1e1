"""What a classifier says about one text, before rules and stars have their say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, Protocol

from sentiment.spans import MarkedSpan


@dataclass(frozen=True, slots=True)
class Reading:
    """Probabilities of one text.

    sentiment: negative, neutral, positive, adding up to 1; topics: name to probability, each on its own;
    emotion, severity, intent, next_step: in the order of `EMOTIONS`, `SEVERITIES`, `INTENTS`, `NEXT_STEPS`, adding up
    to 1, or empty when the classifier has no such head; embedding: a unit vector, or empty.
    """

    sentiment: tuple[float, float, float]
    topics: Mapping[str, float] = field(default_factory=dict)
    emotion: tuple[float, ...] = ()
    severity: tuple[float, ...] = ()
    embedding: Sequence[float] = ()
    intent: tuple[float, ...] = ()
    next_step: tuple[float, ...] = ()


class Passage(NamedTuple):
    """What is read at once: sentences in order, each with the space behind it, and their language."""

    sentences: tuple[str, ...]
    language: str

    @property
    def text(self) -> str:
        """The whole stretch."""
        return "".join(self.sentences)


class PassageReading(NamedTuple):
    """What a classifier says of a passage: of the whole, and of each sentence where there are several (else none).

    things, statements: what it names as bad or good, and the clauses that tell of it, those first that matter most;
    none from a classifier that cannot tell.
    """

    whole: Reading
    sentences: tuple[Reading, ...] = ()
    things: tuple[MarkedSpan, ...] = ()
    statements: tuple[MarkedSpan, ...] = ()


class Classifier(Protocol):
    """Anything that reads texts: the shipped network, a Hugging Face model, or the cue list."""

    @property
    def name(self) -> str:
        """What an assessment names as its model."""
        ...

    def read(self, passages: Sequence[Passage]) -> list[PassageReading]:
        """One answer a passage, in order."""
        ...


def one_by_one(read: Callable[[list[str]], list[Reading]], passages: Sequence[Passage]) -> list[PassageReading]:
    """Passages for a classifier that knows whole texts only: the sentences of each are read after it."""
    texts = [
        text.strip()
        for passage in passages
        for text in (passage.text, *(passage.sentences if len(passage.sentences) > 1 else ()))
    ]
    answers = iter(read(texts))
    return [
        PassageReading(
            next(answers), tuple(islice(answers, len(passage.sentences) if len(passage.sentences) > 1 else 0))
        )
        for passage in passages
    ]
