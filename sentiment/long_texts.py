"""Texts that are longer than what the network sees at once: cut into passages, and read as one again."""

from collections.abc import Sequence

from sentiment.reading import Passage, Reading
from sentiment.sentences import Sentence
from sentiment.words import readable

SEEN_AT_ONCE = 280  # characters that surely fit into 128 pieces, Japanese included


def passages(sentences: Sequence[Sentence], whole: str, language: str) -> list[Passage]:
    """The sentences of a text in as few passages as can be seen at once, each a run of them in order.

    In the form that a classifier reads; a space between two sentences stays where the text has any.
    """
    found: list[list[str]] = []
    length = SEEN_AT_ONCE
    for sentence in sentences:
        text = readable(sentence.text) + (" " if whole[sentence.end : sentence.end + 1].isspace() else "")
        if length + len(text) > SEEN_AT_ONCE:
            found.append([])
            length = 0
        found[-1].append(text)
        length += len(text)
    return [Passage((*run[:-1], run[-1].rstrip()), language) for run in found]


def combined(parts: Sequence[Passage], readings: Sequence[Reading]) -> Reading:
    """One reading of all passages of a text.

    Sentiment, intent and next step: the mean, each passage weighing by its length and by how little neutral it is.
    Severity and emotion: of the gravest, because one sentence about an injury is enough. Topics: the largest
    probability.
    """
    if len(parts) == 1:
        return readings[0]
    weights = [len(part.text) * (1.05 - reading.sentiment[1]) for part, reading in zip(parts, readings, strict=True)]
    total = sum(weights)
    negative, neutral, positive = (
        sum(weight * reading.sentiment[index] for weight, reading in zip(weights, readings, strict=True)) / total
        for index in range(3)
    )
    gravest = max(readings, key=lambda reading: sum(reading.severity[2:]))
    intent, next_step = (
        tuple(
            sum(weight * p for weight, p in zip(weights, each, strict=True)) / total
            for each in zip(*of_passages, strict=True)
        )
        for of_passages in ([reading.intent for reading in readings], [reading.next_step for reading in readings])
    )
    topics: dict[str, float] = {}
    for reading in readings:
        for name, p in reading.topics.items():
            topics[name] = max(topics.get(name, 0.0), p)
    return Reading(
        (negative, neutral, positive),
        topics,
        gravest.emotion,
        gravest.severity,
        readings[0].embedding,
        intent,
        next_step,
    )
