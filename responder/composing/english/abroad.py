"""What an English reply to a mention in another language takes up: the topics that were heard in it, in English words.

None of its own words is taken over: nobody has read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from responder.composing.complaint import Complaint, Understood
from responder.composing.frames import read_phrases
from responder.composing.register import register_of

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

MOST = 2
_SURE = 0.6  # of a statement
_LONGEST = 60  # letters of a statement that is shown to the owner


def is_abroad(request: DraftRequest) -> bool:
    """Whether the mention is in neither of the languages of the drafts."""
    return not request.language.startswith(("ja", "en"))


def understood_abroad(request: DraftRequest) -> Understood:
    """What went wrong by its topics; where none was heard, what may be said to any customer."""
    known: dict[str, str] = read_phrases("abroad.en.yaml")["failed"]
    named = [
        Complaint(f"about {known[one]}", one, 0, named=known[one], plain=True) for one in request.topics if one in known
    ]
    failed = request.sentiment == "negative" or any(one.bad and one.p >= _SURE for one in request.statements)
    found = tuple(named[:MOST]) or (Complaint(_general(request), "other", 0, certain=False),)
    return Understood(found, failed=tuple(named[:MOST]) if failed else (), praised=bool(praised_abroad(request)))


def _general(request: DraftRequest) -> str:
    bank = read_phrases("complaints.en.yaml")
    places = (register_of(request.source_kind, request.kind), request.brand.industry)
    return str(next((bank["general"][one] for one in places if one in bank["general"]), bank["topics"]["other"]))


def praised_abroad(request: DraftRequest) -> tuple[str, ...]:
    """What is thanked for: the first topic of somebody who is content and blames nothing."""
    if request.sentiment != "positive" or any(one.bad and one.p >= _SURE for one in request.statements):
        return ()
    known: dict[str, str] = read_phrases("abroad.en.yaml")["praised"]
    return tuple(known[one] for one in request.topics[:1] if one in known)


def to_check(request: DraftRequest) -> str:
    """What whoever reads the language compares the draft with: the statements that were marked."""
    marked = [one.text.strip() for one in request.statements if len(one.text) <= _LONGEST and one.p >= _SURE]
    said = " and ".join(f"“{one}”" for one in marked[:MOST])
    return f"it names topics only; let someone who reads it compare {said or 'it'} with the draft, or translate"
