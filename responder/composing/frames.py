"""Frames: a pattern over the customer's sentence, and what we say back. Read from YAML in config/packs/phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PHRASES = Path(__file__).parent.parent.parent / "config" / "packs" / "phrases"

_SLOT = re.compile(r"\{(\w+)(?:\|([^}]*))?\}")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_MACRO = re.compile(r"<([A-Z]+)>")


@dataclass(frozen=True, slots=True)
class Frame:
    """`has`: one of these must occur before `find` is tried; empty: always tried."""

    topic: str
    has: tuple[str, ...]
    find: re.Pattern[str]
    say: str
    across: bool = False  # tried on the whole text, not on each sentence

    def match(self, sentence: str, heard: str) -> re.Match[str] | None:
        """The first place where the frame fits; `heard` is the sentence as `has` is compared with it."""
        if self.has and not any(word in heard for word in self.has):
            return None
        return self.find.search(sentence)


class Frames:
    """The frames of a language in their order: the earlier line is the more exact one."""

    def __init__(self, lines: Iterable[Frame]) -> None:
        self._lines = tuple(lines)
        self._words = frozenset(word for line in self._lines for word in line.has)

    def likely(self, heard: str) -> list[Frame]:
        """Those that can fit somewhere in a text: each word is looked for once, not once a frame and sentence."""
        there = {word for word in self._words if word in heard}
        return [line for line in self._lines if not line.has or not there.isdisjoint(line.has)]


@lru_cache(maxsize=32)
def read_phrases(name: str) -> dict[str, Any]:
    """One YAML file of config/packs/phrases."""
    value: dict[str, Any] = yaml.load((PHRASES / name).read_bytes(), Loader=yaml.CSafeLoader)
    return value


def frames(lines: list[dict[str, Any]], macros: Mapping[str, str], *, ignore_case: bool = False) -> Frames:
    """Compiled frames. An unknown macro or a broken expression raises ValueError with the line's own text."""
    return Frames(_frame(line, macros, re.IGNORECASE if ignore_case else 0) for line in lines)


def _frame(line: dict[str, Any], macros: Mapping[str, str], flags: int) -> Frame:
    try:
        pattern = _MACRO.sub(lambda name: macros[name[1]], line["find"])
        return Frame(
            line.get("topic", "other"),
            tuple(word.lower() if flags else word for word in line.get("has", ())),
            re.compile(pattern, flags),
            line["say"],
            line.get("across", False),
        )
    except (KeyError, re.error) as error:
        raise ValueError(f"phrases: {line}: {error}") from None


def fill(template: str, value: Callable[[str], str | None]) -> str:
    """`template` with its slots: `[…]` is dropped when a slot in it has no value; `{slot|default}` falls back."""

    def optional(part: re.Match[str]) -> str:
        return "" if any(not value(slot[1]) for slot in _SLOT.finditer(part[1])) else part[1]

    return _SLOT.sub(lambda slot: value(slot[1]) or slot[2] or "", _OPTIONAL.sub(optional, template))
