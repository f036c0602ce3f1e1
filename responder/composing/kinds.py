"""Which kind of answer fits what the customer needs next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responder.composing.complaint import Understood
from responder.composing.register import register_of

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

SURE = 0.7  # of what a writer wants, before it decides


def kind_of(step: str, request: DraftRequest, polarity: str, understood: Understood) -> str:
    """complaint: an apology; mixed: thanks for the good, an apology for the rest; remark: thanks, and the remark is taken
    as it is; praise; open: thanks for the words alone; question; none: no reply.

    step: what the customer needs next. Few stars and a grievance are never left without an apology.
    """
    rating, failed = request.rating, bool(understood.failed)
    reviewed = rating is not None or request.kind == "review"
    low = rating is not None and rating <= 2 and polarity == "negative"
    marked = failed or any(one.bad for one in request.statements)
    if step == "none" and not low:
        return "open" if reviewed else "none"
    if step == "answer" and not (low and marked):
        return "question"
    if step == "thank" and not low:
        if marked and rating is not None and rating <= 3:
            return "mixed" if understood.praised else "complaint" if failed else "open"
        if understood.praised or polarity == "positive":
            return "praise"
        return "open" if reviewed else "none"
    if low:
        return "complaint"
    return _passed_on(step, request, polarity, understood, marked=marked)


def _passed_on(step: str, request: DraftRequest, polarity: str, understood: Understood, *, marked: bool) -> str:
    """For what is passed on or to be settled, where nobody gave few stars."""
    content = (request.rating or 0) >= 4
    ja = request.language == "ja"
    wishes = understood.wishes and not understood.failed and step != "settle"
    if wishes and (understood.wished or not ja):
        return "remark"
    if not marked and polarity != "negative":
        return "praise" if understood.praised else "open" if step != "settle" else "complaint"
    if content and ja and step != "settle" and understood.failed:
        return "remark"
    if content and not understood.failed and understood.praised:
        return "praise" if ja else "mixed"
    return "mixed" if understood.praised and (request.rating is not None or polarity != "negative") else "complaint"


def likely_step(request: DraftRequest, polarity: str, understood: Understood, *, asked: bool) -> str:
    """The next step where the assessment is not sure of it: by what the writer wants, how it sounds and what was understood."""
    reviewed = request.rating is not None or request.kind == "review"
    failed = bool(understood.failed)
    wants = request.intent if request.intent_p >= SURE else None
    if asked and not (failed or polarity == "positive") and (request.rating is None or request.rating >= 3):
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
