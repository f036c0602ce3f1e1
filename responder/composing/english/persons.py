"""The persons of an English clause exchanged: what the customer says of us, as we say it to them."""

from __future__ import annotations

import re

_SWAP = {
    "i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your", "mine": "yours", "ours": "yours",
    "myself": "yourself", "ourselves": "yourselves", "your": "our", "yours": "ours",
    "i'm": "you are", "i am": "you are", "i was": "you were", "i've": "you have", "i'd": "you had", "i'll": "you will",
    "we're": "you are", "we've": "you have",
}  # fmt: skip
_WORD = re.compile(r"\b(?:i am|i was|i'm|i've|i'd|i'll|we're|we've|[a-z]+)\b", re.I)
_OBJECT_OF = re.compile(
    r"\b(?:to|told|asked|rang|call|calling|called|email|emailed|emailing|phone|phoned|reach|contact|contacting|contacted|chase|chasing|remind|from|by|with|at) $",
    re.I,
)


def exchanged(said: str) -> str | None:
    """What is mine is yours, what is yours is ours; None where it is not certain who "you" is."""
    certain = True

    def swap(word: re.Match[str]) -> str:
        nonlocal certain
        low = word[0].lower()
        if low == "you":
            certain = certain and _OBJECT_OF.search(said[: word.start()]) is not None
            return "us"
        return _SWAP.get(low, word[0])

    out = _WORD.sub(swap, said)
    return out if certain else None
