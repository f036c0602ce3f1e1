"""What an English mention wants of us, once it is known to be neither spam nor a case that a person must write.

A question inside a grievance is a grievance first; a post that praises nothing is no praise, whatever its tone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from responder.composing.clauses_en import plain, words
from responder.composing.complaints_en import weight
from responder.composing.content_en import A_SHRUG, Kind, of_content
from responder.composing.heard_en import heard, listed
from responder.composing.reading_en import Reading

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

_PASSED_ON = re.compile(r"[“\"]@[^”\"]*[”\"]?|\bRT @.*|https?://\S+|[@#]\w+", re.S)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_OF_US, _FEW = "“@", 3  # our own words passed on, and words that answer them
_SURE, _LIKELY = 0.75, 0.55  # of an intent that outweighs words, and of one that is in doubt no more
_LONG = 60  # words; in more of them somebody else may be told to leave them alone


def kind_of(request: DraftRequest, polarity: str, asked: bool) -> Kind:
    """The kind of answer (complaint, mixed, remark, praise, open, question, direct, none, alone) and its failures."""
    read = Reading(request)
    kind = _by_words(read, polarity, asked)
    if request.rating is not None:
        wishes = request.intent == "wish" and request.intent_p > _LIKELY and kind[0] == "praise"
        return ("remark", ()) if wishes else kind
    return _by_intent(read, kind)


def _by_intent(read: Reading, kind: Kind) -> Kind:
    """What the assessment hears of the writer's intent decides where the words of a post or an unrated review are unsure."""
    intent, sure = read.request.intent, read.request.intent_p >= _SURE
    if not sure or kind[0] in ("alone", "direct", "question"):
        return kind
    own = _PASSED_ON.sub(" ", read.text)
    if intent == "complaint" and kind[0] in ("none", "praise") and not read.praised and _blamed(own):
        return "complaint", read.found
    if intent == "question" and kind[0] == "none" and not _only_passed_on(read.text):
        return "question", ()
    if intent == "thanks" and kind[0] == "none" and not _only_passed_on(read.text):
        return "praise", ()
    if kind[0] != "complaint" or read.plainly or heard("sour", read.text):
        return kind
    heard_as: dict[str | None, Kind] = {
        "question": ("question", ()),
        "wish": ("remark", ()) if read.request.sentiment != "negative" else kind,
        "news": ("none", ()),
        "other": ("none", ()),
    }
    return heard_as.get(intent, kind)


def _by_words(read: Reading, polarity: str, asked: bool) -> Kind:
    request = read.request
    if request.rating is None and request.kind != "review" and heard("direct", request.text):
        return "direct", ()
    if heard("alone", request.text) and len(request.text.split()) < _LONG:
        return "alone", ()
    if heard("pleads", request.text) and polarity == "positive":
        return "complaint", read.troubled
    if request.rating is None and _only_passed_on(request.text):
        return "none", ()
    if request.rating is None and heard("sour", request.text):
        return "complaint", read.plainly or read.found
    if polarity == "positive" or (polarity == "negative" and read.thanks_plainly):
        return of_content(read, asked=asked)
    if read.only_wishes:
        return "remark", () if request.rating is None or request.rating > 2 else read.found[:1]
    if asked and (request.rating is None or request.rating >= 3) and not _grieves(read, polarity):
        return "question", ()
    return _review(read, polarity) if read.reviewed else _post(read, polarity, asked=asked)


def _blamed(said: str) -> bool:
    return words("fault").search(said) is not None or heard("troubled", said)


def _only_passed_on(text: str) -> bool:
    """Whether it holds nothing but what somebody else wrote."""
    own = _PASSED_ON.sub(" ", text)
    return not _LETTERS.search(own) or (_OF_US in text and len(own.split()) < _FEW)


def _post(read: Reading, polarity: str, *, asked: bool) -> Kind:
    if polarity == "neutral":
        calm = (
            read.request.severity == "none" and read.request.intent != "complaint" and read.request.intent_p > _LIKELY
        )
        heavy = heard("troubled", read.text) or any(weight(one.clause) for one in read.plainly)
        if read.plainly and heavy and not calm:
            return "complaint", read.plainly
        wants = read.request.intent == "question" and read.request.intent_p > _LIKELY
        return "question" if asked or wants else "none", ()
    doubted = read.request.intent not in (None, "complaint") and not _blamed(_PASSED_ON.sub(" ", read.text))
    calm = read.request.severity == "none" or (read.request.severity == "minor" and doubted)
    if read.request.source_kind == "feed" or (calm and not read.plainly):
        return "none", ()  # A joke, a correction: nothing that we did.
    return "complaint", read.found


def _review(read: Reading, polarity: str) -> Kind:
    contradicted = "text_contradicts_stars" in read.request.reasons
    if contradicted and read.praised and not words("fault").search(read.text):
        return "open", ()
    if polarity == "neutral" or read.rating == 3:
        return _middling(read)
    return "complaint", read.found


def _middling(read: Reading) -> Kind:
    """Neither good nor bad: whatever was understood; three stars say that something was not right."""
    if read.praised.clauses or read.praised.quote:
        if read.rating == 3 and read.blames:
            return "mixed", read.plainly or (read.found[0] if read.found[0].certain else read.not_quite,)
        return ("mixed", read.plainly) if read.plainly else ("praise", ())
    if read.found[0].certain:
        return "complaint", read.found
    if len(read.text.split()) < A_SHRUG:
        return "none" if read.rating is None else "open", ()
    return "complaint", (read.not_quite,)


def _grieves(read: Reading, polarity: str) -> bool:
    """Whether what is asked is asked in anger; a calm post that begins with its question is not."""
    begins = listed("facts").match(plain(read.text).strip()) is not None and not words("unfit").search(read.text)
    if polarity == "neutral":
        return bool(read.plainly) and not begins
    if begins:
        return any(not one.named for one in read.plainly)
    kindly = words("thanks").search(read.text) is not None
    return bool(read.plainly) or (words("fault").search(read.text) is not None and not kindly)
