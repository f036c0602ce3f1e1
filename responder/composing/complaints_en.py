"""What an English complaint is about, ready to be apologised for.

A ladder, each step taken only when it is sure: a frame that knows the failure; the customer's own clause with its persons
exchanged; the name of the thing; the topic, where the text holds a word of it; else that we let them down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from responder.composing.clauses_en import SENTENCE, Sentence, plain, sentences_of
from responder.composing.complaint import Complaint
from responder.composing.conduct_en import conduct
from responder.composing.framed_en import framed_complaints
from responder.composing.frames import read_phrases
from responder.composing.heard_en import heard
from responder.composing.meant_en import thing_meant
from responder.composing.named_en import named_complaint
from responder.composing.told_from_en import Around, hoped_for, told_from
from responder.composing.turned_en import told

if TYPE_CHECKING:
    from responder.drafting.request import Heard

MOST = 2
_LONG = re.compile(r"\b(?!that|with|your|were|have|from|this|what|when|does|been|they|trouble)[a-z]{4,}\b")
_OPEN = frozenset({"waiting", "communication", "delivery"})  # topics of which a time tells how long they waited
_LASTING = re.compile(
    r"(?<!within )(?<!after )(?<!in )\b((?:over |half )?(?:an?|\d+|two|three|four|five|six|several) (?:hours?|days?|weeks?|months?))\b(?! (?:ago|old|later))",
    re.I,
)
_LIKELY, _ALSO, _SURE = 0.5, 0.6, 0.65  # of the first statement, of a second, and of one whose ends are right
_BOUND = re.compile(
    r"[.!?:\n()]+(?=\s|$)|(?<!&amp);|\.{2,}|\n|, |\s[-–—]+\s| (?:but|because|although|though|however|so|yet|which|and(?= (?:i|i'm|i've|we|they|the|then|you|nobody|no one|it|it's|he|she|there|my|our|your)\b)|when|while|until|if) ",
    re.I,
)
_RAMBLING, _TAIL, _CLAUSE = 22, 6, 14  # words of a clause
_SUPPOSED = re.compile(
    r"\b(?:wish|if|hope[ds]?|thought|assumed?|expect(?:ed)?|as though|unless|whether|would|could|should|how|what|where|in case|imagine|like)\b",
    re.I,
)
_OPENS = re.compile(
    r"\W*(?:the|my|our|your|their|this|these|i|i'm|i've|we|we're|we've|you|they|it|it's|there|there's|no|nobody)\b",
    re.I,
)
_GOES_ON = frozenset("and or with without for in on at to from after before when while because until than by into of as that since during".split())
_TOGETHER = 24  # words of two failures in one sentence


def marked_complaints(
    text: str, topics: Sequence[str], statements: Sequence[Heard], things: Sequence[str], *, goods: bool
) -> list[Complaint]:
    """At most two of the clauses that the assessment marks, told back; else the things that it names; else the topic."""
    found = list[Complaint]()
    for one in statements:
        clause = _told_back(text, one, goods) if one.p >= (_ALSO if found else _LIKELY) else None
        if clause is None or any(_one_failure(text, Complaint(clause, "", one.start), other) for other in found):
            continue
        if sum(len(each.clause.split()) for each in found) + len(clause.split()) <= _TOGETHER:
            found.append(Complaint(clause, topics[0] if topics else "other", one.start))
    if found:
        return found[:MOST]
    if things:
        return [_about(things[:MOST], topics)]
    thing = thing_meant(text, len(text), many=None) if goods else None
    if thing is not None:
        return [Complaint(f"that {hoped_for(thing)}", "quality", 0)]
    return [_of_topic(text, topics)]


def _told_back(text: str, one: Heard, goods: bool) -> str | None:
    """The marked words told back, to the end of their clause; from its beginning where they have no subject."""
    start, end = one.start, one.start + len(one.text)
    start = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1 if text[start:end][:1] != " " else start
    first = max((found.end() for found in _BOUND.finditer(text, 0, start)), default=0)
    last = next((found.start() for found in _BOUND.finditer(text, end)), len(text))
    before, rest = text[first:start].split(), text[end:last].split()
    if _SUPPOSED.search(text[max(0, first - 6) : start]) or (one.p < _SURE and len(text[first:last].split()) > _RAMBLING):
        return None
    marked = text[start:last] if len(rest) <= _TAIL else text[start:end]
    joined = before and before[-1].lower() in ("and", "then", "&", "still", "now", "also")
    whole_end = len(rest) <= _TAIL or rest[0].lower() in _GOES_ON
    tries = [marked, text[start:end]][: 1 + (len(rest) <= _TAIL)] if whole_end and (not before or joined or _OPENS.match(marked)) else []
    if before and len(text[first:last].split()) <= _CLAUSE and (one.p >= _SURE or len(marked.split()) > len(before)):
        tries.append(text[first:last])
    return next((clause for said in tries if (clause := told_from(said, Around(text, start, goods)))), None)


def complaints(
    text: str, topics: Sequence[str], evidence: str | None = None, things: Sequence[str] = ()
) -> list[Complaint]:
    """At most two failures of `text`; one of the strongest topic when none is recognised.

    things: what the assessment finds named as bad, as we say it.
    """
    said = plain(text)
    sentences = sentences_of(said, evidence)
    framed = framed_complaints(said, sentences, topics, MOST + 1)
    every = (*framed, *_told(sentences, topics))
    found = list[Complaint]()
    for one in sorted(every, key=lambda one: -_worth(one, sentences, bool(evidence))):
        known = any(
            one.clause == other.clause or (_one_failure(said, one, other) and not (one in framed and other in framed))
            for other in found
        )
        if not known and sum(len(each.clause.split()) for each in (*found, one)) <= _TOGETHER:
            found.append(one)
    strong = [one for one in found if one.clause not in weak() and not (things and _of_it(one))][:MOST]
    if things and len(strong) < MOST and (found[:1] != strong[:1] or not strong):
        return [_about(things[: MOST - len(strong)], topics), *strong]  # Names say more than a weak apology does.
    if found:
        return sorted(found[:MOST], key=lambda one: one.start)
    return [named_complaint(sentences, topics) or _lasting(said, topics) or _of_topic(said, topics)]


def _told(sentences: Sequence[Sentence], topics: Sequence[str]) -> Iterator[Complaint]:
    """Conduct and clauses told back, those of the sentence that decided first."""
    strongest = topics[0] if topics else "other"
    for sentence in sorted(sentences, key=lambda one: not one.decided):
        if (behaviour := conduct(sentence.text)) is not None:
            yield Complaint(behaviour, "staff", sentence.start)
        for clause in (*sentence.whole, *sentence.clauses):
            back = told(clause)
            if back is None and " and " in clause.text:
                back = told(clause.first)
            if back is not None:
                topic = back.topic or strongest
                yield Complaint(back.clause, topic, clause.start, named="" if back.topic else back.clause)


def _worth(one: Complaint, sentences: Sequence[Sentence], decided: bool) -> float:
    """What is named first: what weighs most, what a frame knows, what stands where it was decided; last what says little."""
    here = next((each for each in reversed(sentences) if each.start <= one.start), None)
    worth = 0.0 if one.clause in weak() else 1.8 if one.named else 2.0
    return (
        worth
        - (0.5 if one.clause.startswith("about ") else 0.0)
        + weight(one.clause)
        + (0.8 if decided and here is not None and here.decided else 0.0)
    )


def weak() -> Sequence[str]:
    """The apologies that say little, for want of a better one."""
    return list[str](_bank()["weak"])


@lru_cache(maxsize=256)
def weight(clause: str) -> float:
    """What a failure weighs by the words for it: money, safety, a missed day, somebody's manners, hours."""
    return max((line.worth for line in _heavy() if line.find.search(clause)), default=0.0)


