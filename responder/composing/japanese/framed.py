"""The frames of Japanese complaints: patterns that know a failure, and how it is said back in 敬語.

They stand in config/packs/phrases/complaints.ja.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from responder.composing.complaint import Complaint
from responder.composing.frames import Frames, fill, frames, read_phrases
from responder.composing.japanese.reading import sentences


def framed(text: str, allowed: Collection[str] | None, spans: Sequence[tuple[int, int]]) -> list[Complaint]:
    """What the frames know of, the weightiest first; of what stands in one of `spans` alone, where there are any."""
    found: list[Complaint] = []
    likely = [one for one in _frames().likely(text) if allowed is None or one.topic in allowed]
    for start, sentence in sentences(text) if likely else ():
        for at, part in _blaming(sentence):
            for frame in likely:
                match = frame.match(part, part)
                if match is None or sign("praised").search(match[0]) or sign("not_so").match(part[match.end() :]):
                    continue
                clause = fill(frame.say, lambda name, match=match: _value(match, name))  # type: ignore[misc]
                complaint = Complaint(clause, frame.topic, start + at + match.start())
                marked = not spans or any(a - 12 <= complaint.start < b for a, b in spans)
                if marked and not any(_one_thing(one, complaint) for one in found):
                    found.append(complaint)
    return sorted(found, key=lambda one: sign("heart").search(text[one.start :][:40]) is None)


def _blaming(sentence: str) -> list[tuple[int, str]]:
    """The parts of a sentence that can blame: all of it, or what is not praise on one side of its turn."""
    if _passed_over(sentence):
        return []
    if sign("fine").search(sentence) is None:
        return [(0, sentence)]
    cuts = [0, *(one.end() for one in sign("turn").finditer(sentence)), len(sentence)]
    parts = [(a, sentence[a:b]) for a, b in pairwise(cuts) if b > a]
    return [(at, part) for at, part in parts if sign("fine").search(part) is None]


def _passed_over(sentence: str) -> bool:
    """Whether no failure of ours is told: praise without a turn, a wish, a condition, or the customer's own mistake."""
    return (
        sign("contrast").search(sentence) is not None
        or sign("their_own").search(sentence) is not None
        or (sign("fine").search(sentence) is not None and sign("turn").search(sentence) is None)
    )


def _one_thing(one: Complaint, other: Complaint) -> bool:
    """Whether both say the same thing: one place, or one end. The earlier line of the file is the more exact one."""
    alike = one.clause[-14:] == other.clause[-14:] or one.clause[:6] == other.clause[:6]
    return alike or abs(one.start - other.start) < 8


def _value(match: re.Match[str], name: str) -> str | None:
    """What stands in a slot of a frame; None where its group found nothing."""
    groups: dict[str, str | None] = match.groupdict()
    bank: dict[str, dict[str, str]] = _bank()
    if name == "at_when":
        at = groups.get("at")
        return None if not at else bank["at_when"].get(at, f"{at}で")
    if name in ("when_do", "src_from"):
        written = groups.get("when" if name == "when_do" else "src") or ""
        return next((said for key, said in bank[name].items() if written.startswith(key)), None)
    if name == "place_in":
        place = groups.get("place")
        return None if not place else bank["place_in"].get(place) or f"{_polite(place)}に"
    if name == "smell":
        smell = groups.get("smell") or ""
        return bank["smells"].get(smell, smell)
    value = groups.get(name)
    return _polite(value) if value and name in ("thing", "who") else value


def _polite(thing: str) -> str:
    things: dict[str, str] = _bank()["things"]
    return things.get(thing) or things.get(thing.removeprefix("お")) or thing


def topic_clauses() -> dict[str, str]:
    """What is said of each topic where nothing more is known."""
    clauses: dict[str, str] = _bank()["topics"]
    return clauses


@lru_cache(maxsize=16)
def sign(name: str) -> re.Pattern[str]:
    """An expression of the list `signs`."""
    return re.compile(_bank()["signs"][name])


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("complaints.ja.yaml")


@lru_cache(maxsize=1)
def _frames() -> Frames:
    return frames(_bank()["frames"], _bank()["macros"])
