"""An English clause told back to its writer: "I waited 40 minutes" becomes "that you waited 40 minutes".

Only a clause that has one of the shapes of told.en.yaml as a whole is told back, and only where each of its words is fit
to be repeated: precision comes first, a clause that is left out is named by its thing or its topic instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from responder.composing.clauses_en import Clause, words
from responder.composing.frames import read_phrases
from responder.composing.grammar_en import Parsed, parsed, written_out
from responder.composing.persons_en import exchanged

_EASY = 13  # words that read well behind "I am sorry that"
LONGEST = 15  # words that are repeated
_DANGLES = re.compile(r"\b(?:to|from|of|with|and|or|the|a|an|my|your|our)$", re.I)
_ODD = re.compile(
    r"(?:aa|hh|ii|jj|kk|qq|uu|vv|ww|xx|yy)(?!m\b|ng\b|keep)|[^\w\s',./:%-]|(?:hours?|minutes?|days?) still\b|\w/\w*\s|\.\s|\b[a-z]+\d+[a-z]*\b|_|'\w+ \w+'"
    r"|\b[24] (?!(?:\w+ )?(?:hours?|minutes?|days?|weeks?|months?|years?|times|people|calls|flights?|bags|seats|nights?|am|pm|of)\b)[a-z]",
    re.I,
)  # What is no plain prose: signs, quotations, "2" and "4" for words.
_TIMES = (
    (re.compile(r"\b(thr)u\b", re.I), "{0}ough"),
    (re.compile(r"(\d|\ban?|half an|\btwo|\bthree|\bfour) ?(hr|min|wk)(s?)\b\.?", re.I), "{0} {1}{2}"),
    (re.compile(r"\b(hr|min|wk)(s)\b", re.I), "{0}{1}"),
    (re.compile(r"(\d)(hours?|minutes?|days?|weeks?|months?)\b", re.I), "{0} {1}"),
)
_OPINION_OF = re.compile(
    r"(?:is|was|are|were|isn't|wasn't|aren't|weren't|looks?|looked|feels?|felt|tastes?|tasted|came out|has been|have been)\b",
    re.I,
)
_POINTS = re.compile(r"\b(?:this|that|these|those|it)$|\b(?:who|which|why|what)\b", re.I)  # at what, we do not know
_DENIED = re.compile(r"\bnot\b|n't\b", re.I)
_NOW = re.compile(r" (?:(?:right )?now\b|though$|and (?:finally|then|still)\b.*)", re.I)
_ASIDE = re.compile(
    r",? (?:unless|without|when|whenever|while|if|even|for|with|after|before|since|despite|during|only|as)\b", re.I
)
_LONG = {"hr": "hour", "min": "minute", "wk": "week"}
_PLACE = re.compile(
    r"\b(?:in|into|at|to|from|on|for|via|of|the|flight|your|my|our|through|out|near|with|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun) ?$"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A clause as it follows "I am sorry", by the shape that it has."""

    clause: str
    shape: str
    topic: str | None


@dataclass(frozen=True, slots=True)
class _Shape:
    name: str
    find: re.Pattern[str]
    say: str
    topic: str | None
    blames: bool


def told(clause: Clause) -> Told | None:
    """The clause with its persons exchanged; None where its grammar or its words leave a doubt."""
    text = _shortened(clause.text)
    if clause.good or clause.supposed or words("wish").search(text):
        return None
    said = _cleaned(text)
    if said is None:
        return None
    whole = parsed(said)
    if whole is not None and whole.bare and not _known(whole.thing):
        whole = None  # "Hanna couldn't find it".
    if whole is not None and words("opinion").search(whole.predicate):
        return _hoped_for(whole)
    if words("unfit").search(text):
        return None
    for shape in _shapes():
        match = shape.find.fullmatch(said)
        if match is None or (shape.blames and not clause.fault):
            continue
        filled = _filled(shape.say, match)
        return None if filled is None else Told(filled, shape.name, shape.topic)
    blamed = clause.fault or (clause.turned and not words("glad").search(clause.text))
    return _thing_told(whole) if whole is not None and blamed else None


def _hoped_for(whole: Parsed) -> Told | None:
    """An opinion of a thing, without its words."""
    if _OPINION_OF.match(whole.predicate) is None or words("strangers").search(whole.thing):
        return None
    if whole.owner == "it":
        return (
            _thing_told(whole)
            if _DENIED.search(whole.predicate) and not words("unfit").search(whole.predicate)
            else None
        )
    many = re.match(r"are|were", whole.predicate) or re.search(r"[^s]s$| and ", whole.thing.split(" of ")[0])
    return Told(f"that {whole.subject} {'were' if many else 'was'} not what you had hoped for", "opinion", None)


def _thing_told(whole: Parsed) -> Told | None:
    """What a thing did, as it was written: "the ear pads come off" becomes "that the ear pads come off"."""
    lead, predicate = exchanged(whole.lead), exchanged(whole.predicate)
    if (
        lead is None
        or predicate is None
        or any(words(name).search(f"{whole.thing} {whole.predicate}") for name in ("strangers", "no_failure"))
    ):
        return None
    said = " ".join(f"that {lead} {whole.subject} {predicate}".split())
    return Told(said, "thing", None) if len(said.split()) <= LONGEST + 2 else None


