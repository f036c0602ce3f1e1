"""What an English mention praises: the things that its statements name, or a plain thank-you."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from responder.composing.english.abroad import is_abroad, praised_abroad
from responder.composing.english.clauses import plain, sentences_of, words
from responder.composing.english.nouns import listed
from responder.composing.english.praised import thanked_for
from responder.composing.english.sane import may_be_thanked_for
from responder.composing.english.things import things_named

if TYPE_CHECKING:
    from responder.drafting.request import DraftRequest, Heard

MOST = 2
_MARKS = re.compile(r"\b10/10 (?:for (?:the |that )?)?([a-z]{3,})\b", re.I)
_PRICE = re.compile(r"\b(?:prices?|cost|value)\b")
_LONG = re.compile(r"\b(?!that|with|your|team)[a-z]{4,}\b")  # What two of them do not share.
_OF = re.compile(r" (?:of|in|on) ")
_LIKELY = 0.5  # of a statement
_MIDDLE, _FULL = 3, 5  # stars
_SUREST = 0.9  # of a thing in a text with full stars that is praised in no word that we know
_PERSON, _FEW = 0.65, 3  # of one of our people, and words of a name
_SURE = 0.7  # of a thing that is named as good


@dataclass(frozen=True, slots=True)
class Praised:
    """named: what is thanked for, in the words of a reply; thanked: whether they thank us and no more."""

    named: tuple[str, ...] = ()
    thanked: bool = False

    def __bool__(self) -> bool:
        return bool(self.named or self.thanked)


def praised_in(request: DraftRequest) -> Praised:
    """What a reply may thank for: the marked statements; where none is marked, clauses of praise, then good things."""
    if is_abroad(request):
        return Praised(praised_abroad(request))
    found: dict[str, str] = {}
    for named in filter(may_be_thanked_for, _named(request)):
        if any(set(_LONG.findall(named)) & set(_LONG.findall(one)) for one in found.values()):
            continue
        found.setdefault("price" if _PRICE.search(named) else _OF.split(named)[0].split()[-1], named)
        if len(found) == MOST:
            break
    return Praised(tuple(found.values()), not found and words("thanks").search(plain(request.text)) is not None)


def _named(request: DraftRequest) -> Iterator[str]:
    text = request.text
    yield from (f"the {one[1].lower()}" for one in _MARKS.finditer(text) if _named_before(one[1], text))
    said = [thanked_for(one.text, text) for one in request.statements if not one.bad and _whole(one, text)]
    yield from (one for one in said if one is not None)
    sentences = sentences_of(plain(text), None)
    if any(said) or not _glad(request):
        if not any(said) and request.rating == _MIDDLE:
            parts = (part.text for one in sentences if one.praises for part in one.clauses if part.good)
            yield from (named for part in parts if (named := thanked_for(part, text)) is not None)
        return
    for clause in (part for one in sentences for part in one.clauses):
        if clause.good and not clause.fault and (named := thanked_for(clause.text, text)) is not None:
            yield named
    if request.rating is None:
        return  # What a post names may be anything.
    praising = " ".join(one.text for one in sentences if one.praises)
    for thing in things_named(text, request.things, bad=False, least=_SURE):
        if thing.startswith("the ") and thing.removeprefix("the ") in praising:
            yield thing
    if request.rating == _FULL and not any(one.bad for one in request.statements):
        yield from things_named(text, request.things, bad=False, least=_SUREST)
    yield from (f"our {one.text}" for one in request.things if _by_people(one))


def _named_before(noun: str, text: str) -> bool:
    """Whether the text speaks of such a thing elsewhere: "a pun on the box … 10/10 pun"."""
    return re.search(rf"\b(?:an?|the|that|their) {noun}\b", text, re.I) is not None


def _by_people(one: Heard) -> bool:
    """Whether one of ours is surely named as good."""
    return (
        not one.bad and one.p >= _PERSON and one.text.split()[-1] in listed("people") and len(one.text.split()) < _FEW
    )


def _whole(one: Heard, text: str) -> bool:
    """Whether it is surely a statement, and begins with a word, not behind the apostrophe of one."""
    if one.p < _LIKELY:
        return False
    return one.start == 0 or not re.match(r"[\w'’]", text[one.start - 1])


def _glad(request: DraftRequest) -> bool:
    return request.sentiment == "positive" or (request.rating or 0) >= 4
