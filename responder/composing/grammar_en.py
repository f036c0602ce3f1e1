"""Subject and predicate of an English clause, found by the words that are few: what stands between them is the thing.

No tagger and no list of things: a clause counts as understood only where its subject begins with a word such as "the"
or "my" and a verb that can be recognised follows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from responder.composing.frames import read_phrases

_LONGEST = 8  # words of a subject
_CONTENT = re.compile(r"[a-z0-9][a-z0-9/&-]*(?:'s|s')?$")
_OWNED = (["my"], ["our"], ["the"], ["your"], ["these"], ["those"])
_NO_NOUN = re.compile(r"(?:ed|ly|ing)$")
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
    (re.compile(r"^its (?=(?:very|so|too|extremely|really|not|just|always|still|super|pretty)\b)", re.I), "it is "),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """lead: a time or place in front; owner: the subject's first word; thing: the rest of it; predicate: from the verb on.

    bare: nothing stands before the thing, so that it may be a name.
    """

    lead: str
    owner: str
    thing: str
    predicate: str
    bare: bool = False

    @property
    def subject(self) -> str:
        """The subject as we say it to the customer: "my bag" is "your bag"."""
        own = _grammar().own
        thing = re.sub(r"^of (\w+)", lambda one: f"of {own.get(one[1].lower(), one[1])}", self.thing)
        owner = "" if self.bare and re.search(r"\d", thing) else own.get(self.owner, self.owner)  # "Flight 136".
        return f"{owner} {thing}".strip()


@dataclass(frozen=True, slots=True)
class _Grammar:
    own: dict[str, str]
    openings: frozenset[str]
    prepositions: frozenset[str]
    closed: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    verbs: frozenset[str]
    no_thing: frozenset[str]
    of_me: frozenset[str]


def written_out(said: str) -> str:
    """ "it's" as "it is", "dont" as "don't"."""
    for find, form in _WRITTEN_OUT:
        said = find.sub(form, said)
    return said


def parsed(said: str) -> Parsed | None:
    """The parts of a whole clause; None where no subject that is a thing or no verb is found for certain."""
    words = said.split()
    low = [word.lower().strip(",.\"'") for word in words]
    start = _after_lead(low)
    if start is None or start >= len(low):
        return None
    verb = start + 1 if low[start] == "it" else _verb_of(low, start)
    if verb is None or verb >= len(low) or (low[start] == "it" and not _after_it(low[verb])):
        return None
    owned = low[start] in _grammar().openings or low[start] == "it"
    owner, first = (low[start], start + 1) if owned else ("the", start)
    thing = " ".join(words[first:verb])
    if not owned and not thing[1:2].isupper():
        thing = thing[:1].lower() + thing[1:]
    return Parsed(" ".join(words[:start]).lower(), owner, thing, " ".join(words[verb:]), not owned)


def thing_at(said: str) -> str | None:
    """The thing that `said` begins with, whatever stands before it, as we say it: "your battery life", "a reply"."""
    grammar = _grammar()
    words = [word for word in re.split(r"\s+", said.strip()) if word][:6]
    low = [word.lower().rstrip(".,!?;:\"'") for word in words]
    first = 1 if low and low[0] in grammar.openings else 0
    last = first
    while last < len(low) and _content(low[last]) and low[last] not in grammar.adverbs:
        last += 1
        if not words[last - 1][-1:].isalnum():
            break
    head = low[last - 1] if last > first else ""
    mine = first and low[0] in ("my", "our")
    if not head or last - first > 2 or head in grammar.no_thing or (mine and head in grammar.of_me) or len(head) < 3:
        return None
    if any(word in grammar.verbs and word != low[first] for word in low[first:last]) or _NO_NOUN.search(head):
        return None
    if any(word[:1].isupper() for word in words[first + 1 : last]):
        return None
    owner = grammar.own.get(low[0], low[0] if low[0] in ("a", "an") else "the") if first else "the"
    return f"{owner} {' '.join(low[first:last])}"


def fit_noun(low: list[str], *, mine: bool) -> bool:
    """Whether words in small letters are a thing: its last word a noun that names something, none of them a verb."""
    grammar = _grammar()
    head = low[-1]
    if len(head) < 2 or head in grammar.no_thing or (mine and head in grammar.of_me) or head in grammar.adverbs:
        return False
    return all(_content(word) for word in low) and not (len(low) == 1 and _NO_NOUN.search(head))


def owner_of(opening: str) -> str:
    """ "your" for "my", "our" for "their"; "the" where nothing that tells an owner stands before the thing."""
    return _grammar().own.get(opening, "the")


def _after_lead(low: list[str]) -> int | None:
    """Where the subject begins, behind "after only one week"; None where what is in front may be anything."""
    if low[0] not in ("after", "within", "during", "for"):
        return 0
    for place in range(2, min(len(low), 7)):
        if low[place] in ("the", "my", "our", "your", "it", "this"):
            return place
        if not _content(low[place]) and low[place] not in _grammar().openings | _grammar().adverbs:
            return None
    return None


def _verb_of(low: list[str], start: int) -> int | None:
    """Where the predicate of a subject that names a thing begins."""
    grammar = _grammar()
    place = start + 1 if low[start] in grammar.openings else start
    bare = place == start
    if low[place : place + 1] == ["of"] and not bare and low[place + 1 : place + 2] in _OWNED:
        place += 2  # "One of my bags".
    known = grammar.adverbs if not bare else grammar.adverbs | grammar.verbs
    if place >= len(low) or low[place] in known or (bare and _NO_NOUN.search(low[place])):
        return None
    first, head, phrase = place, "", False
    while place < min(len(low), start + _LONGEST):
        word = low[place]
        if place > first and not (phrase and low[place - 1] in grammar.prepositions) and _finite(low, place):
            other = grammar.no_thing | (grammar.of_me if low[start] in ("my", "our") else frozenset())
            return place if head not in other and (word in grammar.auxiliaries or not bare) else None
        if word in grammar.prepositions and place > first and not phrase:
            phrase, head = True, head or low[place - 1]
            if low[place + 1 : place + 2] and low[place + 1] in grammar.openings:
                place += 1
        elif word == "and" and not bare and place > first and _content(low[min(place + 1, len(low) - 1)]):
            pass
        elif word in grammar.closed or not _content(word):
            return None
        elif not phrase:
            head = word
        place += 1
    return None


def _finite(low: list[str], place: int) -> bool:
    """Whether a verb that says something of a subject stands here, an adverb before it or not."""
    grammar = _grammar()
    while place < len(low) - 1 and low[place] in grammar.adverbs:
        place += 1
    word = low[place]
    if word in grammar.auxiliaries:
        return True
    behind = low[place + 1] if place + 1 < len(low) else ""
    closes = behind in grammar.closed or behind in grammar.adverbs or behind.endswith(("ly", "ing"))
    return (word in grammar.verbs and (closes or not behind)) or (word.endswith("ed") and len(word) > 4 and closes)


def _after_it(word: str) -> bool:
    grammar = _grammar()
    return word in grammar.auxiliaries or word in grammar.adverbs or _content(word)


def _content(word: str) -> bool:
    return _CONTENT.match(word) is not None and word not in _grammar().closed


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    words = read_phrases("grammar.en.yaml")
    own: dict[str, str] = words["own"]
    verbs = set[str]()
    for base, past in words["verbs"].items():
        verbs |= {base, past, f"{base}es" if re.search(r"(?:s|sh|ch|x|o)$", base) else f"{base}s"}
    openings = frozenset(own) | frozenset(words["articles"])
    prepositions, auxiliaries = frozenset(words["prepositions"]), frozenset(words["auxiliaries"])
    closed = prepositions | auxiliaries | frozenset(words["others"]) | openings
    return _Grammar(
        own, openings, prepositions, closed, auxiliaries, frozenset(words["adverbs"]), frozenset(verbs), frozenset(words["no_thing"]), frozenset(words["of_me"]),
    )  # fmt: skip
