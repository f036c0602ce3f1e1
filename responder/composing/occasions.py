"""What may be said where the day that went wrong was a celebration."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases


def occasion(text: str, language: str) -> list[str]:
    """The sentences to choose from; empty where it was a day like any other."""
    line = _lines()["ja" if language == "ja" else "en"]
    return list(line["say"]) if re.search(line["find"], text, re.I) else []


@lru_cache(maxsize=1)
def _lines() -> dict[str, Any]:
    return read_phrases("occasions.yaml")
