"""The words of messages in Japanese and English (`wording.yaml`: every key in both)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

Words = dict[str, str]
LANGUAGES = ("ja", "en")


@cache
def words_in(language: str) -> Words:
    """All words in one of LANGUAGES."""
    written = yaml.load(Path(__file__).with_name("wording.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return {key: both[language] for key, both in written.items()}


def words_for(languages: Sequence[str]) -> Words:
    """The words of the first language that we speak: `ja`, `ja-JP`, `en` …; English otherwise."""
    for language in languages:
        short = language.lower().replace("_", "-").partition("-")[0]
        if short in LANGUAGES:
            return words_in(short)
    return words_in("en")


def say(words: Words, key: str, **values: object) -> str:
    """One message with its values."""
    return words[key].format(**values)


def name_of(words: Words, group: str, value: str) -> str:
    """The word for a domain value: `name_of(words, "topic", "staff")`. One that a team added stays as it is."""
    return words.get(f"{group}.{value}", value)


def strategy_of(words: Words, strategy: str) -> str:
    """What is proposed, in words: "personal_attention + training" has two."""
    return " + ".join(name_of(words, "strategy", one) for one in strategy.split(" + "))


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def times_heard(words: Words, history: int) -> str:
    """How often this author was let down before, in words."""
    if history == 0:
        return words["first_time"]
    return say(words, "history", n=history + 1, nth=ordinal(history + 1))
