"""What a Japanese complaint is about: a ladder whose steps are taken only when they are sure.

First a frame (config/packs/phrases/complaints.ja.yaml): a pattern that knows the failure, said back in 敬語. Then the
customer's own words, one short clause (own_words_ja). Else nothing is named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from responder.composing.aspects_ja import aspects
from responder.composing.complaint import Complaint
from responder.composing.fit_ja import bank_re
from responder.composing.frames import Frames, fill, frames, read_phrases
from responder.composing.heard_things_ja import named_ja
from responder.composing.own_words_ja import OwnWords, about, own_words, prepared, sentences, spoken_first, turns

if TYPE_CHECKING:
    from responder.drafting.request import Heard

MOST = 2
SUREST = 0.95  # of a thing that is named beside a clause
_SERVED = ("staff", "waiting", "communication", "billing")  # frames that hold in any business
_OF_A_VISIT = ("cleanliness", "facilities", "food", "booking")
_ANYWHERE = ("delivery", "billing", "app", "waiting", "communication")  # topics that their words tell in any business


def complaints(
    text: str,
    topics: Sequence[str],
    evidence: str | None = None,
    allowed: Collection[str] | None = None,
    *,
    aggrieved: bool = True,
    told_first: bool = False,
    heard: Sequence[Heard] = (),
) -> list[Complaint]:
    """At most two failures of `text` in its order; one that is not `certain` when none is understood.

    evidence: the sentence that decided, whose failures come first; allowed: the topics whose frames can be meant here
    (None: all); aggrieved: whether the writer is, so that its things may be named; told_first: whether the
    customer's own words go before our frames, which know houses better than goods. A wish counts where nothing failed.
    heard: the things that the network names, which weigh, and are named where no clause can be taken up.
    """
    plain = prepared(text)
    if _re("resolved").search(plain):
        return [_unknown(topics)]
    own = own_words(plain)
    topic = topics[0] if topics else "other"
    found = _faults(plain, _of_own(own, "fault", topic, allowed), allowed, told_first=told_first)
    broken = any(one.felt == "trouble" and one.weight == 2 for one in found)
    if not found or not (aggrieved or broken):  # Whoever is content says what would be better still.
        found = _of_own(own, "wish", topic, allowed) or found
    if not found and aggrieved:
        found = _of_own(own, "thing", topic, allowed) or _of_things(plain, heard, topic)
        found = found or _of_own(list(spoken_first(plain)), "thing", topic, allowed)
        found = found or _of_general(plain, topics, evidence, allowed)
    if not found:
        return [_unknown(topics)]
    spans, bad = _spans(plain, evidence), [name for name, _ in named_ja(plain, heard, bad=True)]
    found.sort(key=lambda one: (-_heart(one, plain, spans, bad), one.start))
    if len(found) == 1 and found[0].felt not in ("", "wish") and not found[0].named:
        found += _beside(found[0], plain, heard, topic)
    return sorted(found[:MOST], key=lambda one: one.start)


def _faults(text: str, told: list[Complaint], allowed: Collection[str] | None, *, told_first: bool) -> list[Complaint]:
    """What the frames and the customer's own clauses tell, each failure once."""
    framed = _by_frames(text, allowed)
    if told_first and told:
        framed = [one for one in framed if one.topic in _SERVED]
    return framed + [one for one in told if not any(_one_thing(one, known) for known in framed)]


def _heart(one: Complaint, text: str, spans: Sequence[tuple[int, int]], bad: Sequence[str]) -> float:
    """How much of the matter it is: what failed before what displeased, money, safety and conduct before all."""
    decided = not spans or any(a <= one.start < b for a, b in spans)
    around = text[max(0, one.start - 6) : one.start + len(one.clause) + 6]
    named = sum(name in around for name in bad[:2])
    return 2 * one.weight + 1.5 * decided + 1.5 * named + 1.5 * (_re("heart").search(around) is not None) - one.mild


def _beside(told: Complaint, text: str, heard: Sequence[Heard], topic: str) -> list[Complaint]:
    """The thing that the network is surest of, where the one clause that is told speaks of something else."""
    sure = [one for one in heard if one.bad and one.p >= SUREST][:1]
    named = [one for one in _of_things(text, sure, topic) if about(one.clause) in (None, told.topic) or not told.felt]
    around = text[max(0, told.start - 6) : told.start + len(told.clause) + 12]
    return [one for one in named if one.clause not in around and one.clause not in told.clause]


def _of_general(
    text: str, topics: Sequence[str], evidence: str | None, allowed: Collection[str] | None
) -> list[Complaint]:
    """What it is about in general words; nothing where the customer speaks of a mistake of their own."""
    if found := _of_topic(text, topics, evidence, allowed):
        return found
    mistaken = _re("their_own").search(text) is not None
    said = _re("good_but").sub("", unicodedata.normalize("NFKC", evidence or text))
    return [] if mistaken else _of_aspect(said, allowed)


def _of_things(text: str, heard: Sequence[Heard], topic: str) -> list[Complaint]:
    """The thing that the network takes for the heart of a complaint, by its name."""
    named = [one for one in named_ja(text, heard, bad=True) if not _re("liked").match(text[one[1] + len(one[0]) :])][:1]
    if named and about(named[0][0]) == "staff":
        return [Complaint(_bank()["topics"]["staff"], "staff", named[0][1])]
    return [Complaint(name, about(name) or topic, start, felt="hope", named=name, weight=1) for name, start in named]


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
    return [Complaint(_bank()["topics"][heard], heard, 0)]


