"""The interim classifier: counts of words that praise or blame. It knows Japanese and English, and nothing of irony.

It stays as the answer for a machine on which the network cannot be loaded, and as a yardstick: any model
that is shipped must beat it by far.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import NamedTuple

from sentiment.assessment import EMOTIONS
from sentiment.reading import Passage, PassageReading, Reading, one_by_one

_NOT = re.compile(r"(?:\b(?:not|never|no|hardly|isn'?t|wasn'?t|aren'?t|don'?t|didn'?t)\s+(?:\w+\s+){0,2}$)", re.I)
_NEGATED_AFTER = re.compile(r"^(?:くな[いか]|ではな|じゃな|とは言え|とはいえ|ありませ|なかった|くありません)")


class _Cues(NamedTuple):
    bad: re.Pattern[str]
    good: re.Pattern[str]
    anger: re.Pattern[str]
    worry: re.Pattern[str]
    topics: Mapping[str, re.Pattern[str]]


class CueClassifier:
    """Reads a text by its words of praise and blame."""

    name = "cues-1"

    def read(self, passages: Sequence[Passage]) -> list[PassageReading]:
        """One answer a passage; languages other than Japanese and English mostly come out neutral."""
        return one_by_one(lambda texts: [_read(text) for text in texts], passages)


def _read(text: str) -> Reading:
    cues = _cues()
    bad, good = len(cues.bad.findall(text)), 0
    for match in cues.good.finditer(text):
        if _NOT.search(text[: match.start()]) or _NEGATED_AFTER.match(text[match.end() :]):
            bad += 1
        else:
            good += 1
    # A complaint is often wrapped in thanks, praise seldom in blame: blame weighs more.
    negative, positive = 1.3 * bad, 1.0 * good
    scores = (exp(min(negative, 4)), 1.6, exp(min(positive, 4)))
    total = sum(scores)
    sentiment = (scores[0] / total, scores[1] / total, scores[2] / total)
    topics = {name: 0.7 for name, pattern in cues.topics.items() if pattern.search(text)}
    return Reading(sentiment, topics or {"other": 0.3}, _emotion(text, sentiment[0]), _severity(bad, sentiment[0]))


def _emotion(text: str, negative: float) -> tuple[float, ...]:
    cues, dominant = _cues(), "none"
    if negative > 0.4:
        dominant = "anger" if cues.anger.search(text) else "worry" if cues.worry.search(text) else "disappointment"
    return tuple(0.7 if emotion == dominant else 0.1 for emotion in EMOTIONS)


def _severity(bad: int, negative: float) -> tuple[float, ...]:
    if negative < 0.4:
        return (0.85, 0.1, 0.04, 0.01)
    return (0.1, 0.3, 0.55, 0.05) if bad >= 3 else (0.2, 0.6, 0.17, 0.03)


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    import yaml

    lists = yaml.load(Path(__file__).with_suffix(".yaml").read_bytes(), Loader=yaml.CSafeLoader)
    topics = {name: re.compile(words, re.IGNORECASE) for name, words in lists.pop("topics").items()}
    return _Cues(**{key: re.compile("|".join(words), re.IGNORECASE) for key, words in lists.items()}, topics=topics)
