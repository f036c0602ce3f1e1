"""Which of a playbook's acts may be said: one that speaks of what the customer speaks of.

An act of the right topic can still belong to another failure: cold food is no answer to a forgotten allergy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_EN = re.compile(r"[a-z]{4,}")
# What stands in every act and every complaint joins nothing.
_EN_COMMON = frozenset(
    [
        "will",
        "with",
        "that",
        "this",
        "what",
        "when",
        "where",
        "they",
        "them",
        "your",
        "yours",
        "have",
        "from",
        "every",
        "each",
        "more",
        "make",
        "sure",
        "people",
        "team",
        "into",
        "over",
        "before",
        "after",
        "again",
        "step",
        "about",
        "down",
        "which",
        "were",
        "been",
        "just",
        "same",
        "like",
        "that's",
        "there",
        "their",
        "those",
        "these",
        "than",
        "then",
        "here",
        "ours",
        "goes",
        "went",
        "find",
        "look",
        "take",
        "told",
        "tell",
        "said",
        "says",
        "know",
        "person",
        "customer",
        "customers",
        "guest",
        "guests",
        "staff",
        "until",
        "without",
        "second",
        "first",
        "next",
        "time",
        "times",
        "today",
    ]
)


def fitting_acts(acts: Sequence[str], heard: str, least: int = 1) -> tuple[str, ...]:
    """The English acts that share `least` words with `heard`, the complaint as we say it."""
    said = _words(heard)
    return tuple(act for act in acts if len(_words(act) & said) >= least)


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:6] for word in _EN.findall(text.lower()) if word not in _EN_COMMON)
