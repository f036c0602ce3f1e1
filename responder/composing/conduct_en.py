"""How somebody of ours behaved, without repeating what an English complaint says of them."""

from __future__ import annotations

import re
from functools import lru_cache

from responder.composing.clauses_en import words
from responder.composing.frames import read_phrases

_SPEECH = re.compile(r"(?<!\w)'[^']{3,60}'")


def conduct(sentence: str) -> str | None:
    """ "for the way our driver treated your son": who it was and whom it met; None where either is left open."""
    said = _SPEECH.sub("'quoted'", sentence)
    who, what = _pattern("people").search(said), _pattern("conduct").search(said)
    if who is None or what is None or words("good").search(said) or what.start() < who.start() - 24:
        return None
    names: dict[str, str] = read_phrases("conduct.en.yaml")["who"]
    ours = names.get(who[0].lower(), who[0].lower())
    if (kin := _pattern("kin").search(said)) is not None:
        return f"for the way our {ours} treated your {kin[0].split(maxsplit=1)[1].lower()}"
    if _pattern("strangers").search(said):
        return f"for the way our {ours} behaved"
    return f"for the way our {ours} treated you"


@lru_cache(maxsize=4)
def _pattern(name: str) -> re.Pattern[str]:
    """A list of conduct.en.yaml as one expression over whole words."""
    listed = sorted(read_phrases("conduct.en.yaml")[name], key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(listed)})(?!\w)", re.I)
