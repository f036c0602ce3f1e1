"""Whether an English text holds words of a list of wish.en.yaml."""

from __future__ import annotations

import re
from functools import lru_cache

from responder.composing.frames import read_phrases


def heard(name: str, text: str) -> bool:
    """Whether one of the words of list `name` stands in `text`."""
    return listed(name).search(text) is not None


@lru_cache(maxsize=32)
def listed(name: str) -> re.Pattern[str]:
    """A list of wish.en.yaml as one expression over whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(read_phrases('wish.en.yaml')[name])})(?!\w)", re.I)