@lru_cache(maxsize=1)
def _heavy() -> tuple[_Heavy, ...]:
    lines = read_phrases("told.en.yaml")["heavy"]
    return tuple(_Heavy(line["worth"], re.compile(rf"\b(?:{'|'.join(line['words'])})\b", re.I)) for line in lines)


class _Heavy(NamedTuple):
    worth: float
    find: re.Pattern[str]


def _one_failure(text: str, one: Complaint, known: Complaint) -> bool:
    """Whether both speak of the same thing: of staff, in one breath, or of one topic in one sentence."""
    if one.topic == known.topic == "staff":
        return True
    if set(_LONG.findall(one.clause)) & set(_LONG.findall(known.clause)):
        return True
    first, last = sorted((one.start, known.start))
    apart = re.search(r"[.!?\n](?!\d)", text[first:last]) is not None
    return not apart and (one.topic == known.topic or last - first < 24)


def _of_it(one: Complaint) -> bool:
    """Whether it says of "it" only what it was: a reply would not say of what."""
    return re.match(r"that it (?:is|was|seem\w*|look\w*)\b", one.clause) is not None


def _about(things: Sequence[str], topics: Sequence[str]) -> Complaint:
    """ "about the gift card and the support line": the names of things alone."""
    said = " and ".join(things)
    return Complaint(f"about {said}", topics[0] if topics else "other", 0, named=said, plain=True)


def _lasting(text: str, topics: Sequence[str]) -> Complaint | None:
    """That they were kept waiting, by the time that they name."""
    waits = (
        (one for one in SENTENCE.finditer(text) if heard("waits", one[0])) if not _OPEN.isdisjoint(topics[:2]) else ()
    )
    match = next((found for one in waits if (found := _LASTING.search(text, one.start(), one.end()))), None)
    if match is None:
        return None
    topic = next(one for one in topics if one in _OPEN)
    return Complaint(f"that you have been kept waiting for {match[1].lower()}", topic, match.start())


def _of_topic(text: str, topics: Sequence[str]) -> Complaint:
    known: dict[str, str] = read_phrases("things.en.yaml")["heard"]
    topic = next((one for one in topics[:2] if one in known and re.search(rf"\b(?:{known[one]})", text, re.I)), "other")
    return Complaint(_bank()["topics"][topic], topic, 0, certain=False)


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("complaints.en.yaml")
