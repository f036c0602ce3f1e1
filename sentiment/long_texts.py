"""One reading of a text that is longer than what the network sees at once."""

from collections.abc import Sequence

from sentiment.reading import Reading
from sentiment.sentences import Sentence

SEEN_AT_ONCE = 280  # characters that surely fit into 128 pieces, Japanese included
_TOPIC_SHARE = 0.8  # a topic of one sentence alone counts for a little less than one of the whole


def combined(parts: Sequence[Sentence], readings: Sequence[Reading]) -> Reading:
    """The first part is the whole text, the others its sentences; a short text is read as a whole.

    Sentiment: the mean, each sentence weighing by its length and by how little neutral it is, the whole as
    much as what it shows of the text. Severity and emotion: of the gravest part, because one sentence about
    an injury is enough. Topics: the largest probability.
    """
    whole = readings[0]
    if len(parts) == 1 or len(parts[0].text) <= SEEN_AT_ONCE:
        return whole
    weights = [float(SEEN_AT_ONCE)]
    weights += [
        len(part.text) * (1.05 - reading.sentiment[1]) for part, reading in zip(parts[1:], readings[1:], strict=True)
    ]
    total = sum(weights)
    negative, neutral, positive = (
        sum(weight * reading.sentiment[index] for weight, reading in zip(weights, readings, strict=True)) / total
        for index in range(3)
    )
    gravest = max(readings, key=lambda reading: sum(reading.severity[2:]))
    topics = dict(whole.topics)
    for reading in readings[1:]:
        for name, p in reading.topics.items():
            topics[name] = max(topics.get(name, 0.0), _TOPIC_SHARE * p)
    return Reading((negative, neutral, positive), topics, gravest.emotion, gravest.severity, whole.embedding)
