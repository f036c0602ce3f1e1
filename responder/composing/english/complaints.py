"""What an English complaint is about, ready to be apologised for.

A ladder, each step taken only when it is sure: a failure that is plain by its words; a clause that the assessment marks, told back; of a model that marks none,
a clause with a word of failure; the things that it finds named; the product of a review; the topic, where the text holds a
word of it; else that we let them down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from responder.composing.complaint import Complaint
from responder.composing.english.clauses import plain, sentences_of
from responder.composing.english.known import known_failures
from responder.composing.english.marked import told_back
from responder.composing.english.meant import GOODS, Around, thing_meant, topic_of
from responder.composing.english.sane import may_be_sorry
from responder.composing.english.told_from import told_from
from responder.composing.english.what import hoped_for
from responder.composing.frames import read_phrases

if TYPE_CHECKING:
    from responder.drafting.request import Heard

MOST = 2
_LIKELY, _ALSO = 0.5, 0.6  # of the first statement, and of a second
_TOGETHER = 24  # words of two failures in one sentence
_LONG = re.compile(r"\b(?!that|with|your|were|have|from|this|what|when|does|been|they|trouble)[a-z]{4,}\b")


def complaints(
    text: str,
    topics: Sequence[str],
    statements: Sequence[Heard] | None = None,
    things: Sequence[str] = (),
    *,
    evidence: str | None = None,
    it: str = "",
) -> list[Complaint]:
    """At most two failures of `text`; one that is not certain, of the strongest topic, when none is understood.

    statements: the clauses that the assessment marks as bad, None where it marks no clauses at all; things: what it
    finds named as bad, as we say it; evidence: the sentence that decided; it: what "it" is where the text names no thing: "the item", "the app".
    """
    found = known_failures(plain(text))
    if len(found) >= MOST or (found and found[0].named):
        return [one for one in found if bool(one.named) is bool(found[0].named)]
    said = _blamed(plain(text), evidence, it) if statements is None else _marked(text, statements, it)
    for clause, start in said:
        if not may_be_sorry(clause, text) or any(_in_one_breath(text, one, start) for one in found):
            continue
        alone = clause.removeprefix("about ") if clause.startswith("about ") else ""
        one = Complaint(clause, topic_of(clause, topics), start, named=alone, plain=bool(alone))
        short = sum(len(each.clause.split()) for each in (*found, one)) <= _TOGETHER
        if short and not any(_one_failure(text, one, other) for other in found):
            found.append(one)
    if found:
        first = next((one for one in found if one.framed), found[0])
        kept = [one for one in found if one.plain is first.plain and bool(one.named) is bool(first.named)][:MOST]
        return sorted(kept, key=lambda one: one.start) if first.framed else kept
    things = [one for one in things if may_be_sorry(f"about {one}", text)]
    if things:
        return [_about(things[:MOST], topics)]
    thing = thing_meant(text, len(text), many=None) if it == GOODS else None
    return [Complaint(f"that {hoped_for(thing)}", "quality", 0) if thing else _of_topic(text, topics)]


def _marked(text: str, statements: Sequence[Heard], it: str) -> Iterator[tuple[str, int]]:
    """The marked clauses as they are told back, and where they stand."""
    least = _LIKELY
    for one in statements:
        clause = told_back(text, one, it) if one.p >= least else None
        if clause is not None:
            yield clause, one.start
            least = _ALSO


def _blamed(text: str, evidence: str | None, it: str) -> Iterator[tuple[str, int]]:
    """The same of a text in which nothing is marked: its clauses with a word of failure, of what decided first."""
    for sentence in sorted(sentences_of(text, evidence), key=lambda one: not one.decided):
        for part in sentence.clauses:
            if part.fault > part.good and not part.supposed:
                clause = told_from(part.text, Around(text, part.start, it))
                if clause is not None:
                    yield clause, part.start


def _in_one_breath(text: str, known: Complaint, start: int) -> bool:
    """Whether a clause that begins at `start` holds a failure that is known by its words, or stands inside it."""
    first, last = sorted((known.start, start))
    return known.framed and re.search(r"[.!?\n,](?!\d)|\b(?:and|but)\b", text[first:last]) is None


def _one_failure(text: str, one: Complaint, known: Complaint) -> bool:
    """Whether both speak of the same thing: in the same words, or in one breath."""
    if set(_LONG.findall(one.clause)) & set(_LONG.findall(known.clause)):
        return True
    first, last = sorted((one.start, known.start))
    return last - first < 24 and re.search(r"[.!?\n](?!\d)", text[first:last]) is None


def _about(things: Sequence[str], topics: Sequence[str]) -> Complaint:
    """ "about the gift card and the support line": the names of things alone."""
    said = " and ".join(things)
    return Complaint(f"about {said}", topic_of(said, topics), 0, named=said, plain=True)


def _of_topic(text: str, topics: Sequence[str]) -> Complaint:
    known: dict[str, str] = read_phrases("things.en.yaml")["heard"]
    topic = next((one for one in topics[:2] if one in known and re.search(rf"\b(?:{known[one]})", text, re.I)), "other")
    return Complaint(read_phrases("complaints.en.yaml")["topics"][topic], topic, 0, certain=False)
