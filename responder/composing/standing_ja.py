"""Whether a Japanese complaint is over or still open, and whether it is the first: what the next step must fit.

A stay is over; a parcel that did not come, a thing that is broken, a charge or a letter without an answer is open. The
signs stand in config/packs/phrases/clauses.ja.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence

from responder.composing.complaint import Complaint
from responder.composing.fit_ja import bank_re
from responder.composing.own_words_ja import about, prepared

_OF_GOODS = ("delivery", "missing", "defect")


def still_open(text: str, complaints: Sequence[Complaint], *, goods: bool) -> str:
    """What is still open: money, delivery, missing, visit, unanswered or defect; empty where nothing is, or it was put right.

    goods: whether things are sold here, so that one can be exchanged.
    """
    plain = prepared(text)
    known = [one for one in complaints if one.certain]
    if not known or any(bank_re(one).search(plain) for one in ("put_right", "sent_back")):
        return ""
    for matter in ("money", *_OF_GOODS[:2], "visit", "unanswered"):
        if (goods or matter not in _OF_GOODS) and bank_re(f"open_{matter}").search(plain) is not None:
            return matter
    slight = bank_re("slight")
    known = [one for one in known if about(one.clause) != "food" and slight.search(one.clause) is None]
    broken = any(one.felt == "trouble" and one.weight == 2 for one in known)
    asked = bank_re("open_asked").search(plain) is not None
    return "defect" if goods and (asked or (broken and bank_re("open_defect").search(plain) is not None)) else ""


def speaks_of_goods(text: str) -> bool:
    """Whether something was bought: 「商品」, 「購入」."""
    return bank_re("open_goods").search(text) is not None


def comes_back(text: str) -> bool:
    """Whether it is not the first time: 「4回目です」, 「またか」."""
    return bank_re("again").search(prepared(text)) is not None
