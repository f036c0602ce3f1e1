"""What a reply can take up of a text: the things it names, and the statements it makes of them, bad or good.

"the front desk", 「露天風呂」 are things; "nobody called me back", 「駅からもすぐ」 are statements: the clause in which
a failure is told or something praised. The network says of each piece of a text whether it begins or continues such a
span, or is none of it; a run of pieces is a span, and those that it is surest of come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

Mood = Literal["negative", "positive"]
TAGS = ("none", "begins_bad", "in_bad", "begins_good", "in_good")
MOST = 4
SURE = 0.4  # of being part of a span; from there on a piece is taken into one
_OF_ONE_MOOD = 0.7  # below it nobody knows whether it was bad or good, and it is left out
_LEAN = 0.4  # how much the whole text weighs in whether a part of it is bad or good
_HEART = 0.5  # how much it counts that the network takes it for the heart of the text


@dataclass(frozen=True, slots=True)
class Span:
    """A thing or a statement in the writer's words, at ``text[start:end]`` (characters); p: how sure that is."""

    text: str
    start: int
    end: int
    mood: Mood
    p: float


class MarkedSpan(NamedTuple):
    """What the network marked: the words, how likely they tell something good, and how sure it is to take them up."""

    text: str
    good: float
    p: float


def placed(text: str, marked: Sequence[Sequence[MarkedSpan]], lean: float) -> tuple[Span, ...]:
    """What was marked in all passages of a text, at its place there; what cannot be found or is of no mood is left out.

    lean: where there are stars, the log odds that the text is positive rather than negative: under one star 「生地が
    ボロボロに」 is no praise, whatever it looks like by itself.
    """
    spans = [span for of_passage in marked for span in of_passage]
    if len(marked) > 1:
        spans.sort(key=lambda span: -span.p)
    found: dict[str, Span] = {}
    for span in spans:
        start, good = text.find(span.text), _leaning(span.good, lean)
        if start >= 0 and max(good, 1 - good) >= _OF_ONE_MOOD and span.text not in found:
            mood: Mood = "positive" if good > 0.5 else "negative"
            found[span.text] = Span(span.text, start, start + len(span.text), mood, round(span.p, 4))
    return tuple(found.values())[:MOST]


def _leaning(good: float, lean: float) -> float:
    odds = log(max(good, 1e-4) / max(1 - good, 1e-4)) + _LEAN * lean
    return 1 / (1 + exp(-odds))


def spans_of(text: str, offsets: Sequence[tuple[int, int]], tags: Array) -> list[MarkedSpan]:
    """The spans in `text`, those first that matter most, at most `MOST`.

    offsets: where each piece stands in `text`; tags: pieces x 6 logits, the last one whether the piece is of the heart.
    """
    import numpy as np

    shares = np.exp(tags[:, :5] - tags[:, :5].max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    found: list[tuple[float, MarkedSpan]] = []
    run: list[_Piece] = []
    for place in np.flatnonzero(shares[:, 0] <= 1 - SURE).tolist():
        start, end = offsets[place]
        none, begins_bad, in_bad, begins_good, in_good = shares[place].tolist()
        piece = _Piece(place, start, end, none, begins_bad, in_bad, begins_good, in_good, float(tags[place, 5]))
        if run and (piece.place > run[-1].place + 1 or piece.begins):
            found += _span(text, run)
            run = []
        if end > start:
            run.append(piece)
    found += _span(text, run) if run else []
    found.sort(key=lambda ranked: -ranked[0])
    return [span for _, span in found[:MOST]]


class _Piece(NamedTuple):
    """One piece of a text that may be part of a span: where it stands, and the probabilities of what it is."""

    place: int
    start: int
    end: int
    none: float
    begins_bad: float
    in_bad: float
    begins_good: float
    in_good: float
    heart: float

    @property
    def named(self) -> float:
        return 1 - self.none

    @property
    def begins(self) -> bool:
        return self.begins_bad + self.begins_good > self.in_bad + self.in_good

    @property
    def good(self) -> float:
        return self.begins_good + self.in_good


def _span(text: str, run: list[_Piece]) -> list[tuple[float, MarkedSpan]]:
    """One span with its rank."""
    start, end = _whole_words(text, run[0].start, run[-1].end)
    named = sum(piece.named for piece in run) / len(run)
    good = sum(piece.good for piece in run) / sum(piece.named for piece in run)
    if start == end:
        return []
    rank = named + _HEART * sum(1 / (1 + exp(-piece.heart)) for piece in run) / len(run)
    return [(rank, MarkedSpan(text[start:end], good, named))]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the space around it, and with the rest of a word that is written with spaces between words."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while 0 < start < end and _of_one_word(text[start - 1 : start + 1]):
        start -= 1
    while start < end < len(text) and _of_one_word(text[end - 1 : end + 1]):
        end += 1
    return start, end


def _of_one_word(two: str) -> bool:
    return two.isascii() and two.isalnum()