def _unknown(topics: Sequence[str]) -> Complaint:
    topic = topics[0] if topics else "other"
    return Complaint(_bank()["topics"].get(topic, _bank()["topics"]["other"]), topic, 0, certain=False)


def _of_aspect(text: str, allowed: Collection[str] | None) -> list[Complaint]:
    """The side of the thing that the sentence which decided speaks of, as a name: 「お値段につきまして」."""
    return [Complaint(name, topic, 0, felt="hope", named=name, weight=1) for name, topic in aspects(text, allowed)[:1]]


def _of_own(own: Sequence[OwnWords], kind: str, topic: str, allowed: Collection[str] | None) -> list[Complaint]:
    """The customer's own clauses of a kind; of the topic of their words, where it can be meant, else of the model's."""
    found: list[Complaint] = []
    for one in own:
        felt = "wish" if kind == "wish" else one.felt
        slight = found and len(one.said) <= 5
        if one.kind == kind and not slight and not any(_same(one.said, known.clause) for known in found):
            of = about(one.said)
            meant = of in _ANYWHERE if allowed is None else of in allowed
            of = of if of is not None and meant else topic
            named = one.said if kind == "thing" else ""
            found.append(
                Complaint(
                    one.said, of, one.start, felt=felt, mild=one.mild, turned=one.turned, named=named, weight=one.weight
                )
            )
    return found


def _same(said: str, other: str) -> bool:
    """Whether two clauses are of one thing: one in the other, or one subject."""
    ends = [re.findall("[一-龠]+", one)[-1:] for one in (said, other)]
    if ends[0] and ends[0] == ends[1]:
        return True  # 「届かなかった」 and 「一向に届かない」.
    head = re.split("[がはもを]", said)[0]
    return said in other or other in said or said[-5:] == other[-5:] or (len(head) > 1 and head in other)


def _by_frames(text: str, allowed: Collection[str] | None) -> list[Complaint]:
    found: list[Complaint] = []
    likely = [one for one in _frames().likely(text) if allowed is None or one.topic in allowed]
    for start, sentence in sentences(text) if likely else ():
        turned = turns(sentence)
        for at, part in _blaming(sentence):
            for frame in likely:
                match = frame.match(part, part)
                if match is None or _re("praised").search(match[0]) or _re("not_so").match(part[match.end() :]):
                    continue
                clause = fill(frame.say, lambda name, match=match: _value(match, name))  # type: ignore[misc]
                complaint = Complaint(clause, frame.topic, start + at + match.start(), turned=turned)
                if not any(_one_thing(one, complaint) for one in found):
                    found.append(complaint)
    return found


def _blaming(sentence: str) -> list[tuple[int, str]]:
    """The parts of a sentence that can blame: all of it, or what is not praise on one side of its turn."""
    if _passed_over(sentence):
        return []
    if _re("fine").search(sentence) is None:
        return [(0, sentence)]
    cuts = [0, *(one.end() for one in _re("turn").finditer(sentence)), len(sentence)]
    parts = [(a, sentence[a:b]) for a, b in pairwise(cuts) if b > a]
    return [(at, part) for at, part in parts if _re("fine").search(part) is None]


def _passed_over(sentence: str) -> bool:
    """Whether no failure of ours is told: praise without a turn, a wish, a condition, or the customer's own mistake."""
    return (
        _re("contrast").search(sentence) is not None
        or _re("their_own").search(sentence) is not None
        or (_re("fine").search(sentence) is not None and _re("turn").search(sentence) is None)
    )


def _one_thing(one: Complaint, other: Complaint) -> bool:
    """Whether both say the same thing: one place, or one end. The earlier line of the file is the more exact one."""
    if one.clause[-14:] == other.clause[-14:] or one.clause[:6] == other.clause[:6]:
        return True
    if not (one.felt or other.felt):
        return abs(one.start - other.start) < 8
    own, framed = (one, other) if one.felt else (other, one)
    return -12 < framed.start - own.start < len(own.clause) + 1


def _spans(text: str, evidence: str | None) -> list[tuple[int, int]]:
    """Where the sentence that decided stands; none where it is most of the text."""
    said = unicodedata.normalize("NFKC", evidence or "").strip()
    at = text.find(said) if said and len(said) < 0.7 * len(text) else -1
    return [(at, at + len(said))] if at >= 0 else []


def _value(match: re.Match[str], name: str) -> str | None:
    """What stands in a slot of a frame; None where its group found nothing."""
    groups: dict[str, str | None] = match.groupdict()
    bank: dict[str, dict[str, str]] = _bank()
    if name == "at_when":
        at = groups.get("at")
        return None if not at else bank["at_when"].get(at, f"{at}で")
    if name in ("when_do", "src_from"):
        written = groups.get("when" if name == "when_do" else "src") or ""
        return next((said for key, said in bank[name].items() if written.startswith(key)), None)
    if name == "place_in":
        place = groups.get("place")
        return None if not place else bank["place_in"].get(place) or f"{_polite(place)}に"
    if name == "smell":
        smell = groups.get("smell") or ""
        return bank["smells"].get(smell, smell)
    value = groups.get(name)
    return _polite(value) if value and name in ("thing", "who") else value


def _polite(thing: str) -> str:
    things: dict[str, str] = _bank()["things"]
    return things.get(thing) or things.get(thing.removeprefix("お")) or thing


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    return read_phrases("complaints.ja.yaml")


@lru_cache(maxsize=16)
def _re(name: str) -> re.Pattern[str]:
    return re.compile(_bank()["signs"][name])


@lru_cache(maxsize=1)
def _frames() -> Frames:
    return frames(_bank()["frames"], _bank()["macros"])
