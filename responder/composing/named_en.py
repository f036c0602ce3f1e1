"""What an English complaint is about, by the name of the thing, where no clause of it can be told back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from responder.composing.clauses_en import Clause, Sentence, words
from responder.composing.complaint import Complaint
from responder.composing.frames import read_phrases
from responder.composing.grammar_en import thing_at

# Before a noun, not before the verb that is written like it.
_BEFORE = re.compile(
    r"(?:^|\b(?P<owner>my|our|your) (?:[a-z-]+ )?|\b(?:their|the|this|that|these|an?|no|any|of|with|about|bad|poor|terrible"
    r"|horrible|awful|slow|broken|lost|worst|long|new|crappy|lousy) )['\"]*$",
    re.I,
)
_CALLED = re.compile(r"\b(?:the|an?) '(?P<so>[a-z]+(?: [a-z]+){0,2}) $", re.I)  # a 'large party fee'
_AFTER = re.compile(
    r" (?:is|was|are|were|isn't|wasn't|aren't|weren't|has|had|have|never|still|not|doesn't|didn't|won't|keeps?|kept|issues?|problems?|fail\w*|broke|sucks?|needs)\b",
    re.I,
)
_ASIDE = re.compile(
    r"\b(?:if|wish|would|instead of|unlike|compared|than|like|just|except|love|asked for)\b[^,]*$", re.I
)
_PLACE = re.compile(
    r"\b(?:on|in|at|into|onto|over|via|by|through|from|to|inside|off|(?<!problem )(?<!problems )(?<!issue )(?<!issues )(?<!trouble )with) (?:my|our|the|your|an?|this|that) (?:[a-z-]+ )?$",
    re.I,
)
_SURE, _SHORT = 1.5, 30  # worth of a thing that is named; words of a text in which the only thing is meant
_OURS = ("app", "communication", "staff", "facilities", "waiting", "food")
_OWNERS = {"my": "your", "our": "your", "your": "our"}


@dataclass(frozen=True, slots=True)
class _Named:
    said: str
    topic: str
    noun: str
    clause: Clause
    worth: float


def named_complaint(sentences: Sequence[Sentence], topics: Sequence[str]) -> Complaint | None:
    """ "for the trouble with your bag": the thing nearest to what went wrong; None where none is certain."""
    found = [
        one
        for sentence in sentences
        if any(clause.fault for clause in sentence.clauses)
        for clause in sentence.clauses
        for one in _named(clause, topics)
    ]
    best = max(found, key=lambda one: (one.worth, -one.clause.start), default=None)
    if best is None or best.worth < _SURE:
        best = _only_thing(sentences, topics)
    if best is None:
        return _behind_words(sentences, topics)
    return Complaint(
        _groups()[best.topic]["say"].format(thing=best.said),
        best.topic,
        best.clause.start,
        named=best.said,
        plain=True,
    )


def _behind_words(sentences: Sequence[Sentence], topics: Sequence[str]) -> Complaint | None:
    """A thing that no list holds, by the words in front of it: "without a dedicated line", "terrible seams"."""
    for sentence in sorted(sentences, key=lambda one: not one.decided):
        for clause in sentence.clauses:
            for find, say, bare in _words_before():
                match = None if clause.good else find.search(clause.text)
                thing = thing_at(clause.text[match.end() :]) if match else None
                if (
                    thing is not None
                    and not thing.startswith("the other")
                    and not words("unfit").search(thing)
                    and not words("others").search(thing)
                ):
                    said = say.format(
                        thing=re.sub(r"^(?:the|an?) ", "", thing) if bare else re.sub(r"^an? ", "the ", thing)
                    )
                    return Complaint(said, topics[0] if topics else "other", clause.start, named=thing, plain=True)
    return None


def _only_thing(sentences: Sequence[Sentence], topics: Sequence[str]) -> _Named | None:
    """The one thing that a short complaint speaks of, whatever it says of it."""
    if sum(len(one.text.split()) for one in sentences) > _SHORT:
        return None
    named = (one for each in sentences for clause in each.clauses for one in _named(clause, topics))
    things = {one.noun: one for one in named if not topics or one.topic in topics}
    return next(iter(things.values())) if len(things) == 1 else None


def _named(clause: Clause, topics: Sequence[str]) -> Iterator[_Named]:
    if clause.good:
        return
    faults = [one.start() for one in words("fault").finditer(clause.text)]
    for found in _noun().finditer(clause.text):
        noun, before = found["noun"].lower(), clause.text[: found.start()]
        stands = _BEFORE.search(before)
        called = _CALLED.search(before) if clause.text[found.end() :].startswith("'") else None
        if _PLACE.search(before):
            continue  # "at the gate" says where, not what.
        if (stands is None and called is None and not _AFTER.match(clause.text[found.end() :])) or _ASIDE.search(
            before
        ):
            continue
        owner = (stands["owner"] or "").lower() if stands else ""
        topic = min(
            (one for one in _topics_of(noun)), key=lambda one: topics.index(one) if one in topics else len(topics)
        )
        if owner == "your" and topic not in _OURS:
            owner = ""  # "Your flight" may be theirs or ours.
        near = min((abs(at - found.start()) for at in faults), default=99)
        worth = _heard(topic, topics) + (0.6 if near < 32 else 0.2)
        worth += (0.5 if clause.decided else 0.0) - (0.0 if clause.fault else 0.3)
        worth += 0.2 * len(noun.split())
        described = f"{called['so'].lower()} " if called else ""
        said = f"{_OWNERS.get(owner, 'the')} {described}{found['noun'] if found['noun'][:2].isupper() and len(noun) < 5 else noun}"
        yield _Named(said, topic, noun, clause, worth)


def _heard(topic: str, topics: Sequence[str]) -> float:
    """How much the assessment speaks for a thing of this topic."""
    if not topics:
        return 0.6
    return 1.5 if topic == topics[0] else 1.0 if topic in topics[:2] else 0.0


def named_thing(said: str) -> str | None:
    """The first thing of the lists in `said`, behind "the", "my" …."""
    return next((one["noun"].lower() for one in _noun().finditer(said) if _BEFORE.search(said[: one.start()])), None)


def is_noun(said: str) -> bool:
    """Whether a word is a thing of the lists."""
    return bool(_topics_of(said.lower()))


@lru_cache(maxsize=512)
def _topics_of(noun: str) -> tuple[str, ...]:
    return tuple(topic for topic, group in _groups().items() if noun in group["nouns"])


@lru_cache(maxsize=1)
def _noun() -> re.Pattern[str]:
    nouns = sorted({noun for group in _groups().values() for noun in group["nouns"]}, key=len, reverse=True)
    return re.compile(rf"\b(?P<noun>{'|'.join(map(re.escape, nouns))})\b(?!['’]s\b| of (?:a|the|my)\b|-)", re.I)


@lru_cache(maxsize=1)
def _words_before() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    lines = read_phrases("things.en.yaml")["before"]
    return tuple((re.compile(line["find"], re.I), line["say"], line.get("bare", False)) for line in lines)


def _groups() -> dict[str, Any]:
    groups: dict[str, Any] = read_phrases("things.en.yaml")["groups"]
    return groups
