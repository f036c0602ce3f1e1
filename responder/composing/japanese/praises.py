"""What a Japanese mention praises, as a reply thanks for it: its statements of praise, else the thing that it likes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from responder.composing.frames import read_phrases
from responder.composing.japanese.grammar import words
from responder.composing.japanese.heard_things import named_ja
from responder.composing.japanese.lexicon import holds
from responder.composing.japanese.praised import LEAST, Thanked, thanked
from responder.composing.japanese.reading import prepared, sentences
from responder.composing.japanese.sane import sane
from responder.drafting.request import Heard

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest

_SELLERS, _VISITED = ("e-commerce", "retail"), ("hospitality", "restaurants", "healthcare")
LONGEST = 30  # characters of the things that are named together


def praised_ja(request: DraftRequest) -> str | None:
    """What to thank for, before 「、大変嬉しく存じます」: 「…いただけたとのこと」, 「…についてのお言葉」; None for nothing."""
    plain = prepared(request.text)
    good = [one for one in request.statements if not one.bad]
    if not request.statements and not request.things and request.sentiment == "positive":
        good = [Heard(one, start, False, LEAST) for start, one in sentences(plain)]
    found = [told for one in good if (told := thanked(plain, one)) and sane(told.said, praised=True)]
    found = [one for one in found if _happens(one.said, request.brand.industry)]
    if found:
        return f"{found[0].said}とのこと" if found[0].clause else f"{_together(found)}についてのお言葉"
    if good:
        return None  # What is praised is known, and cannot be said.
    names = [one for one in named_ja(plain, request.things, bad=False) if sane(one[0], praised=True, name=True)]
    return f"{names[0][0]}についてのお言葉" if names else None


def praises(request: DraftRequest) -> bool:
    """Whether it praises anything, also where that can be neither named nor told."""
    return any(not one.bad for one in request.statements) or sounds_good(request.text)


def judges(request: DraftRequest) -> bool:
    """Whether its writer says what they think of it, rather than only that they came or bought."""
    if request.sentiment != "neutral" or any(one.bad or one.p >= LEAST for one in request.statements):
        return True
    return sounds_good(request.text) or holds(words(prepared(request.text)), "bad")


def sounds_good(text: str) -> bool:
    """Whether any sentence of it is praise by its words."""
    plain = prepared(text)
    return any(_re("good_end").search(one) and not _re("not_good").search(one) for _, one in sentences(plain))


def _happens(said: str, industry: str | None) -> bool:
    """Whether it can have been so: nobody stays with what is sold, and where one stays or eats nothing is delivered."""
    if industry in _SELLERS:
        return "過ごし" not in said
    return "お届け" not in said or industry not in _VISITED


def _together(found: Sequence[Thanked]) -> str:
    """「音の良さや手元の明るさ」: the second only where it is another thing, and both are short."""
    first = found[0].said
    for other in found[1:]:
        apart = not other.clause and other.said.split("の")[0] != first.split("の")[0] and other.said not in first
        plain = "と" not in first and not first.endswith("点") and not other.said.endswith("点")
        apart = apart and other.said.rpartition("の")[2] != first.rpartition("の")[2]
        plain = plain and ("の" in other.said or "の" not in first)  # 「バスタオルの数やおいしさ」.
        if apart and plain and len(first) + len(other.said) < LONGEST:
            return f"{first}や{other.said}"
    return first


@lru_cache(maxsize=2)
def _re(name: str) -> re.Pattern[str]:
    return re.compile(read_phrases("praise.yaml")["signs"][name])
