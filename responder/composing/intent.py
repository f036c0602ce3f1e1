"""What a mention asks for, before a word is written: by what the assessment is sure of, else by the lists of heard.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from responder.composing.frames import read_phrases

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

SURE = 0.6  # of what the customer needs next, before it decides
SURELY = {"critical": 0.4, "major": 0.7, "minor": 0.9}  # that a person must write, by how severe the matter is

# The words of assessment reasons (sentiment names them) that make a person write.
SENSITIVE = ("injury", "food_safety", "discrimination", "harassment", "data_leak")

_SENTENCE = re.compile(r"[^。！？!?\n.]+[。！？!?.]*")
# Which list leaves open what the model alone says; a reason that is not named here needs no word.
_IN_WORDS = {
    "food_safety": "food_safety",
    "data_leak": "data_leak",
    "harassment": "dignity",
    "discrimination": "dignity",
    "injury": "injury",
}


def sure_step(request: DraftRequest) -> str | None:
    """What the customer needs next (`DraftRequest.next_step`), where the assessment is sure of it."""
    return request.next_step if request.next_step_p >= SURE else None


def needs_a_person(request: DraftRequest) -> bool:
    """Whether the assessment is sure that a matter is too grave for a draft."""
    least = SURELY.get(request.severity)
    return request.next_step == "person" and least is not None and request.next_step_p >= least


def matter_in(text: str) -> str | None:
    """What is to be settled, by the words for it: money, delivery, defect … (heard.yaml: matter)."""
    return next((name for name in read_phrases("heard.yaml")["matter"] if _heard(f"matter.{name}", text)), None)


def put_right(text: str) -> bool:
    """Whether the words say that it was settled already."""
    return _heard("put_right", text)


def sensitive_reason(text: str, reasons: Sequence[str], severity: str) -> str | None:
    """The reason for which a person must write, if there is one: named by the assessment, or plain in the words."""
    if _heard("death", text) and not _heard("death_not", text):
        return "death"
    if _heard("body", text):
        return "injury"
    if _heard("dignity", text):
        return "discrimination"
    if _heard("leak", text):
        return "data_leak"
    if _list("risk").match(text):
        return "health_risk"
    if severity != "critical":
        return None
    named = [reason for reason in SENSITIVE if reason in reasons]
    return next((reason for reason in named if reason not in _IN_WORDS or _left_open(reason, text)), None)


def unwanted(text: str, rating: float | None) -> str | None:
    """spam or abuse: no reply, the site is told. A concrete complaint is never called abuse for its temper."""
    if _heard("spam", text) and (rating is None or len(text) < 400):
        return "spam"
    if _heard("injection", text):
        return "spam"
    if _heard("abuse", text) and len(text) < 120:
        return "abuse"
    return None


def asks(text: str) -> bool:
    """Whether it asks something that wants an answer (a rhetorical question does not)."""
    return any(
        _heard("question", sentence[0])
        and not _heard("rhetoric", sentence[0])
        and not _list("trailing").search(sentence[0])
        for sentence in _SENTENCE.finditer(text)
    )


def _heard(name: str, text: str) -> bool:
    return _list(name).search(text) is not None


def _left_open(reason: str, text: str) -> bool:
    return _list(f"in_words.{_IN_WORDS[reason]}").search(text) is not None


@lru_cache(maxsize=64)
def _list(name: str) -> re.Pattern[str]:
    """A list of heard.yaml as one expression. `name` may lead through a dot into a list of lists."""
    known: Any = read_phrases("heard.yaml")
    for part in name.split("."):
        known = known[part]
    parts: list[str] = list(known.get("anywhere", ()))
    if "words" in known:
        parts.append(rf"\b(?:{'|'.join(known['words'])})\b")
    return re.compile("|".join(parts), re.I | (re.S if name == "risk" else 0))
