"""Which of a playbook's acts may be said: one that speaks of what the customer speaks of.

An act of the right topic can still belong to another failure: cold food is no answer to a forgotten allergy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from responder.composing.frames import read_phrases

_EN = re.compile(r"[a-z]{4,}")


def fitting_acts(acts: Sequence[str], heard: str, least: int = 1) -> tuple[str, ...]:
    """The English acts that share `least` words with `heard`, the complaint as we say it."""
    said = _words(heard)
    return tuple(act for act in acts if len(_words(act) & said) >= least)


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:6] for word in _EN.findall(text.lower()) if word not in _joins_nothing())


@lru_cache(maxsize=1)
def _joins_nothing() -> frozenset[str]:
    return frozenset(read_phrases("grammar.en.yaml")["joins_nothing"])
