"""The last look at what a Japanese reply takes up: what could read absurdly under a house's name is not said at all.

The words stand in config/packs/phrases/told.ja.yaml (absurd). The general sentence that takes its place is never wrong.
"""

from __future__ import annotations

import re
from functools import lru_cache

from responder.composing.frames import read_phrases

LONGEST = 45
_PAIRS = (("(", ")"), ("（", "）"), ("「", "」"), ("『", "』"), ("【", "】"), ("[", "]"))


def sane(said: str, *, praised: bool = False, name: bool = False) -> bool:
    """Whether a clause, or the name of a thing, can stand in a reply. praised: it is thanked for; name: it is only named."""
    if not said or len(said) > LONGEST or any(said.count(opens) != said.count(ends) for opens, ends in _PAIRS):
        return False
    if _absurd("any").search(said) is not None:
        return False
    return not ((praised and _absurd("praised").search(said)) or (name and _absurd("named").search(said)))


@lru_cache(maxsize=4)
def _absurd(name: str) -> re.Pattern[str]:
    return re.compile(read_phrases("told.ja.yaml")["absurd"][name].replace(" ", ""))
