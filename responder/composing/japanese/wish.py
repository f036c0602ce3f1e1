"""What was understood of a Japanese mention: what failed, what is wished for, what is praised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responder.composing.complaint import Complaint, Understood
from responder.composing.japanese.complaints import complaints
from responder.composing.japanese.fit import bank_re
from responder.composing.japanese.praises import praises
from responder.composing.register import register_of
from responder.composing.scene import topics_meant

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

SURE = 0.7  # of what a writer wants, before it decides


def understood_ja(request: DraftRequest) -> Understood:
    """Reads the text with what the assessment marked in it."""
    found = _found(request)
    certain = tuple(one for one in found if one.certain and _stands(one, request))
    wished = tuple(one for one in certain if one.felt == "wish")
    return Understood(
        found=found,
        failed=tuple(one for one in certain if one.felt != "wish"),
        wished=wished,
        wishes=bool(wished),
        praised=praises(request),
    )


def _stands(one: Complaint, request: DraftRequest) -> bool:
    """Whether a failure stands: to somebody who thanks only where it is called a pity, or something in it is heard as bad."""
    thankful = (request.rating or 0) >= 3 and _wants(request, "thanks")
    if not thankful or one.felt == "wish" or not (request.things or request.statements):
        return True
    around = request.text[one.start :][: len(one.clause) + 12]
    bad = (heard for heard in (*request.things, *request.statements) if heard.bad)
    return "残念" in around or any(heard.text[:4] in around for heard in bad)


def _wants(request: DraftRequest, intent: str) -> bool:
    return request.intent == intent and request.intent_p >= SURE


def _found(request: DraftRequest) -> tuple[Complaint, ...]:
    """What went wrong, with our own names left out: they are no thing that went wrong."""
    text = request.text
    for name in sorted(request.brand.names, key=len, reverse=True):
        text = text.replace(name, " " * len(name)) if len(name) > 2 else text
    blames = request.sentiment == "negative" or (request.sentiment != "positive" and _wants(request, "complaint"))
    sold = request.brand.industry in ("e-commerce", "retail")
    register = register_of(request.source_kind, request.kind)
    return tuple(
        complaints(
            text,
            request.topics,
            request.evidence,
            topics_meant(request.brand.industry, register, request.topics),
            aggrieved=blames and (request.rating is None or request.rating <= 3),
            unmarked=(request.rating or 3) < 3 or request.next_step not in ("thank", "none"),
            goods=sold or (request.brand.industry is None and bank_re("open_goods").search(text) is not None),
            statements=request.statements,
            things=request.things,
        )
    )
