"""What was understood of an English mention: what failed, what is wished for, what is praised."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from responder.composing.complaint import Understood
from responder.composing.english.abroad import is_abroad, understood_abroad
from responder.composing.english.clauses import plain, words
from responder.composing.english.heard import heard
from responder.composing.english.reading import Reading

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

_PASSED_ON = re.compile(r"[“\"]@[^”\"]*[”\"]?|\bRT @.*|https?://\S+|[@#]\w+", re.S)
_OWN = re.compile(r"\b(?:i|i'm|my|me|we|our|us)\b", re.I)
_ACCLAIM = re.compile(
    r"\byou (?:guys |all |folks )?(?:rock|(?:are|r) (?:(?:so|the|all|really|just) )*(?:awesome|amazing|great|best|wonderful|fantastic))\s*[.!]*$",
    re.I,
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_FEW = 3  # words that answer our own
_A_SHRUG = 9  # words
_SURE = 0.55  # of a wish, and of praise
_LONG = 60  # words; in more of them somebody else may be told to leave them alone


def understood_en(request: DraftRequest) -> Understood:
    """Reads the text with what the assessment marked in it."""
    if is_abroad(request):
        return understood_abroad(request)
    read = Reading(request)
    told = read.kept if (request.rating or 0) >= 4 else read.found
    return Understood(
        found=read.troubled if _pleads(request) else read.found,
        failed=tuple(one for one in told if one.certain),
        wishes=heard("suggests", request.text) or (request.intent == "wish" and request.intent_p > _SURE),
        praised=bool(read.praised) or (kindly(request) and _untroubled(request)),
    )


def turned(request: DraftRequest) -> bool:
    """Whether thanks or praise are none: those of a post are sour ("thanks for ruining our trip"), or they plead for help."""
    posted = request.rating is None and request.kind != "review"
    return (posted and heard("sour", request.text)) or _pleads(request)


def thanks(request: DraftRequest) -> bool:
    """Whether a post that sounds negative thanks us and tells of nothing that went wrong."""
    return request.sentiment == "negative" and Reading(request).thanks_plainly


def passes_on(text: str) -> bool:
    """Whether a post holds nothing but what somebody else wrote, or a word or two about our own."""
    own = _PASSED_ON.sub(" ", text)
    return not _LETTERS.search(own) or ("“@" in text and len(own.split()) < _FEW)


def _pleads(request: DraftRequest) -> bool:
    return (request.sentiment != "negative" or (request.rating or 0) >= 4) and heard("pleads", request.text)


def glad(request: DraftRequest) -> bool:
    """Whether a post is kind and tells of nothing that went wrong, whatever was marked in it."""
    posted = request.rating is None and request.kind != "review"
    if posted and request.sentiment == "positive" and _ACCLAIM.search(request.text.strip()):
        return not heard("sour", request.text)
    return posted and kindly(request) and not any(heard(one, request.text) for one in ("troubled", "suggests"))


def waits(request: DraftRequest) -> bool:
    """Whether something is asked of us in a post, though nothing in it was understood as wrong."""
    return request.rating is None and request.intent not in ("news", "other") and heard("waits", request.text)


def advertises(request: DraftRequest) -> bool:
    """Whether a post is an offer, and nobody's own words of us."""
    return request.rating is None and heard("advertises", request.text) and _OWN.search(request.text) is None


def _untroubled(request: DraftRequest) -> bool:
    """Whether nothing was marked as a failure, nor sounds like one in a post."""
    posted = request.rating is None and heard("troubled", request.text)
    return not posted and not any(one.bad for one in request.statements)


def kindly(request: DraftRequest) -> bool:
    """Whether a word or a statement of somebody content is kind, named or not."""
    if request.sentiment != "positive" or (request.rating or 5) < 4:
        return False
    marked = any(not one.bad and one.p >= _SURE for one in request.statements)
    return marked or any(words(one).search(plain(request.text)) for one in ("good", "glad"))


def passes_a_wish(text: str) -> bool:
    """Whether its words are those of a wish or a suggestion."""
    return heard("suggests", text)


def shrugs(text: str) -> bool:
    """Whether a few words find us neither good nor bad: "meh, it's ok I guess"."""
    return heard("shrug", text) and len(text.split()) <= _A_SHRUG


def leaves_us(text: str) -> bool:
    """Whether the writer asks not to be answered."""
    return heard("alone", text) and len(text.split()) < _LONG


def asks_to_be_written_to(text: str) -> bool:
    """Whether a post asks for a private message."""
    return heard("direct", text)
