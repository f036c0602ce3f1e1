"""A team's own topics, each given by a handful of example sentences."""

from collections.abc import Mapping, Sequence
from math import exp

from sentiment.reading import Classifier, Reading
from sentiment.words import readable

_STEEPNESS = 14.0  # how fast the probability rises around the threshold, per unit of cosine
_LOWEST, _HIGHEST = 0.30, 0.60  # bounds of a threshold: examples may be too alike or too far apart to tell


class CustomTopics:
    """Compares the sentence embedding of a text with those of the examples.

    examples: topic name to example sentences, at least one each. Raises ValueError when a topic has none or
    the classifier has no embedding.
    """

    def __init__(self, examples: Mapping[str, Sequence[str]], classifier: Classifier) -> None:
        self._topics: list[tuple[str, list[Sequence[float]], float]] = []
        for name, sentences in examples.items():
            if not sentences:
                raise ValueError(f"topics.{name}: give at least one example sentence")
            texts = [readable(sentence) for sentence in sentences]
            vectors = [reading.embedding for reading in classifier.read(texts, ["und"] * len(texts))]
            if not len(vectors[0]):
                raise ValueError(f"topics.{name}: {classifier.name} has no sentence embedding")
            self._topics.append((name, vectors, _threshold(vectors)))

    def probabilities(self, reading: Reading) -> dict[str, float]:
        """The probability of each topic, a logistic function of the cosine to its nearest examples."""
        return {
            name: 1 / (1 + exp(-_STEEPNESS * (_nearness(reading.embedding, vectors) - threshold)))
            for name, vectors, threshold in self._topics
        }


def _threshold(vectors: Sequence[Sequence[float]]) -> float:
    """A little below the nearness of the examples to each other: each is left out once."""
    if len(vectors) < 2:
        return (_LOWEST + _HIGHEST) / 2
    own = [_nearness(v, [*vectors[:i], *vectors[i + 1 :]]) for i, v in enumerate(vectors)]
    return min(_HIGHEST, max(_LOWEST, 0.85 * sum(own) / len(own)))


def _nearness(vector: Sequence[float], others: Sequence[Sequence[float]]) -> float:
    """The mean cosine to the two nearest: one alike example may be chance."""
    cosines = sorted((_cosine(vector, other) for other in others), reverse=True)[:2]
    return sum(cosines) / len(cosines)


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(a * b for a, b in zip(one, other, strict=True)))
