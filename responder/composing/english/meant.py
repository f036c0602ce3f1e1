"""What "it" means in an English review: the thing that its text speaks of most, before the word first of all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from responder.composing.frames import read_phrases

_POINTED = re.compile(r"\b(?:this|these|this \w+|these \w+) $", re.I)
_OWN = re.compile(r"\b(?:my|our|the|a|an|this|these) (?:\w+ )?$", re.I)
_BESIDE = re.compile(
    r"\b(?:in|into|on|onto|with|for|from|like|under|over|than|of|to|wear|wore) (?:my|our|your|other|another|skinny|some|any) (?:\w+ ){0,3}$|\b(?:just|like|as|than|with|over|under|wear|wore|wearing) an? (?:\w+ )?$",
    re.I,
)
_MANY = re.compile(r"(?:[^s']s|people|children|feet|staff|employees)$", re.I)
_ONE = re.compile(r"(?:bus|virus|status|bonus|campus|cactus|ss|is|news|gas|tennis|lens|^us)$", re.I)
_PHRASE = re.compile(r" (?:of|in|on|for|with|at|from|to|between|by|around|above|under|about|that|which|inside) ", re.I)


FOOD, GOODS = "the food", "the item"  # what "it" is in a restaurant and in a shop


@dataclass(frozen=True, slots=True)
class Around:
    """What a marked clause stands in: the whole text, where the clause begins in it, and what "it" is where the text names no thing."""

    text: str
    start: int
    it: str = ""


def is_many(said: str) -> bool:
    """Whether a thing takes "were": by its last noun before "of", "in" …; two joined by "and" are many."""
    said = re.sub(
        r"^(?:some|most|all|many|both|half|several|two|three|four|five|six|\d+) of ", "", said.strip(), flags=re.I
    )
    head = _PHRASE.split(f"{said.strip()} ")[0].strip()
    if re.search(r"\b\w{3,} and (?:the |your )?\w{3,}", head):
        return True
    last = head.split()[-1].lower().strip(".,") if head.split() else ""
    return _MANY.search(last) is not None and _ONE.search(last) is None


def of_food(predicate: str) -> bool:
    """Whether only food is said to be so: cold, bland, undercooked."""
    listed = "|".join(sorted(read_phrases("statements.en.yaml")["of_food"], key=len, reverse=True))
    return (
        re.match(rf"(?:is|was|were|came|arrived|tasted) (?:\w+ )?(?:\w+ )?(?:{listed})\b", predicate, re.I) is not None
    )


def thing_meant(text: str, start: int, *, many: bool | None) -> str | None:
    """ "the dress" for "it", "the jeans" for "they"; None where the text names no such thing."""
    worth: dict[str, float] = {}
    for found in _goods().finditer(text):
        noun, before = found[0].lower(), text[: found.start()]
        if _BESIDE.search(before):
            continue
        if many is not None and is_many(noun) is not many:
            continue
        one = 1.0 + (2.0 if _POINTED.search(before) else 0.5 if _OWN.search(before) else 0.0)
        if found.start() < start:
            one += 1.0
        worth[noun] = worth.get(noun, 0.0) + one
    if not worth:
        return None
    best = max(worth, key=lambda noun: worth[noun])
    return f"the {best}"


@lru_cache(maxsize=1)
def _goods() -> re.Pattern[str]:
    listed = sorted(read_phrases("statements.en.yaml")["goods"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(listed)})\b(?!-)", re.I)


def topic_of(said: str, topics: Sequence[str]) -> str:
    """What a complaint is about, by the nouns in it; else the strongest of `topics`."""
    named = [topic for topic, nouns in _nouns().items() if nouns.search(said)]
    return next((one for one in (*topics, *named) if one in named), topics[0] if topics else "other")


def is_noun(said: str) -> bool:
    """Whether words are a thing that is known."""
    return any(nouns.fullmatch(said) for nouns in _nouns().values())


@lru_cache(maxsize=1)
def _nouns() -> dict[str, re.Pattern[str]]:
    known: dict[str, list[str]] = read_phrases("things.en.yaml")["nouns"]
    return {
        topic: re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(nouns, key=len, reverse=True)))})\b", re.I)
        for topic, nouns in known.items()
    }
