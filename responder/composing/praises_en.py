"""What an English mention praises: a deed of ours, a thing, the writer's own short words, or a plain thank-you."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from responder.composing.clauses_en import Clause, Sentence, plain, sentences_of, words
from responder.composing.frames import read_phrases
from responder.composing.grammar_en import parsed, written_out
from responder.composing.named_en import named_thing
from responder.composing.persons_en import exchanged
from responder.composing.things_en import things_named

if TYPE_CHECKING:
    from responder.drafting.request import Heard

MOST = 2
_SURE = 0.7  # of a thing that is named as good
_FEW = 2  # sentences, all of which praise where the stars do
_LONGEST, _PART = 10, 7  # words of a quoted sentence, and of a part of one
_DANGLES = re.compile(
    r"\b(?:an? (?:good|great|nice|very|lovely|beautiful|cute|pretty|really|wonderful|gorgeous|perfect|amazing|excellent|awesome)|and|or|but|the|a|an|to|of|with|my|our|your|was|were|is|are|very|so|too|that|who|when|because|if|as|for|at|from|in|than|by|about|i|we|did|do|does|it|this|here)$",
    re.I,
)
_QUOTED = re.compile(
    r"[^\w\s'’,&%-]|\b[a-z]+\d+[a-z]*\b|^(?:is|are|was|were|has|and|or|but|if|when|because|so|which|that|who|than|as|of|for|in|at|to|with|on|from|by)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Praised:
    """clauses follow "I am so glad"; quote: the writer's own words; thanked: whether they thank us and no more."""

    clauses: tuple[str, ...] = ()
    quote: str | None = None
    thanked: bool = False

    def __bool__(self) -> bool:
        return bool(self.clauses or self.quote or self.thanked)


@lru_cache(maxsize=64)
def praised_in(text: str) -> Praised:
    """What may be said of the praise in `text`."""
    said = plain(text)
    sentences = sentences_of(said, None)
    deeds = list(_deeds(sentences))
    things = [one for one in _things(sentences) if not deeds or one not in _bank()["of_people"]]
    clauses = tuple({one[:24]: one for one in (*deeds, *things)}.values())[:MOST]
    quote = None if clauses else _quote(sentences)
    return Praised(clauses, quote, not clauses and quote is None and words("thanks").search(said) is not None)


def fitting(praised: Praised, register: str, industry: str | None) -> Praised:
    """Without what is said of a visit where nobody has been anywhere, and of goods where nothing is sold."""
    bank = _bank()
    never = set[str]()
    if register == "app" or (industry is not None and industry not in bank["visited"]):
        never |= set(bank["visit"])
    if register == "app" or (industry is not None and industry not in (*bank["goods"], *bank["visited"])):
        never |= set(bank["worn"])
    return replace(praised, clauses=tuple(one for one in praised.clauses if one not in never))


def glad_of(text: str, things: Sequence[Heard], register: str, industry: str | None) -> Praised:
    """Of somebody content, in whose words no praise was found: a thing by its name, else what is safe for any customer."""
    bank = _bank()
    sentences = sentences_of(plain(text), None)
    ours = industry is None or industry in bank["goods"]  # else what is theirs is not of our making
    named = (one for one in things_named(text, things, bad=False, least=_SURE) if ours or not one.startswith("your "))
    said = next((one for one in named if _is_praised(one, sentences)), None) or _thing(sentences)
    if said is not None:
        verb = "enjoyed" if industry == "restaurants" else "are happy with"
        return Praised((f"that you {verb} {said}",))
    known = bank["general"].get(register) or bank["general"].get(industry) or bank["general"]["any"]
    return Praised((known,))


def _is_praised(thing: str, sentences: Sequence[Sentence]) -> bool:
    """Whether a sentence that praises holds the thing; where there are but two, the stars praise both."""
    name, few = thing.split(maxsplit=1)[1].lower(), len(sentences) <= _FEW
    return any(
        name in one.text.lower()
        and (one.praises or words("glad").search(one.text) or (few and not any(part.fault for part in one.clauses)))
        for one in sentences
    )


