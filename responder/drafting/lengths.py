"""How long a reply may be, in the unit in which the site itself counts."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_URL = re.compile(r"https?://[^\s、。」）)]+")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
_JOINER, _VARIATION = "\u200d", "\ufe0f"
_SITE_URL = 23  # X and Mastodon count any link as this many characters.


class Limit(NamedTuple):
    """`maximum` in `unit`: characters, bytes (UTF-8), graphemes, weighted (X) or linked (Mastodon)."""

    unit: str
    maximum: int


_OPEN = Limit("characters", 4000)
_LIMITS = {
    "app_store": Limit("characters", 5970),
    "app_store_connect": Limit("characters", 5970),
    "google_play": Limit("characters", 350),
    "google_play_console": Limit("characters", 350),
    "google_business": Limit("bytes", 4096),
    "google_places": Limit("bytes", 4096),
    "mastodon": Limit("linked", 468),  # of 500: the reply begins with the @name that it answers, at most 32
    "bluesky": Limit("graphemes", 300),
    "x": Limit("weighted", 280),
    "facebook_page": Limit("characters", 8000),
    "instagram": Limit("characters", 2200),
    "reddit": Limit("characters", 10000),
    "youtube": Limit("characters", 10000),
}


def limit_of(source_kind: str | None) -> Limit:
    """The limit of a kind of source; a site without a known one gets 4,000 characters."""
    return _LIMITS.get(source_kind or "", _OPEN)


def measure(text: str, unit: str) -> int:
    """The length of `text` in `unit`. ValueError for a unit that no site uses."""
    if unit == "characters":
        return len(text)
    if unit == "bytes":
        return len(text.encode("utf-8", "surrogatepass"))
    if unit == "graphemes":
        return _graphemes(text)
    if unit == "linked":
        return len(_URL.sub("u" * _SITE_URL, text))
    if unit == "weighted":
        return _weighted(text)
    raise ValueError(f"{unit!r} is no unit of length: characters, bytes, graphemes, linked or weighted")


def _graphemes(text: str) -> int:
    """What a reader takes for one character: marks, joined emoji and flags count with their base."""
    count, joined, flags = 0, False, 0
    for character in text:
        code = ord(character)
        if 0x1F1E6 <= code <= 0x1F1FF:
            flags += 1
            count += flags % 2
            joined = False
            continue
        flags = 0
        if character == _JOINER:
            joined = True
        elif not (unicodedata.combining(character) or _extends(character, code)):
            count += not joined
            joined = False
    return count - text.count("\r\n")


def _extends(character: str, code: int) -> bool:
    return (
        character == _VARIATION
        or 0x1F3FB <= code <= 0x1F3FF
        or unicodedata.category(character) in ("Mn", "Me", "Mc")
        or 0x1160 <= code <= 0x11FF
    )


def _weighted(text: str) -> int:
    """X's own count: Latin and general punctuation weigh 1, everything else 2, an emoji sequence 2, a link 23."""
    links = len(_URL.findall(text))
    rest = unicodedata.normalize("NFC", _URL.sub("", text))
    total, joined = links * _SITE_URL, False
    for character in rest:
        code = ord(character)
        if character == _JOINER and total:
            joined = True
            continue
        if character == _VARIATION or 0x1F3FB <= code <= 0x1F3FF:
            continue
        if joined and _EMOJI.match(character):
            joined = False
            continue
        joined = False
        light = code <= 4351 or 8192 <= code <= 8205 or 8208 <= code <= 8223 or 8242 <= code <= 8247
        total += 1 if light else 2
    return total
