"""What an English mention wants of us, once it is known to be neither spam nor a case that a person must write.

A question inside a grievance is a grievance first; a post that praises nothing is no praise, whatever its tone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from responder.composing.clauses_en import SENTENCE, plain, sentences_of, words
from responder.composing.complaint import Complaint
from responder.composing.complaints_en import complaints
from responder.composing.frames import read_phrases
from responder.composing.heard_en import heard, listed
from responder.composing.praises_en import praised_in
from responder.composing.register import register_of

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

_PASSED_ON = re.compile(r"[“\"]@[^”\"]*[”\"]?|\bRT @.*|https?://\S+|[@#]\w+", re.S)
_QUOTED = re.compile(r"“@[^”]*”|\"@[^\"]*\"|\bRT @.*", re.S)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_OF_US, _FEW = "“@", 3  # our own words passed on, and words that answer them
_A_SHRUG = 7  # words; whoever writes more has told us what it was, and is not asked again


def kind_of(request: DraftRequest, polarity: str, asked: bool) -> tuple[str, tuple[Complaint, ...]]:
    """The kind of answer (complaint, mixed, praise, open, question, none or alone) and the failures that it takes up."""
    if heard("alone", request.text):
        return "alone", ()
    if heard("pleads", request.text) and request.source_kind and polarity == "positive":
        return "complaint", _troubled(request)
    own = _PASSED_ON.sub(" ", request.text)
    if request.rating is None and (not _LETTERS.search(own) or (_OF_US in request.text and len(own.split()) < _FEW)):
        return "none", ()  # Nothing but what somebody else wrote.
    found = _understood(request)
    plainly = tuple(one for one in found if one.certain and not one.plain)
    reviewed = request.rating is not None or request.kind == "review"
    sour = request.rating is None and heard("sour", request.text)
    if (polarity == "positive" and not sour) or (polarity == "negative" and not sour and _thanked_plainly(request)):
        return _positive(request, found, asked, reviewed)
    troubled = heard("troubled", request.text)
    if sour:
        return "complaint", plainly or tuple(found)
    if heard("suggests", request.text) and _only_wishes(request, plainly):
        return "remark", () if request.rating is None or request.rating > 2 else tuple(found[:1])
    if asked and (request.rating is None or request.rating >= 3) and not _grieves(request.text, polarity, plainly):
        return "question", ()
    if polarity == "neutral" and not reviewed:
        return ("complaint", plainly) if plainly and troubled else ("question" if asked else "none", ())
    if (
        "text_contradicts_stars" in request.reasons
        and praised_in(request.text)
        and not words("fault").search(request.text)
    ):
        return "open", ()
    if request.source_kind == "feed" and request.rating is None:
        return "none", ()
    if polarity == "neutral" or request.rating == 3:
        return _middling(request, found, plainly)
    return "complaint", tuple(found)


def _grieves(text: str, polarity: str, plainly: tuple[Complaint, ...]) -> bool:
    """Whether what is asked is asked in anger; a calm post that begins with its question is not."""
    begins = listed("facts").match(plain(text).strip()) is not None
    if polarity == "neutral":
        return bool(plainly) and not begins
    if begins:
        return any(not one.named for one in plainly)
    return bool(plainly) or (words("fault").search(text) is not None and words("thanks").search(text) is None)


def _middling(
    request: DraftRequest, found: list[Complaint], plainly: tuple[Complaint, ...]
) -> tuple[str, tuple[Complaint, ...]]:
    """Neither good nor bad: whatever was understood; three stars say that something was not right."""
    heard = praised_in(request.text)
    praised = heard.clauses or heard.quote
    if praised and request.rating == 3 and not _blames(request.text):
        return "praise", ()
    if praised and request.rating == 3:
        return "mixed", plainly or (found[0] if found[0].certain else _not_quite(found[0]),)
    if praised:
        return ("mixed", plainly) if plainly else ("praise", ())
    if found[0].certain:
        return "complaint", tuple(found)
    if len(request.text.split()) < _A_SHRUG:
        return "open", ()
    return "complaint", (_not_quite(found[0]),)


def _not_quite(known: Complaint) -> Complaint:
    return replace(known, clause=str(read_phrases("complaints.en.yaml")["not_quite"]))


def _positive(
    request: DraftRequest, found: list[Complaint], asked: bool, reviewed: bool
) -> tuple[str, tuple[Complaint, ...]]:
    """Praise, or praise with one thing that was not right and was not put right at once."""
    plainly = tuple(one for one in found if one.certain and not one.plain)
    praised = praised_in(request.text)
    mocked = praised.quote is not None  # "Great job!" beside what went wrong
    troubled = plainly and not reviewed and (mocked or not praised) and heard("troubled", request.text)
    if asked and request.rating is None and not troubled:
        return "question", ()
    if troubled:
        return "complaint", plainly
    if not reviewed and not praised and request.severity in ("major", "critical"):
        return "complaint", tuple(found)
    if not reviewed and not praised:
        glad = words("good").search(request.text) and not any(
            words(one).search(request.text) for one in ("fault", "wish")
        )
        return "praise" if glad else "none", ()
    if "text_contradicts_stars" in request.reasons and not praised:
        return "complaint", tuple(found)
    if request.rating == 4 and not praised and len(request.text.split()) < _A_SHRUG:
        return "open", ()
    if request.rating == 3 and (plainly or _blames(request.text)):
        return "mixed", plainly or (_not_quite(found[0]),)
    if heard("suggests", request.text):
        return "remark", ()
    if plainly and not praised and request.sentiment == "negative" and not reviewed:
        return "complaint", plainly
    turned = heard("but", request.text) or request.rating == 4
    if plainly and turned and request.rating != 5 and not heard("resolved", request.text):
        return "mixed", plainly
    return ("mixed", (replace(found[0], certain=False),)) if _reserved(request) else ("praise", ())


def _reserved(request: DraftRequest) -> bool:
    """Whether somebody who is content keeps one thing back, named in words that we understand or not."""
    if request.rating is None or heard("resolved", request.text):
        return False
    if heard("reserves", request.text):
        return True
    return request.rating == 4 and _blames(request.text)


def _blames(text: str) -> bool:
    """Whether a clause of it speaks more of a failure than of praise."""
    return any(part.fault > part.good for one in sentences_of(plain(text), None) for part in one.clauses)


def _troubled(request: DraftRequest) -> tuple[Complaint, ...]:
    """Somebody who asks for help, whatever the stars: what is certain of it, else that something is in their way."""
    found = tuple(one for one in _understood(request) if one.certain and not one.plain)
    return found or (Complaint(str(read_phrases("complaints.en.yaml")["general"]["plea"]), "other", 0, certain=False),)


def _only_wishes(request: DraftRequest, plainly: tuple[Complaint, ...]) -> bool:
    """Whether nothing that was suffered stands beside a wish."""
    if any(not one.named or one.topic not in ("quality", "other", "app") for one in plainly):
        return False
    return request.severity not in ("major", "critical")


def _thanked_plainly(request: DraftRequest) -> bool:
    """Whether a post thanks us and tells of nothing that went wrong, whatever the model hears in it."""
    praised = praised_in(request.text)
    kindly = praised.thanked or (praised.clauses and any(words(one).search(request.text) for one in ("good", "thanks")))
    if request.rating is not None or not kindly or words("unfit").search(request.text):
        return False
    failed = words("fault").search(request.text) or "n't" in request.text or heard("but", request.text)
    return not failed or heard("resolved", request.text)


def _understood(request: DraftRequest) -> list[Complaint]:
    """What went wrong, with our own names left out: they are no thing that went wrong."""
    text = request.text if request.rating is not None else _QUOTED.sub(" ", request.text)
    for name in sorted(request.brand.names, key=len, reverse=True):
        if len(name) > 2:
            text = re.sub(rf"\b{re.escape(name)}\b", " " * len(name), text, flags=re.I)
    # What decided that a text is not negative is no failure.
    found = complaints(text, request.topics, request.evidence if request.sentiment == "negative" else None)
    return [_general(one, request) if not one.certain and one.topic == "other" else one for one in found]


def _general(one: Complaint, request: DraftRequest) -> Complaint:
    """The apology that names nothing, by what was bought: an app and a dress are no visit."""
    known: dict[str, str] = read_phrases("complaints.en.yaml")["general"]
    register = register_of(request.source_kind, request.kind)
    return replace(one, clause=known.get(register) or known.get(request.brand.industry or "", one.clause))


def begins_with_question(text: str) -> bool:
    """Whether a sentence is a question that a fact answers, with its mark or without: by its verb before its subject."""
    said = plain(text).strip()
    if '"' in said:
        return False
    later = (one[0].strip() for one in SENTENCE.finditer(said))
    return listed("facts").match(said) is not None or any(listed("later").match(one) for one in later)


def asks_for_facts(question: str, sentiment: str) -> bool:
    """Whether a question can be answered: "when do you open" rather than "really?" or a word thrown back at us."""
    return (
        '"' not in question
        and "“" not in question
        and (
            sentiment == "neutral"
            or heard("practical" if sentiment == "negative" else "facts", question)
            or (sentiment == "positive" and heard("own", question))
        )
    )
