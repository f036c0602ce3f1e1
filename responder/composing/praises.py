"""What a mention praises, as a clause for 「…とのこと」 or "I am so glad …"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases

_SENTENCE = re.compile(r"[^。、！？!?.,\n]+")
_NOT = re.compile(
    r"(?<![少危])な(?:い|かった|く)(?:です|ので|けど|が|。|$)|ません|残念|少な|悪|ひど|なければ|だけに|\b(?:not|never|wasn'?t|isn'?t|weren'?t|aren'?t|no|could be|would be|should be|wish|supposed to)\b",
    re.I,
)  # fmt: skip
MOST = 2


def praises(text: str, language: str) -> list[str]:
    """At most two praised things; empty when nothing is praised in plain words."""
    found: list[tuple[int, str]] = []
    tongue = "ja" if language == "ja" else "en"
    for sentence in _SENTENCE.finditer(text):
        if _NOT.search(sentence[0]):
            continue
        for pattern, say in _lines(tongue):
            if any(said == say for _, said in found):
                continue
            if match := pattern.search(sentence[0]):
                groups = match.groupdict()
                clause = say.format(**{name: _said(value or "", tongue) for name, value in groups.items()})
                if clause not in [said for _, said in found]:
                    found.append((sentence.start() + match.start(), clause))
    specific = [one for one in found if one[1] not in _general(tongue)] or found
    return [clause for _, clause in sorted(specific[:MOST])]


def general_praise(language: str) -> str:
    """What is said when the praise names nothing."""
    return str(_bank()["ja_default" if language == "ja" else "en_default"])


def _said(value: str, tongue: str) -> str:
    if tongue == "en":
        return value.lower()
    return {"刺身": "お刺身", "魚": "お魚", "肉": "お肉"}.get(value, value)


def _general(tongue: str) -> tuple[str, ...]:
    return (str(_bank()[f"{tongue}_default"]), "that you had such a good time with us")


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("praise.yaml")


@lru_cache(maxsize=2)
def _lines(tongue: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(line["find"], re.I), line["say"]) for line in _bank()[tongue])
