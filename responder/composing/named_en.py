"""What an English complaint is about, by the name of the thing, where no sentence of it can be told back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from responder.composing.complaint import Complaint
from responder.composing.frames import read_phrases
from responder.composing.turned_en import FAULT, GOOD, SENTENCE

_BUT = re.compile(
    r"\b(?:but|though|however|only|except|shame|downside|issue|problem|wish|miss|please|bring back|isn'?t|dead|lie)\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:left|ruined|taken up|dead|a lie|fist|shocks?|miss(?:ed)?|bring back|please|cut|light grey|can'?t read|separately|not on the|isn't on|hole)\b",
    re.I,
)
# Before these the word is a verb: "to return", "they charge".
_VERB = re.compile(
    r"\b(?:to|i|we|you|they|can|could|will|would|not|never|don't|didn't|doesn't|can't|couldn't|please|let me) $", re.I
)
_PLACE = re.compile(r"^ (?:in|on|of|at|for) (?P<owner>my|our|the|your) (?P<where>[a-z]+)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Named:
    said: str
    start: int
    sentence: int
    worth: float


def named_complaint(text: str, topics: Sequence[str], evidence: str | None) -> Complaint | None:
    """ "about the large party fee": the likeliest thing, and a second one of another sentence; None for none."""
    found = sorted(_named(text, topics, evidence), key=lambda one: (-one.worth, one.start))
    if not found or found[0].worth < 2.4:
        return None
    said = one = found[0].said
    second = next((one for one in found[1:] if one.worth >= 3 and one.said.split()[-1] not in said), None)
    if second is not None and abs(second.start - found[0].start) > 24:
        first, last = sorted((found[0], second), key=lambda one: one.start)
        said = f"{first.said} and {last.said}"
    topic = topics[0] if topics else "other"
    and_so: dict[str, str] = _bank()["and_so"]
    clause = f"about {said}" if said != one else f"about {said} {and_so.get(topic, and_so['other'])}"
    return Complaint(clause, topic, found[0].start, named=found[0].said, plain=True)


def _named(text: str, topics: Sequence[str], evidence: str | None) -> Iterator[_Named]:
    for number, sentence in enumerate(SENTENCE.finditer(text)):
        blame = len(FAULT.findall(sentence[0])) + len(_BUT.findall(sentence[0])) + len(_PAST.findall(sentence[0]))
        blame -= 1.2 * len(GOOD.findall(sentence[0]))  # type: ignore[assignment]  # counts become a weight
        if blame < 0 or (blame == 0 and GOOD.search(sentence[0])):
            continue
        decided = 0.8 if evidence and sentence[0].strip() and sentence[0].strip() in evidence else 0.0
        turn = max(
            (one.end() for one in re.finditer(r"\b(?:but|though|however|except)\b", sentence[0], re.I)), default=0
        )
        for found in _noun().finditer(sentence[0]):
            if found.start() < turn and GOOD.search(sentence[0][:turn]):
                continue
            if _VERB.search(sentence[0][: found.start()]):
                continue
            said = _said(sentence[0], found)
            worth = 1.5 + min(blame, 3) * 0.5 + decided + _heard(found["noun"].lower(), topics)
            worth += 0.4 if len(said.split()) > 2 else 0.0
            yield _Named(said, sentence.start() + found.start(), number, worth)


def _said(sentence: str, found: re.Match[str]) -> str:
    """The noun with what describes it and where it is, from the customer's side to ours."""
    before = sentence[: found.start()].split()
    words: list[str] = []
    mine = False
    for word in reversed(before[-3:]):
        bare = word.strip("'\"“”(").lower()
        if bare in ("my", "our"):
            mine = True
        if (
            len(words) == 2
            or bare in _bank()["not"]
            or not re.fullmatch(r"[a-z][a-z-]+", bare)
            or bare.endswith(("ly", "ing", "ed"))
        ):
            break
        words.insert(0, bare)
    noun = found["noun"]
    said = f"{'your' if mine else 'the'} {' '.join([*words, noun if noun.isupper() else noun.lower()])}"
    if (place := _PLACE.match(sentence[found.end() :])) is not None:
        owner = {"my": "your", "our": "your", "your": "our"}.get(place["owner"].lower(), "the")
        if place["where"].lower() not in _bank()["not"]:
            said += f"{place[0].split(' ' + place['owner'])[0]} {owner} {place['where'].lower()}"
    return said


def _heard(noun: str, topics: Sequence[str]) -> float:
    nouns: dict[str, list[str]] = _bank()["nouns"]
    for rank, topic in enumerate(topics[:3]):
        if noun in nouns.get(topic, ()):
            return 1.4 - 0.4 * rank
    return 0.0


@lru_cache(maxsize=1)
def _noun() -> re.Pattern[str]:
    words = sorted({noun for group in _bank()["nouns"].values() for noun in group}, key=len, reverse=True)
    return re.compile(rf"\b(?P<noun>{'|'.join(map(re.escape, words))})\b(?!['’]s\b| of (?:a|the|my)\b|-)", re.I)


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("things.en.yaml")