def _thing(sentences: Sequence[Sentence]) -> str | None:
    """The thing that is praised, by its name alone: the subject of a clause that blames nothing, else a thing of a list."""
    for clause in (part for one in sentences for part in one.clauses or (_whole(one),)):
        if clause.fault or clause.supposed or _pattern("not").search(clause.text):
            continue
        if not clause.good and (len(sentences) > 1 or len(clause.text) < len(sentences[0].text.strip()) - 1):
            continue  # Not every thing of a review is praised: only the one of a short clause that is all of it.
        whole = parsed(written_out(clause.text.strip(" ,.-'\"")))
        if whole is not None and not whole.bare and whole.owner != "it" and not words("strangers").search(whole.thing):
            return re.sub(r"\b(?:this|these)\b", "the", whole.subject)
        if (noun := named_thing(clause.text)) is not None:
            return f"the {noun}"
    return None


def _deeds(sentences: Sequence[Sentence]) -> Iterator[str]:
    """What one of ours did for them: "that our team kept you smiling on a bad day"."""
    for clause in (clause for sentence in sentences for clause in sentence.clauses):
        said = clause.text.strip(" ,.-'\"")
        match = _pattern("deed").fullmatch(said) or _pattern("helped").fullmatch(said)
        if match is None or words("unfit").search(clause.text) or words("wish").search(clause.text):
            continue
        rest = match["rest"].strip().split(" and ")[0]
        done = exchanged(rest)
        if done is None or words("others").search(rest) or len(rest.split()) > _LONGEST or _DANGLES.search(rest):
            continue
        ours = "we" if match.groupdict().get("us") else "our team"
        did = match["did"].lower()
        yield f"that {ours} {_bank()['past'].get(did, did)} {done}"


def _things(sentences: Sequence[Sentence]) -> Iterator[str]:
    """What is praised by the lines of praise.yaml; of a sentence that blames too only the clause that praises."""
    for clause in (clause for sentence in sentences for clause in sentence.clauses or (_whole(sentence),)):
        if clause.fault > clause.good or _pattern("not").search(clause.text):
            continue
        for pattern, say in _lines():
            if (match := pattern.search(clause.text)) is not None:
                yield say.format(**{name: (value or "").lower() for name, value in match.groupdict().items()})
                break


def _whole(sentence: Sentence) -> Clause:
    return Clause(sentence.text.strip(), sentence.start, 0, 0, len(words("good").findall(sentence.text)), True)


def _quote(sentences: Sequence[Sentence]) -> str | None:
    """A short clause of praise as it was written; None when none can stand in public."""
    best: tuple[int, str] | None = None
    for sentence, clause in ((one, clause) for one in sentences for clause in one.clauses or (_whole(one),)):
        quote = clause.text.strip(" ,.-'\"")
        most = _LONGEST if len(sentence.clauses) < 2 else _PART
        if not 2 <= len(quote.split()) <= most or clause.fault or _QUOTED.search(quote) or _DANGLES.search(quote):
            continue
        opens = not sentence.text[: clause.start - sentence.start].strip()
        closes = sentence.text[clause.start - sentence.start + len(clause.text) :].lstrip(" ")[:1] in (
            "",
            ",",
            "-",
            "(",
        )
        if not (opens and closes):
            continue  # A part of a sentence may be meant otherwise: "sophisticated, and can be a great party top".
        if any(words(name).search(quote) for name in ("unfit", "wish", "thanks")) or _pattern("not").search(quote):
            continue
        good = 2 * clause.good + len(words("glad").findall(quote))
        if good and (best is None or good > best[0]):
            best = (good, quote)
    return best[1] if best else None


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(line["find"], re.I), line["say"]) for line in _bank()["things"])


@lru_cache(maxsize=4)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_bank()[name], re.I if name == "not" else 0)


def _bank() -> dict[str, Any]:
    return read_phrases("praise.en.yaml")
