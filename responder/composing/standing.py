"""What of a complaint is still open, so that the customer must write to us; else what happened is passed on and over."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from responder.composing.intent import SURE, matter_in, put_right
from responder.composing.japanese.fit import bank_re
from responder.composing.register import register_of

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

# Which matter a topic is, where no word names one.
_OF_TOPIC = {"delivery": "delivery", "booking": "booking"}
# What is open by its words alone, where the assessment is not sure.
_PLAINLY = frozenset({"access", "money", "wrong", "visit", "delivery", "missing", "baggage", "unanswered"})
LIKELY, SUREST = 0.4, 0.85  # that something is open, and that nothing is, whatever the words
_GRAVE = ("major", "critical")
_SELLERS = ("e-commerce", "retail")
_GOODS = frozenset({"wrong", "delivery", "missing", "defect"})
_SENDERS = (None, *_SELLERS, "technology", "telecom")  # of goods


def still_open(request: DraftRequest) -> str:
    """What is to be settled: a matter of heard.yaml or any; empty where nothing is.

    The assessment says whether; where it says nothing or is in doubt, plain words for what was paid, sent or promised do.
    """
    text = unicodedata.normalize("NFKC", request.text)
    told = "。".join(one.text for one in request.statements if one.bad)
    matter = matter_in(unicodedata.normalize("NFKC", told)) or matter_in(text)
    heard = request.next_step in ("settle", "person") and request.next_step_p >= LIKELY
    if not heard and (request.next_step_p >= SUREST or not _plainly_open(request, matter, text)):
        return ""
    if (
        matter in _GOODS
        and request.language == "ja"
        and put_right(text)
        and bank_re("still_waits").search(text) is None
    ):
        return ""
    app = register_of(request.source_kind, request.kind) == "app"
    if matter is None:
        matter = _of_topic(request, app=app)
    if matter in ("device", "defect") and app:
        return "device"
    matter = "defect" if matter == "device" else matter
    if matter == "booking" and request.brand.industry in _SELLERS:
        return "any"  # 「キャンセル」 of what was ordered.
    # A house where one stays or eats sends no second thing.
    return "any" if matter in _GOODS and request.brand.industry not in _SENDERS else matter


def _plainly_open(request: DraftRequest, matter: str | None, text: str) -> bool:
    if request.sentiment != "negative" or put_right(text):
        return False
    if matter in ("device", "defect"):  # Whoever tells that a thing is bad does not always want another.
        works = request.brand.industry in _SELLERS or register_of(request.source_kind, request.kind) == "app"
        plain = works and request.next_step_p < SURE
    else:
        plain = matter in _PLAINLY and (matter not in _GOODS or request.brand.industry in _SENDERS)
    return plain or (request.next_step is None and request.severity in _GRAVE)


def _of_topic(request: DraftRequest, *, app: bool) -> str:
    topic = request.topics[0] if request.topics else "other"
    if topic == "app":
        return "device" if app or request.brand.industry in _SELLERS else "any"
    return _OF_TOPIC.get(topic, "any")


def comes_back(text: str) -> bool:
    """Whether a Japanese text says that it is not the first time: 「4回目です」, 「またか」."""
    return bank_re("again").search(unicodedata.normalize("NFKC", text)) is not None


def reference(industry: str | None, matter: str, text: str, language: str) -> str:
    """By what we find the matter again (ja.yaml, en.yaml: bring): an order, a booking, a visit.

    In Japanese a photo only of what can be seen, and no order number of what was bought in a shop.
    """
    if matter in ("baggage", "access"):
        return matter
    japanese = language == "ja"
    seen = not japanese or bank_re("visible").search(unicodedata.normalize("NFKC", text)) is not None
    if matter in ("defect", "wrong") and seen:
        return "photo_shop" if japanese and industry == "retail" else "photo"
    if japanese and industry == "retail" and matter not in ("delivery", "missing"):
        return "retail"
    return "order" if matter in _GOODS or industry in _SELLERS else industry or "any"
