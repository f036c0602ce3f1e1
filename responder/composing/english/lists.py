"""The word lists by which an English complaint is understood and told back, as expressions."""

from __future__ import annotations

import re
from functools import lru_cache

from responder.composing.frames import read_phrases


@lru_cache(maxsize=32)
def words(name: str) -> re.Pattern[str]:
    """A list of statements.en.yaml (else of told.en.yaml or grammar.en.yaml) as one expression over whole words."""
    for file in ("statements.en.yaml", "told.en.yaml", "grammar.en.yaml"):
        bank = read_phrases(file)
        if name in bank:
            return re.compile(rf"(?<![\w'])(?:{'|'.join(sorted(bank[name], key=len, reverse=True))})(?!\w)", re.I)
    raise KeyError(name)
