"""Which topics can be meant under a mention: the words for a bathroom are no words for a power bank."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases


def topics_meant(industry: str | None, register: str, heard: Sequence[str]) -> frozenset[str] | None:
    """The topics of the business and those that the model hears; None (all) where neither is known."""
    bank = _bank()
    kinds = bank["scene_of"].get(industry, []) if industry else ["app"] if register == "app" else _heard_in(heard)
    named = frozenset(heard) - {"other"}
    if not industry and register != "app":
        named -= {"app"}  # 「登録ができない」 may be said of a film for the screen.
    if not kinds and not named:
        return None
    return named.union(*(bank["scenes"][kind] for kind in kinds))


def _heard_in(heard: Sequence[str]) -> list[str]:
    kinds: dict[str, str] = _bank()["heard_in"]
    return [kinds[topic] for topic in heard[:1] if topic in kinds]


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("complaints.ja.yaml")
