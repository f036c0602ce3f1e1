"""Which kind of answer fits what the customer needs next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responder.composing.complaint import Understood
from responder.composing.japanese.fit import bank_re
from responder.composing.register import register_of

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

FULL, MIDDLE = 5, 3  # stars
SURE = 0.7  # of what a writer wants, before it decides
SUREST, THANKED = 0.75, 0.8  # that they want nothing of us, and that an English post is to be thanked for
SUREST_THANKS = 0.9  # that a text with full stars holds nothing back
MARKED, MARKED_BY_CONTENT = 0.6, 0.75  # of a failure that was marked, and in a text with many stars


def kind_of(step: str, request: DraftRequest, polarity: str, understood: Understood) -> str:
    """complaint: an apology; mixed: thanks for the good, an apology for the rest; remark: thanks, and the remark is taken
    as it is; praise; open: thanks for the words alone; question; none: no reply.

    step: what the customer needs next. Few stars and a grievance are never left without an apology.
    """
    rating, failed = request.rating, _told(request, understood)
    reviewed = _reviewed(request)
    if not reviewed and _elsewhere(request):
        return "none"
    low = rating is not None and rating <= 2 and polarity == "negative"
    if low and (failed or step != "answer"):
        return "complaint"
    if step in ("none", "answer"):
        return "question" if step == "answer" else "open" if reviewed else "none"
    if polarity == "positive" or (step == "thank" and polarity == "neutral"):
        return _content(step, request, polarity, understood, failed=failed)
    if understood.wishes and not understood.failed and step == "pass_on" and (understood.wished or not _ja(request)):
        return "remark"
    if step != "settle" and (gentle := _gently(request, understood, failed=failed)) is not None:
        return gentle
    if understood.praised and (reviewed or polarity != "negative"):
        return "mixed"
    return "open" if step == "thank" and reviewed and not failed else "complaint"


def _gently(request: DraftRequest, understood: Understood, *, failed: bool) -> str | None:
    """For whoever sounds calm: no apology without a failure that can be named, or praise that it stands beside."""
    reviewed = _reviewed(request)
    if _ja(request) and reviewed and (_advises(request, understood) or _only_praises(request)):
        return "praise" if understood.praised and not failed else "open"
    if _ja(request) and request.rating == MIDDLE and _surely_fails(request) and not understood.failed:
        return None
    calm = _calm(request) or (not failed and request.sentiment != "negative")
    calm = calm and not (request.rating == MIDDLE and understood.praised and _holds_back(request))
    if calm and not (failed and (understood.failed or understood.praised)):
        return "praise" if understood.praised else "open" if reviewed else "none"
    mild = bool(understood.failed) and all(one.mild for one in understood.failed)
    return "remark" if calm and mild and _ja(request) else None


def _content(step: str, request: DraftRequest, polarity: str, understood: Understood, *, failed: bool) -> str:
    """For somebody who is content, or at least not aggrieved: nobody with a grievance gives full marks."""
    reviewed = _reviewed(request)
    full = request.rating == FULL
    if step != "thank" and understood.wishes and (understood.wished or not _ja(request)):
        return "remark"
    reserved = reviewed and step == "pass_on" and _holds_back(request)
    if (failed or reserved) and not full and (step != "thank" or request.rating == MIDDLE or _framed(understood)):
        if _ja(request) and step != "settle" and request.rating != MIDDLE and understood.failed:
            return "remark"
        return "mixed" if understood.praised or reviewed else "complaint"
    if _ja(request) and full and failed and understood.failed and not _only_thanks(request):
        return "remark"
    if step == "settle" and not reviewed:
        return "complaint"
    glad = (request.rating or FULL) > MIDDLE if reviewed else step == "thank" and (_ja(request) or _thanks(request))
    if understood.praised or (polarity == "positive" and glad):
        return "praise"
    return "open" if reviewed else "none"


def _advises(request: DraftRequest, understood: Understood) -> bool:
    """Whether a visitor without a grudge tells others what it is like, or when to come, and no failure can be named."""
    bitter = request.rating is not None or request.severity not in ("none", "minor") or request.next_step == "settle"
    if bitter:
        return False
    told = request.next_step == "pass_on" and bool(request.statements) and not understood.failed
    return told or bank_re("advice").search(request.text) is not None


def _only_praises(request: DraftRequest) -> bool:
    """Whether all that was marked in a text without stars is praise, however it sounds."""
    return request.rating is None and bool(request.statements) and not any(one.bad for one in request.statements)


def _surely_fails(request: DraftRequest) -> bool:
    return any(one.bad and one.p >= MARKED_BY_CONTENT for one in request.statements)


def _only_thanks(request: DraftRequest) -> bool:
    return request.next_step == "thank" and request.next_step_p >= SUREST_THANKS


def _holds_back(request: DraftRequest) -> bool:
    """Whether something is surely to be passed on, of an English review."""
    return not _ja(request) and request.next_step == "pass_on" and request.next_step_p >= SURE


def _told(request: DraftRequest, understood: Understood) -> bool:
    """Whether a failure is told: one that the assessment marked, where it marks any; else one that was understood."""
    marks = request.next_step is not None
    doubted = (request.rating or 0) > MIDDLE and (_ja(request) or request.next_step == "thank")
    least = MARKED_BY_CONTENT if doubted else MARKED
    sure = any(one.bad and one.p >= least for one in request.statements) or _framed(understood)
    return sure if marks else bool(understood.failed)


def _framed(understood: Understood) -> bool:
    return any(one.framed for one in understood.failed)


def _reviewed(request: DraftRequest) -> bool:
    """Whether it is said to us: a review, or, where the assessment does not tell, anything that is no post."""
    posted = register_of(request.source_kind, request.kind) == "social"
    return request.rating is not None or request.kind == "review" or (request.next_step is None and not posted)


def _thanks(request: DraftRequest) -> bool:
    """Whether an English post is surely one of thanks, though it names nothing."""
    return request.intent == "thanks" and request.next_step_p >= THANKED


def _elsewhere(request: DraftRequest) -> bool:
    """Whether a post speaks of other things than us: of its writer's evening, of the news."""
    open_ = request.next_step in ("settle", "pass_on", "person") and request.next_step_p >= SURE
    return request.intent in ("news", "other") and request.intent_p >= SUREST and not open_


def _calm(request: DraftRequest) -> bool:
    """Whether nothing sounds aggrieved."""
    return request.sentiment != "negative" and request.severity in ("none", "minor") and request.intent != "complaint"


def _ja(request: DraftRequest) -> bool:
    return request.language == "ja"


def likely_step(request: DraftRequest, polarity: str, understood: Understood, *, asked: bool) -> str:
    """The next step where the assessment is not sure of it: by what the writer wants, how it sounds and what was understood."""
    reviewed = _reviewed(request)
    failed = bool(understood.failed) or _told(request, understood)
    wants = request.intent if request.intent_p >= SURE else None
    if asked and wants == "question" and request.next_step == "answer" and not reviewed and not _ja(request):
        return "answer"
    if asked and not failed and (polarity != "positive" or not reviewed) and (request.rating or FULL) >= MIDDLE:
        return "answer"
    if polarity == "negative":
        return "pass_on"
    if polarity == "positive":
        return "pass_on" if (failed and request.rating != 5) or understood.wishes else "thank"
    if reviewed:
        return "pass_on" if failed or understood.wishes or request.rating == 3 else "thank"
    return {"question": "answer", "complaint": "pass_on", "thanks": "thank"}.get(
        wants or "", "pass_on" if failed else "none"
    )
