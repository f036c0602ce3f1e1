"""A team's own topics, each given by a handful of example sentences."""

from collections.abc import Mapping, Sequence
from math import exp

from sentiment.reading import Classifier, Passage, Reading
from sentiment.words import readable

_STEEPNESS = 18.0  # how fast the probability rises around the margin, per unit of cosine
_MARGIN = 0.06  # how much nearer than to ordinary sentences a text must be to a topic
# What mentions are about anyway. Two texts of one language and length are alike without a topic in common:
# only what is nearer to the examples than to these has their topic.
_ORDINARY = (
    "朝食のパンが冷めていた",
    "駐車場が狭い",
    "受付で三十分待たされた",
    "スタッフの笑顔が素敵でした",
    "値段の割に量が少ない",
    "部屋の掃除が行き届いていない",
    "商品が予定より早く届いた",
    "アプリがすぐ落ちる",
    "明日から新しいメニューが始まります",
    "とても満足しています",
    "Check-in took an hour",
    "My refund never arrived",
    "The room was clean and quiet",
    "Lovely food, friendly waiter",
    "The app keeps crashing",
    "Too expensive for what it is",
    "Nobody answers the phone",
    "We open a new branch in May",
    "The parcel arrived broken",
    "Best weekend ever",
)


class CustomTopics:
    """Compares the sentence embedding of a text with those of the examples, and with ordinary sentences.

    examples: topic name to example sentences, at least one each. Raises ValueError when a topic has none or
    the classifier has no embedding.
    """

    def __init__(self, examples: Mapping[str, Sequence[str]], classifier: Classifier) -> None:
        self._ordinary = _embedded(_ORDINARY, classifier)
        self._topics: dict[str, list[Sequence[float]]] = {}
        for name, sentences in examples.items():
            if not sentences:
                raise ValueError(f"topics.{name}: give at least one example sentence")
            self._topics[name] = _embedded(sentences, classifier)
            if not len(self._topics[name][0]):
                raise ValueError(f"topics.{name}: {classifier.name} has no sentence embedding")

    def probabilities(self, reading: Reading) -> dict[str, float]:
        """The probability of each topic: a logistic function of how much nearer its examples are."""
        ordinary = _nearness(reading.embedding, self._ordinary)
        return {
            name: 1 / (1 + exp(-_STEEPNESS * (_nearness(reading.embedding, examples) - ordinary - _MARGIN)))
            for name, examples in self._topics.items()
        }


def _embedded(sentences: Sequence[str], classifier: Classifier) -> list[Sequence[float]]:
    passages = [Passage((readable(sentence),), "und") for sentence in sentences]
    return [reading.whole.embedding for reading in classifier.read(passages)]


def _nearness(vector: Sequence[float], others: Sequence[Sequence[float]]) -> float:
    """The mean cosine to the two nearest: one alike example may be chance."""
    cosines = sorted((_cosine(vector, other) for other in others), reverse=True)[:2]
    return sum(cosines) / len(cosines)


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(a * b for a, b in zip(one, other, strict=True)))
