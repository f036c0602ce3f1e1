"""Whether a text holds anything to be read, and the form in which a classifier reads it."""

import re
import unicodedata

LONGEST = 20_000  # characters that are looked at; what follows cannot change what the brand has to do

_URL = re.compile(r"https?://\S+|www\.\S+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_REPEATED = re.compile(r"(.)\1{4,}", re.DOTALL)
_HANDLE = re.compile(r"(?<!\w)@\w+")


def clean(text: str) -> str:
    """``text`` without what breaks encoders, character for character, so that offsets stay true."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", text[:LONGEST]))


def unreadable(text: str) -> str | None:
    """Why nothing can be read from ``text``: a named reason, or None when there is something to read."""
    if not text.strip():
        return "empty"
    rest = _URL.sub(" ", text).strip()
    if not rest:
        return "url_only"
    if len(rest) > 2 and len(set("".join(rest.split()))) == 1:
        return "repeated_character"
    if not any(character.isalnum() for character in rest):
        return "emoji_only" if any(unicodedata.category(c) in ("So", "Sk") for c in rest) else "no_words"
    return None


def readable(text: str) -> str:
    """The form that a classifier gets: no links or handles, long repeats shortened, spaces folded."""
    shortened = _REPEATED.sub(lambda match: match.group(1) * 4, text)
    return " ".join(_HANDLE.sub("@user", _URL.sub(" ", shortened)).split())
