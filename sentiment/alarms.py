"""Words that may mean a critical case, by named reason; the words themselves are lines of ``alarms.yaml``.

The patterns back the model: they are wide, because a missed injury costs more than a second look. What
keeps 「死ぬほど美味しい」 or "killer burgers" out is mostly not the pattern but the triage, which asks the model
whether anybody complains at all.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

CRITICAL = (
    "injury", "food_safety", "danger", "discrimination", "harassment", "data_leak", "fraud", "legal_threat",
)  # fmt: skip
ATTENTION = ("press", "child_concerned", "disability_concerned")  # weigh more once something is wrong


_ASCII_LETTER = re.compile("[A-Za-z]")


class _Words(NamedTuple):
    """The words of one reason; those in Latin letters are small, and some of them are tried at a word's edge only."""

    edged: re.Pattern[str]
    loose: re.Pattern[str]
    others: re.Pattern[str]  # in scripts that have no capitals


def alarms(text: str) -> Iterator[tuple[str, int]]:
    """Yields each reason that ``text`` may give, with the offset of the first word that gave it."""
    words, plain = _words(), text
    for pattern in _figures_of_speech():
        plain = pattern.sub(lambda match: " " * len(match.group()), plain)
    # Looking for small letters among small ones takes a fifth of looking for either. İ alone would become longer.
    small = plain.replace("İ", "I").lower() if _ASCII_LETTER.search(plain) else ""
    other = "" if plain.isascii() else plain
    for reason in (*CRITICAL, *ATTENTION):
        edged, loose, others = words[reason]
        found = edged.search(small), loose.search(small), others.search(other)
        starts = [match.start() for match in found if match]
        if starts:
            yield reason, min(starts)


@lru_cache(maxsize=1)
def _words() -> dict[str, _Words]:
    found = {}
    for reason, lines in _lists().items():
        latin = [line.lower() for line in lines if _is_latin(line)]
        edged = [line.removeprefix(r"\b") for line in latin if line.startswith(r"\b")]
        loose = [line for line in latin if not line.startswith(r"\b")]
        found[reason] = _Words(_any(edged, r"\b"), _any(loose), _any(line for line in lines if not _is_latin(line)))
    return found


@lru_cache(maxsize=1)
def _figures_of_speech() -> list[re.Pattern[str]]:
    lines = _lists()["figures_of_speech"]
    latin = _any(line for line in lines if _is_latin(line))
    return [re.compile(latin.pattern, re.IGNORECASE), _any(line for line in lines if not _is_latin(line))]


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    import yaml

    lists: dict[str, list[str]] = yaml.load(Path(__file__).with_suffix(".yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return lists


def _any(lines: Iterable[str], before: str = "") -> re.Pattern[str]:
    """Any of these; where there are none, a pattern that never matches."""
    return re.compile(f"{before}(?:{'|'.join(lines) or '(?!)'})")


def _is_latin(line: str) -> bool:
    first = next((character for character in re.sub(r"\\.|[(?:\[^]", "", line) if character.isalpha()), "a")
    return first < "\u0250"
