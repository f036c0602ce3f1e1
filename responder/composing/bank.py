"""The sentences of a language, by register."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from responder.composing.frames import read_phrases

_REGISTERS = {
    "ja": {"review": "keigo", "social": "social", "app": "app"},
    "en": {"review": "review", "social": "social", "app": "app"},
}


@lru_cache(maxsize=2)
def bank(language: str) -> dict[str, Any]:
    """All phrases of `language` (ja or en)."""
    return read_phrases(f"{language}.yaml")


@lru_cache(maxsize=12)
def phrases(language: str, register: str, *, formal: bool = False) -> dict[str, Any]:
    """The phrases of one register; the formal ones lie over those of reviews."""
    whole = bank(language)
    review = whole[_REGISTERS[language]["review"]]
    if formal:
        own = whole[_REGISTERS[language][register]]
        return {
            **review,
            **{
                key: own[key]
                for key in (
                    "ask_device",
                    "ask_device_open",
                    "ask_settle",
                    "ask_settle_open",
                    "offer",
                    "offer_open",
                    "settle",
                    "act",
                    "act_lead",
                )
                if key in own
            },
            **whole["formal"],
        }
    return {"felt": {}, **whole[_REGISTERS[language][register]]}
