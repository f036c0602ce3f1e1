"""Words that may mean a critical case, by named reason; the words themselves are lines of ``alarms.yaml``.

The patterns back the model: they are wide, because a missed injury costs more than a second look. What
keeps 「死ぬほど美味しい」 or "killer burgers" out is mostly not the pattern but the triage, which asks the model
whether anybody complains at all.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

CRITICAL = (
    "injury", "food_safety", "danger", "discrimination", "harassment", "data_leak", "fraud", "legal_threat",
)  # fmt: skip
ATTENTION = ("press", "child_concerned", "disability_concerned")  # weigh more once something is wrong


_ASCII_LETTER = re.compile("[A-Za-z]")


def alarms(text: str) -> Iterator[tuple[str, int]]:
    """Yields each reason that ``text`` may give, with the offset of the first word that gave it."""
    words = _words()
    plain = text
    for pattern in words["figures_of_speech"]:
        plain = pattern.sub(lambda match: " " * len(match.group()), plain)
    kinds = [kind for kind, present in enumerate((_ASCII_LETTER.search(plain), not plain.isascii())) if present]
    for reason in (*CRITICAL, *ATTENTION):
        starts = [match.start() for kind in kinds if (match := words[reason][kind].search(plain))]
        if starts:
            yield reason, min(starts)


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    import yaml

    lists = yaml.load(Path(__file__).with_suffix(".yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return {reason: (_latin(lines), _others(lines)) for reason, lines in lists.items()}


def _latin(lines: list[str]) -> re.Pattern[str]:
    """The words in Latin letters; those that begin at a word's edge are tried only there, which saves most."""
    latin = [line for line in lines if _is_latin(line)]
    edged = "|".join(line.removeprefix(r"\b") for line in latin if line.startswith(r"\b"))
    return re.compile("|".join([rf"\b(?:{edged})", *(x for x in latin if not x.startswith(r"\b"))]), re.IGNORECASE)


def _others(lines: list[str]) -> re.Pattern[str]:
    """The words in other scripts, which have no capitals; a pattern that never matches where there are none."""
    return re.compile("|".join(line for line in lines if not _is_latin(line)) or r"(?!)")


def _is_latin(line: str) -> bool:
    first = next((character for character in re.sub(r"\\.|[(?:\[^]", "", line) if character.isalpha()), "a")
    return first < "\u0250"
