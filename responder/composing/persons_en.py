"""The persons of an English sentence exchanged: what the customer says of us, as we say it to them."""

from __future__ import annotations

import re

_SWAP = {
    "i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your", "mine": "yours", "ours": "yours", "myself": "yourself", "ourselves": "yourselves",
    "your": "our", "yours": "ours", "they": "we", "them": "us", "their": "our", "theirs": "ours",
}  # fmt: skip
_WORD = re.compile(r"\b(?:i'm|i am|i was|i've|i'd|i'll|we're|you are|you were|you|they're|[a-z]+)\b", re.I)
_PHRASES = {
    "i'm": "you are",
    "i am": "you are",
    "i was": "you were",
    "i've": "you have",
    "i'd": "you had",
    "i'll": "you will",
    "we're": "you are",
    "they're": "we are",
}
_OBJECT_OF = re.compile(
    r"\b(?:to|told|asked|rang|called|emailed|phoned|gave|sent|paid|for|with|from|by|at|chase|chasing|ringing|calling|of|contacted|remind\w*) $",
    re.I,
)
_ANYBODY = re.compile(r"you (?:have to|can't|cannot|can|need|get|must|wait|pay|never know|are|end up)\b", re.I)


def exchanged(said: str) -> str:
    """Every person exchanged at once: what is mine is yours, what is yours is ours.

    "You have to explain your symptoms" speaks of anybody: there you stays you.
    """
    anybody = _ANYBODY.match(said) is not None

    def swap(word: re.Match[str]) -> str:
        low = word[0].lower()
        if anybody and low in ("you", "your", "yours"):
            return low
        if low in _PHRASES:
            return _PHRASES[low]
        if low == "you":
            return "us" if _OBJECT_OF.search(said[: word.start()]) else "we"
        if low == "them" and not re.search(
            r"\b(?:told|asked|rang|called|emailed|phoned|paid|chase|chasing|ringing|calling|contacted|not|trusted)\b[ ,]*$",
            said[: word.start()],
        ):
            return "them"
        if low in ("you are", "you were"):
            return "we " + low[4:]
        return _SWAP.get(low, word[0])

    out = _WORD.sub(swap, said)
    out = re.sub(r"\byou was\b", "you were", out)
    return out if re.match(r"\s|[A-Z]{2}", out) else out[:1].lower() + out[1:]
