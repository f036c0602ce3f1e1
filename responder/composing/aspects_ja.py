"""Which side of a thing a Japanese text speaks of, where nothing that it says can be taken up: its price, its taste.

A name in general words is claimed of nothing but that the text speaks of it; the lines stand in
config/packs/phrases/aspects.ja.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from responder.composing.frames import read_phrases


def aspects(text: str, allowed: Collection[str] | None = None) -> list[tuple[str, str]]:
    """(name, topic) of each side that `text` speaks of, in the order of the file: 「お値段」, price.

    allowed: the topics that can be meant (None: all).
    """
    found = [
        (name, topic)
        for find, name, topic in _lines()
        if (allowed is None or topic in allowed or topic == "other") and find.search(text) is not None
    ]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    lines: list[dict[str, str]] = read_phrases("aspects.ja.yaml")["aspects"]
    return tuple((re.compile(line["find"]), line["say"], line.get("topic", "other")) for line in lines)
