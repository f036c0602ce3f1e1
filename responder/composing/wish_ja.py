"""What a Japanese mention wants of us, once it is known to be neither spam nor a case that a person must write.

Precision first: an apology only for what went wrong, thanks only for what was praised, and a remark is taken as one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from responder.composing.complaint import Complaint
from responder.composing.complaints_ja import complaints
from responder.composing.praises_ja import praised_ja, sounds_good
from responder.composing.register import register_of
from responder.composing.scene import topics_meant

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

SURE = 0.7  # of what a writer wants, before it decides
_TROUBLED = re.compile(r"困|のに|来な|遅|ひどい|酷い|壊|間違|使えな|できな|出来な|動かな|不便|残念|まま")


def kind_of(request: DraftRequest, polarity: str, asked: bool) -> tuple[str, tuple[Complaint, ...]]:
    """The kind of answer and the failures or remarks that it takes up.

    complaint: an apology; mixed: thanks for the good, an apology for the rest; remark: thanks, and the remark is taken
    as it is; praise; open: thanks for the words alone; question; none: nothing is asked and nothing went wrong.
    """
    found = _understood(request)
    certain = tuple(one for one in found if one.certain and _stands(one, request))
    failed = tuple(one for one in certain if one.felt != "wish")
    if request.rating is None and request.kind != "review" and _register(request) == "social":
        return _posted(request, polarity, asked, failed) or ("complaint", certain or tuple(found))
    if asked and not failed and polarity != "positive" and (request.rating is None or request.rating >= 3):
        return "question", ()
    if request.rating == 3 or (polarity == "neutral" and (certain or request.rating or request.kind == "review")):
        return _middling(request, certain, failed)
    if polarity == "neutral":
        return "none", ()
    if polarity == "positive":
        return _positive(request, certain, failed)
    if not certain and request.rating is None and sounds_good(request.text):
        return "open", ()  # The model hears a grievance; the words tell of none.
    return "complaint", certain or tuple(found)


def _posted(
    request: DraftRequest, polarity: str, asked: bool, failed: tuple[Complaint, ...]
) -> tuple[str, tuple[Complaint, ...]] | None:
    """What a post on a network wants; None for a grievance. One that neither asks, praises nor blames wants nothing."""
    plainly = not asked and any(not one.mild for one in failed)
    troubled = bool(failed) and (plainly or _TROUBLED.search(request.text) is not None)
    if polarity == "negative" or (polarity == "neutral" and troubled):
        return ("question", ()) if asked and not failed else None
    if asked:
        return "question", ()
    praised = polarity == "positive" and praised_ja(request.text, meant_of(request)) is not None
    return ("praise" if praised else "none"), ()


def _positive(
    request: DraftRequest, certain: tuple[Complaint, ...], failed: tuple[Complaint, ...]
) -> tuple[str, tuple[Complaint, ...]]:
    app = _register(request) == "app"
    blames = request.sentiment == "negative" or _wants(request, "complaint")
    if failed and (blames or (app and any(one.felt == "trouble" for one in failed))):
        return "mixed", failed
    praised = praised_ja(request.text, meant_of(request)) is not None or sounds_good(request.text)
    strong = tuple(one for one in failed if one.weight == 2 and one.felt and not one.mild)
    if strong and not praised:
        return "mixed", strong
    meant = tuple(one for one in certain if one.felt == "wish" or (one.turned and one.felt))
    if meant:
        return "remark", meant[:1]
    return ("praise" if praised or request.sentiment == "positive" else "open"), ()


def _middling(
    request: DraftRequest, certain: tuple[Complaint, ...], failed: tuple[Complaint, ...]
) -> tuple[str, tuple[Complaint, ...]]:
    if any(not one.mild for one in failed):
        return "mixed", failed
    if certain:
        return "remark", certain
    praised = praised_ja(request.text, meant_of(request)) is not None
    complains = _wants(request, "complaint")
    if not praised and (request.sentiment == "negative" or (request.sentiment != "positive" and complains)):
        return "complaint", tuple(_understood(request))
    glad = request.sentiment == "positive" or _wants(request, "thanks")
    return ("praise" if praised and glad else "open"), ()


def _stands(one: Complaint, request: DraftRequest) -> bool:
    """Whether a failure stands: to somebody who thanks only where it is called a pity, or a thing in it is heard as bad."""
    thankful = (request.rating or 0) >= 3 and _wants(request, "thanks")
    if not thankful or one.felt == "wish" or not request.things:
        return True
    around = request.text[one.start :][: len(one.clause) + 12]
    return "残念" in around or any(thing.bad and thing.text[:4] in around for thing in request.things)


def _wants(request: DraftRequest, intent: str) -> bool:
    """Whether the assessment is sure of what the writer wants."""
    return request.intent == intent and request.intent_p >= SURE


def meant_of(request: DraftRequest) -> frozenset[str] | None:
    """The topics that can be meant in this request."""
    return topics_meant(request.brand.industry, _register(request), request.topics)


def _register(request: DraftRequest) -> str:
    return register_of(request.source_kind, request.kind)


def _understood(request: DraftRequest) -> list[Complaint]:
    """What went wrong, with our own names left out: they are no thing that went wrong."""
    text = request.text
    for name in sorted(request.brand.names, key=len, reverse=True):
        text = text.replace(name, " " * len(name)) if len(name) > 2 else text
    blames = request.sentiment == "negative" or (request.sentiment != "positive" and _wants(request, "complaint"))
    aggrieved = blames and (request.rating is None or request.rating <= 3)
    goods = request.brand.industry in (None, "e-commerce", "technology")
    meant = meant_of(request)
    return complaints(
        text,
        request.topics,
        request.evidence,
        meant,
        aggrieved=aggrieved,
        told_first=goods,
        heard=request.things,
    )
