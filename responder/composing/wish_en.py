"""What was understood of an English mention: what failed, what is wished for, what is praised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responder.composing.complaint import Understood
from responder.composing.complaints_en import weak
from responder.composing.heard_en import heard
from responder.composing.reading_en import Reading

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

_SURE = 0.55  # of a wish
_LONG = 60  # words; in more of them somebody else may be told to leave them alone


def understood_en(request: DraftRequest) -> Understood:
    """Reads the text with what the assessment marked in it."""
    read = Reading(request)
    told = read.kept if (request.rating or 0) >= 4 else read.found
    return Understood(
        found=read.found,
        failed=tuple(one for one in told if one.certain and one.clause not in weak()),
        wishes=heard("suggests", request.text) or (request.intent == "wish" and request.intent_p > _SURE),
        praised=bool(read.praised),
    )


def leaves_us(text: str) -> bool:
    """Whether the writer asks not to be answered."""
    return heard("alone", text) and len(text.split()) < _LONG


def asks_to_be_written_to(text: str) -> bool:
    """Whether a post asks for a private message."""
    return heard("direct", text)
