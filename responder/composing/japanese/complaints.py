"""What a Japanese complaint is about: a ladder whose steps are taken only when they are sure.

First the failures that the network marked, as told_ja says them. Where it marks none: a frame
(config/packs/phrases/complaints.ja.yaml), a pattern that knows the failure, said back in 敬語. Then the thing that it is
about, by its name; then the topic. Else nothing is named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from responder.composing.complaint import Complaint
from responder.composing.japanese.fit import bank_re, name_of
from responder.composing.japanese.framed import framed, sign, topic_clauses
from responder.composing.japanese.grammar import words
from responder.composing.japanese.heard_things import named_ja
from responder.composing.japanese.reading import about, prepared
from responder.composing.japanese.sane import sane
from responder.composing.japanese.told import LEAST, Told, told_ja
from responder.drafting.request import Heard

MOST = 2
_HEART = (
    "staff",
    "safety",
    "billing",
    "communication",
    "booking",
    "app",
)  # what hurts though other things are told first
_SURELY_HEART = ("staff", "safety")  # these also where the network marked nothing
TOGETHER = 42  # characters of two failures that one sentence can tell
TOLD_TOGETHER = 64  # of a failure and of what hurts beside it
UNMARKED = 0.6  # of the sentence that decided, where nothing is marked: only what blames by its words is told of it
SECOND = 0.7  # how sure the network must be of a second failure
_OF_A_VISIT = ("cleanliness", "facilities", "food", "booking")
_ANYWHERE = ("delivery", "billing", "app", "waiting", "communication")  # topics that their words tell in any business


def complaints(
    text: str,
    topics: Sequence[str],
    evidence: str | None = None,
    allowed: Collection[str] | None = None,
    *,
    aggrieved: bool = True,
    unmarked: bool = True,
    goods: bool = False,
    statements: Sequence[Heard] = (),
    things: Sequence[Heard] = (),
) -> list[Complaint]:
    """At most two failures of `text` in its order; one that is not `certain` when none is understood.

    evidence: the sentence that decided; allowed: the topics whose frames can be meant here (None: all); aggrieved:
    whether the writer is, so that its things may be named; unmarked: whether the sentence that decided may be told
    though the network marked none; goods: whether things are sold here. statements and things: what the network
    marked, those first that matter most.
    """
    plain, topic = prepared(text), topics[0] if topics else "other"
    if sign("resolved").search(plain):
        return [_unknown(topics)]
    bad = [one for one in statements if one.bad]
    found = _of_statements(plain, bad, topic, allowed, goods=goods)
    if not found and (bad or (aggrieved and not statements)):
        found = framed(plain, allowed, [(one.start, one.start + len(one.text)) for one in bad if one.p >= LEAST])
    if len(found) == 1 and aggrieved and (heart := _heart(plain, found[0], bad, allowed)) is not None:
        found.append(heart)
    if not found and aggrieved and unmarked and not bad:
        found = _of_statements(plain, [Heard(evidence or text, 0, True, UNMARKED)], topic, allowed, goods=goods)
    if not found and aggrieved:
        said = bad[0].text if bad else evidence
        found = _of_things(plain, things, bad, topic) or _of_topic(plain, topics, said, allowed)
        blamed = "。".join(one.text for one in things if one.bad and one.p >= SECOND)
        found = found or (_of_topic(plain, topics, blamed, allowed) if blamed else [])
    return sorted(found[:MOST], key=lambda one: one.start) or [_unknown(topics)]


def _of_statements(
    text: str, bad: Sequence[Heard], topic: str, allowed: Collection[str] | None, *, goods: bool
) -> list[Complaint]:
    """The failures as told; a second one where the network is sure of it, and both fit into one sentence."""
    found: list[Complaint] = []
    for one in bad:
        if found and (one.p < SECOND or len(found) == MOST):
            break
        told = told_ja(text, one, goods=goods)
        if told is None or not sane(told.said) or (found and not _beside(told, found[0])):
            continue
        of = about(told.said)
        of = of if of is not None and of in (_ANYWHERE if allowed is None else allowed) else topic
        mild = bank_re("slight").search(told.said) is not None and told.weight < 2
        found.append(Complaint(told.said, of, told.start, felt=told.felt, mild=mild, turned=True, weight=told.weight))
    return found


def _heart(text: str, told: Complaint, bad: Sequence[Heard], allowed: Collection[str] | None) -> Complaint | None:
    """What was done to people or their money, beside the one failure that is told of another place of the text."""
    if told.felt == "wish":
        return None
    marked = [(one.start, one.start + len(one.text)) for one in bad]
    known = framed(text, allowed, ())
    over = next((b for a, b in marked if a - 2 <= told.start < b), told.start + len(told.clause))
    apart = [one for one in known if not told.start - 2 <= one.start < over]
    near = [one for one in apart if any(a - 12 <= one.start < b for a, b in marked) or one.topic in _SURELY_HEART]
    near = [one for one in near if one.topic in _HEART and one.clause != told.clause]
    return next((one for one in near if len(one.clause) + len(told.clause) <= TOLD_TOGETHER), None)


def _beside(told: Told, first: Complaint) -> bool:
    """Whether a second failure can be told with the first: neither is a wish, and they are not of one thing."""
    if "wish" in (told.felt, first.felt) or len(told.said) + len(first.clause) > TOGETHER:
        return False
    heads = [re.split("[がはもを]", one)[0] for one in (told.said, first.clause)]
    ends = [one[-4:] for one in (told.said, first.clause)]
    return heads[0] != heads[1] and ends[0] != ends[1] and heads[0] not in first.clause


def _of_things(text: str, things: Sequence[Heard], bad: Sequence[Heard], topic: str) -> list[Complaint]:
    """The thing that the network takes for the heart of a complaint, by its name: of the words marked, if there is one."""
    within = [one for told in bad for one in things if told.start <= one.start < told.start + len(told.text)]
    named = named_ja(text, within, bad=True) or _of_noun(text, bad) or named_ja(text, things, bad=True)
    named = [one for one in named if sane(one[0], name=True)]
    named = [one for one in named if not sign("liked").match(text[one[1] + len(one[0]) :])][:1]
    if named and about(named[0][0]) == "staff":
        return [Complaint(topic_clauses()["staff"], "staff", named[0][1])]
    return [Complaint(name, about(name) or topic, start, felt="hope", named=name, weight=1) for name, start in named]


def _of_noun(text: str, bad: Sequence[Heard]) -> list[tuple[str, int]]:
    """The name in words that are no more than one: 「残念なのが(朝ごはん)」."""
    phrase = words(prepared(bad[0].text)) if bad and bad[0].p >= LEAST else ()
    whole = bool(phrase) and all(one.kind in ("名詞", "接尾辞", "接頭辞") or one.text == "の" for one in phrase)
    name = name_of(phrase) if whole else None
    return [(name, max(0, text.find(name)))] if name is not None else []


def _of_topic(
    text: str, topics: Sequence[str], evidence: str | None, allowed: Collection[str] | None
) -> list[Complaint]:
    """What the model hears, in general words, where the customer's own words speak of it too."""
    heard = about(unicodedata.normalize("NFKC", evidence or text))
    if heard == "app" and bank_re("crash").search(text) is None:
        return []
    visited = allowed is not None and {"facilities", "food"} <= set(allowed)
    if heard in _OF_A_VISIT and not visited:
        return []
    if heard is None or (topics and heard not in topics[:2]) or not (allowed is None or heard in allowed):
        return []
    return [Complaint(topic_clauses()[heard], heard, 0)]


def _unknown(topics: Sequence[str]) -> Complaint:
    topic = topics[0] if topics else "other"
    return Complaint(topic_clauses().get(topic, topic_clauses()["other"]), topic, 0, certain=False)