def _cleaned(text: str) -> str | None:
    """Without what only leads or fills, its hours written out, nothing shouted; None where it is not plain prose."""
    said = " ".join(words("fillers").sub(" ", written_out(text).replace("&", " and ")).split()).strip(" ,.-'\"")
    letters = [one for one in said if one.isalpha()]
    titled = sum(one[:1].isupper() for one in said.split())
    if sum(one.isupper() for one in letters) > 0.6 * len(letters) or titled > max(2, 0.7 * len(said.split())):
        said = said.lower()
    said = _NOW.sub("", said)
    while (lead := words("leads").match(said)) is not None and lead.end() < len(said):
        said = said[lead.end() :].lstrip(" ,.-")
    for find, form in _TIMES:
        said = find.sub(lambda one, form=form: _written(one, form), said)  # type: ignore[misc]
    if not 3 <= len(said.split()) <= LONGEST + 3 or _ODD.search(said) or ends_open(said) or not _names_nobody(said):
        return None
    return _quiet(said)


def _shortened(said: str) -> str:
    """A long clause without what only says when, how or with what: up to the last such word that leaves enough of it."""
    if len(said.split()) <= _EASY:
        return said
    cuts = [one.start() for one in _ASIDE.finditer(said) if 5 <= len(said[: one.start()].split()) <= LONGEST]
    return said[: cuts[-1]] if cuts else said


def ends_open(said: str) -> bool:
    """Whether the last word says that more follows."""
    return words("open_end").fullmatch(said.split()[-1]) is not None


def _written(found: re.Match[str], form: str) -> str:
    parts = [_LONG.get((one or "").lower(), one or "") for one in found.groups()]
    if len(parts) > 2 and re.fullmatch(r"\d", parts[0]) and not re.search(r"(?:^|\D)1$", found.string[: found.end(1)]):
        parts[2] = "s"
    return form.format(*parts)


def _names_nobody(said: str) -> bool:
    """Whether each word with a capital is a place, a day or a thing, not a person or another firm."""
    place = 0
    for number, word in enumerate(said.split()):
        at = said.index(word, place)
        place = at + len(word)
        bare = word.strip(".,'")
        if number == 0 or not bare[:1].isupper() or words("written_large").fullmatch(bare) or bare.isupper():
            continue
        if not _PLACE.search(said[:at]):
            return False
    return True


def _quiet(said: str) -> str:
    """A shouted word in plain letters; behind "at" or "to" it is an airport."""
    out: list[str] = []
    for word in said.split():
        shouted = len(word) > 1 and word.isupper() and not words("written_large").fullmatch(word) and word.isalpha()
        behind = out[-1].lower() if out else ""
        out.append(word.lower() if shouted and behind not in ("in", "at", "to", "from", "of", "via") else word)
    return " ".join(out)


def _filled(say: str, match: re.Match[str]) -> str | None:
    """The shape's sentence; None where a part of the clause may not be repeated."""
    out = say
    for name, value in match.groupdict().items():
        said = (value or "").strip()
        if name in ("rest", "more", "np") and said:
            if words("strangers").search(said) or _POINTS.search(said) or words("nothing_wrong").match(said):
                return None
            turned = exchanged(said)
            if turned is None:
                return None
            said = turned if turned[1:2].isupper() or turned.startswith("I ") else turned[0].lower() + turned[1:]
        if name == "was":
            said = {"am": "are", "'ve been": "have been", "was": "were"}.get(said.lower(), said.lower())
        if name in ("how", "what"):
            said = said.lower()
        spaced = f" {said}" if value and value.startswith(" ") else said
        out = re.sub(rf"\{{{name}(?:\|([^}}]*))?\}}", lambda slot, spaced=spaced: spaced or slot[1] or "", out)  # type: ignore[misc]
    out = " ".join(out.split())
    if len(out.split()) > LONGEST + 2:
        out = out.partition(" and ")[0]
    return out if len(out.split()) <= LONGEST + 2 and not _DANGLES.search(out) else None


def _known(thing: str) -> bool:
    """Whether what nothing stands before is a thing, not a name: by its last noun, or a number such as a flight has."""
    return re.search(r"\d", thing) is not None or thing.split()[-1] in _nouns()


@lru_cache(maxsize=1)
def _nouns() -> frozenset[str]:
    groups = read_phrases("things.en.yaml")["groups"]
    return frozenset(noun for group in groups.values() for noun in group["nouns"])


@lru_cache(maxsize=1)
def _shapes() -> tuple[_Shape, ...]:
    return tuple(_read_shapes())


def _read_shapes() -> Iterator[_Shape]:
    for line in read_phrases("told.en.yaml")["shapes"]:
        yield _Shape(
            line["name"], re.compile(line["find"], re.I), line["say"], line.get("topic"), line.get("blames", False)
        )
