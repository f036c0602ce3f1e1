"""The words of English that are few and do not change, and what they tell of the words between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from responder.composing.frames import read_phrases

_CONTENT = re.compile(r"[a-z0-9][a-z0-9/&-]*(?:'s|s')?$")
_NO_NOUN = re.compile(r"(?:ed|ly|ing)$")
_SIBILANT = re.compile(r"(?:s|sh|ch|x|o)$")
_WRITTEN_OUT = (
    (re.compile(r"\b(it|that|there|he|she)'s (?=been\b|got\b|gone\b|become\b|taken\b)", re.I), r"\1 has "),
    (re.compile(r"\b(it|that|there)'s\b", re.I), r"\1 is"),
    (re.compile(r"\b(they|you|we)'re\b", re.I), r"\1 are"),
    (re.compile(r"\bi'm\b", re.I), "I am"),
    (re.compile(r"\b(they|you|we|i)'ve\b", re.I), r"\1 have"),
    (re.compile(r"\b(do|does|did|is|was|were|are|ca|wo|could|would|have|has|had)nt\b", re.I), r"\1n't"),
    (re.compile(r"\balot\b", re.I), "a lot"),
    (re.compile(r"\bw/o ?(?=\w)", re.I), "without "),
    (re.compile(r"\bw/ ?(?=\w)", re.I), "with "),
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The lists of grammar.en.yaml. verbs: every form of them; bases: those whose past is another word."""

    own: dict[str, str]
    openings: frozenset[str]
    prepositions: frozenset[str]
    closed: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    verbs: frozenset[str]
    bases: frozenset[str]
    no_thing: frozenset[str]
    of_me: frozenset[str]


def written_out(said: str) -> str:
    """ "it's" as "it is", "dont" as "don't"."""
    for find, form in _WRITTEN_OUT:
        said = find.sub(form, said)
    return said


def third(base: str) -> str:
    """ "fits" of "fit"."""
    return f"{base}es" if _SIBILANT.search(base) else f"{base}s"


def fit_noun(low: list[str], *, mine: bool) -> bool:
    """Whether words in small letters are a thing: its last word a noun that names something, none of them a verb."""
    known = grammar()
    head = low[-1]
    if len(head) < 2 or head in known.no_thing or (mine and head in known.of_me) or head in known.adverbs:
        return False
    content = all(_CONTENT.match(word) is not None and word not in known.closed for word in low)
    return content and not (len(low) == 1 and _NO_NOUN.search(head))


def owner_of(opening: str) -> str:
    """ "your" for "my", "our" for "their"; "the" where nothing that tells an owner stands before the thing."""
    return grammar().own.get(opening, "the")


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The lists, read once."""
    words = read_phrases("grammar.en.yaml")
    own: dict[str, str] = words["own"]
    pasts: dict[str, str] = words["verbs"]
    openings = frozenset(own) | frozenset(words["articles"])
    prepositions, auxiliaries = frozenset(words["prepositions"]), frozenset(words["auxiliaries"])
    return Grammar(
        own,
        openings,
        prepositions,
        prepositions | auxiliaries | frozenset(words["others"]) | openings,
        auxiliaries,
        frozenset(words["adverbs"]),
        frozenset(form for base, past in pasts.items() for form in (base, past, third(base))),
        frozenset(base for base, past in pasts.items() if base != past),
        frozenset(words["no_thing"]),
        frozenset(words["of_me"]),
    )
