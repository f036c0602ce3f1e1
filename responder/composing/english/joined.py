"""Subject and predicate of a clause put together, its persons exchanged: "my call to you" is "your call to us"."""

from __future__ import annotations

import re

from responder.composing.english.lists import words
from responder.composing.english.meant import is_many

_SWAP = {
    "i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your", "mine": "yours", "ours": "yours", "myself": "yourself", "ourselves": "yourselves",
    "your": "our", "yours": "ours",
}  # fmt: skip
_WORD = re.compile(r"\b(?:i am|i was|we are|we were|[a-z]+)\b", re.I)
_OBJECT_OF = re.compile(
    r"\b(?:to|told|asked|rang|call|calling|called|emailed|phone|phoned|reach|contact|contacting|contacted|chase|from|by|with|at|of) $",
    re.I,
)
GENERIC = re.compile(
    r"you (?:can|cannot|could|have|need|get|pay|want|see|will|try|wear|put|move|wash|order|are (?:getting|paying))\b",
    re.I,
)
# What reads as an admission in law where "we" did it.
_HARMED = re.compile(
    r"(?:have )?(?P<how>lost|damaged|destroyed|misplaced|cancell?ed|delayed) (?P<what>your(?: (?!(?:on|in|at|for|from|to|twice|again|when|and|without|with|by|the)\b)[\w'-]+){1,3})"
    r"(?P<rest> .*)?",
    re.I,
)
_WILL_NOT = re.compile(
    r"^(?:will|would) not (?=(?:reply|respond|answer|call|return|help|tell|give|let|refund|hono|listen|explain|fix|accept|take|provide|offer|change|allow|send)\w*\b)"
)


def joined(subject: str, predicate: str, *, generic: bool = False) -> str:
    """Both as one clause told to the writer; empty where a person in it is not certain, or it reads as an admission."""
    turned = swapped(predicate, generic=generic, firm=subject in ("you", "we", "nobody", "our staff"))
    if not turned:
        return ""
    if subject == "we":
        turned = _WILL_NOT.sub("did not ", turned)
        if re.search(r"\b(?:us|we)\b", turned) or words("admits").search(turned):
            return ""
        if (harmed := _HARMED.fullmatch(turned)) is not None:
            return (
                f"{harmed['what']} {'were' if is_many(harmed['what']) else 'was'} {harmed['how']}{harmed['rest'] or ''}"
            )
    if subject in ("you", "we"):
        turned = re.sub(r"^(?:was|am|is)\b", lambda one: "were" if one[0].lower() == "was" else "are", turned)
        turned = re.sub(r"^has\b", "have", turned)
        turned = re.sub(r"^does\b", "do", turned)
    return f"{subject} {turned}"


def _people(pronoun: str, before: str, behind: str) -> bool:
    """Whether "they" are the firm."""
    if pronoun == "them":
        return _OBJECT_OF.search(before) is not None
    named = any(is_many(one) for one in re.findall(r"[a-z]{4,}", before, re.I))
    return not named and (pronoun == "their" or words("we_do").match(behind.lstrip()) is not None)


def swapped(said: str, *, firm: bool = False, generic: bool = False) -> str | None:
    """Mine is yours and yours is ours; "they" are we where the firm is meant; None where it is not certain who it is.

    "They" are we only as people are who act or are spoken to, and where no other many are named before.
    """
    certain = True
    ours = {"their": "our", "they": "we", "them": "us"} if firm else {}

    def swap(word: re.Match[str]) -> str:
        nonlocal certain, generic
        low = word[0].lower()
        if low in ("i am", "i was"):
            return "you are" if low == "i am" else "you were"
        if low == "you":
            if _OBJECT_OF.search(said[: word.start()]):
                return "us"
            generic = generic or GENERIC.match(said[word.start() :]) is not None
            certain = certain and generic
        if low in ours and not _people(low, said[: word.start()], said[word.end() :]):
            certain = False
        if low == "your" and (generic or words("of_me").match(said[word.end() :].lstrip())):
            return "your"
        return _SWAP.get(low, ours.get(low, word[0]))

    out = _WORD.sub(swap, said)
    return out if certain else None
