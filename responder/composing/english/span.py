"""Subject and predicate of a short English clause, where both are there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from responder.composing.english.grammar import grammar, third
from responder.composing.english.lists import words
from responder.composing.english.meant import is_many

COPULAS = re.compile(
    r"(?:is|was|are|were|has been|have been|had been|looks?|looked|feels?|felt|seems?|seemed|tastes?|tasted|came out|came|smells?|smelled)\b ?",
    re.I,
)
STARTS = re.compile(
    r"(?:is|was|are|were|has|have|had|does|did|do|can|could|cannot|will|would|took|takes|costs?|looks?|looked|feels?|felt|seems?|seemed|tastes?|tasted|came|arrived|broke|stopped|runs?|ran|fits?|made|makes|keeps|kept|fell|smells?|hits?|gapes?|shrank|faded|ripped)\b",
    re.I,
)
_NUMBERS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "one",
    "half",
    "several",
    "almost",
    "over",
]
_COUNTED = frozenset({"and", "enough", "again", *_NUMBERS})
_LINKS = frozenset(
    [
        "looks",
        "looked",
        "feels",
        "felt",
        "seems",
        "seemed",
        "tastes",
        "tasted",
        "smells",
        "smelled",
        "look",
        "feel",
        "seem",
        "taste",
        "smell",
        "gets",
        "got",
        "became",
    ]
)
_LISTED = frozenset(
    [
        "listed",
        "used",
        "provided",
        "called",
        "named",
        "located",
        "included",
        "based",
        "owed",
        "attached",
        "mentioned",
        "required",
        "described",
        "pictured",
    ]
)
_POINTS = frozenset({"the", "this", "these", "that", "those", "its"})
_SOME = frozenset(
    [
        "a",
        "an",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "some",
        "both",
        "all",
        "every",
        "each",
        "another",
        "most",
        "many",
        "half",
        "several",
        "no",
        "none",
        "neither",
        "only",
    ]
)
_PART_OF = re.compile(r"(?:part|most|some|none|all|half|neither|both) of\b", re.I)
_PRONOUNS = frozenset(["i", "we", "you", "it", "they", "that", "which", "who", "he", "she"])
_GOES_ON = frozenset(["so", "too", "very", "like", "without", "a", "open", "two", "three", "over", "half", "apart"])
_DEGREES = frozenset(["not", "too", "so", "very", "quite", "way", "a", "bit", "little", "still", "poorly", "badly"])
_NO_BEGINNING = frozenset(["too", "so", "very", "not", "such", "quite", "still", "just"])
_LASTED = re.compile(
    rf"(?<=\w) (?=(?:almost |over )?(?:\d+|{'|'.join(_NUMBERS)}) (?:hours?|days?|weeks?|months?|minutes?)\b(?! (?:late|early|before|after|ago)))"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """subject: as we say it to the customer ("your bag", "our driver"); predicate: as written, from the verb on."""

    subject: str
    predicate: str


def clause_of(said: str) -> Clause | None:
    """Subject and predicate; "order cancelled" and "music deafening" get their "was". None where there is no subject."""
    words_ = said.split()
    low = [one.lower().strip(",.'") for one in words_]
    place = _verb_at(low)
    if place is None:
        return None
    subject, predicate = " ".join(words_[:place]), " ".join(words_[place:])
    if not is_thing(subject) or "," in subject:
        return None
    who = subject_of(subject)
    if _lacks_verb(low, place):
        predicate = f"{'were' if is_many(who) else 'was'} {_LASTED.sub(' for ', predicate)}"
    return Clause(who, predicate)


def subject_of(said: str) -> str:
    """A thing with its owner as we say it: "my bag" is "your bag", "waiter" "our waiter", "zipper" "the zipper"."""
    said = words("opinion_before").sub("", said).strip()
    first, _, rest = said.partition(" ")
    low = first.lower()
    owner = "your" if low in ("my", "our") else "our" if low in ("your", "their") else "the" if low in _POINTS else None
    if owner is not None:
        return _owned(rest) if owner == "the" else f"{owner} {_own(rest)}"
    if low in _SOME or low[:1].isdigit():
        return _own(f"{low} {rest}")
    return _owned(said, bare=_PART_OF.match(said) is None)


def is_thing(said: str) -> bool:
    """Whether words can be a thing: nouns with what stands before them and a phrase behind, no pronoun and no verb."""
    known, low = grammar(), [one.lower().strip(",.'") for one in said.split()]
    if not 0 < len(low) < 10 or not low[0][:1].isalnum() or low[-1] in known.closed or "%" in said:
        return False
    if (
        low[0] in _NO_BEGINNING
        or low[0] in known.prepositions
        or low[0] in known.adverbs - {"all", "both", "only", "then"}
    ):
        return False
    if low[0].endswith("ing") and not words("things_in_ing").fullmatch(low[0]):
        return False
    if low[0].endswith("ed") and low[1:2] and low[1] in known.prepositions:
        return False
    if not all(_fits(low, number) for number in range(len(low))):
        return False
    head = next((low[place - 1] for place in range(1, len(low)) if low[place] in known.prepositions), low[-1])
    if low[0] in ("my", "our") and words("kin").fullmatch(head):
        return True
    return not words("no_thing").fullmatch(head) or any(words(one).fullmatch(head) for one in ("ours", "theirs"))


def _fits(low: list[str], number: int) -> bool:
    """Whether a word can stand in a thing: a second article only behind a preposition."""
    known, word = grammar(), low[number]
    if word in known.openings:
        return not number or low[number - 1] in known.prepositions | {"and", "all", "both", "half", "other"}
    if word in known.prepositions or word in ("and", "other"):
        return True
    return word not in known.closed | {"be", "being"} and not words("persons").fullmatch(word)


def agreeing(subject: str, predicate: str) -> str:
    """The predicate with its first verb in the number of the subject."""
    first, _, rest = predicate.partition(" ")
    low = first.lower()
    many = is_many(subject)
    if low in ("is", "are"):
        low = "are" if many else "is"
    elif low in ("was", "were"):
        low = "were" if many else "was"
    elif low in ("has", "have"):
        low = "have" if many else "has"
    elif low in ("does", "do"):
        low = "do" if many else "does"
    elif many and low in grammar().verbs and low.endswith("s") and not low.endswith("ss"):
        low = low[:-1]
    elif not many and low in grammar().bases:
        low = third(low)
    else:
        return predicate
    return f"{low} {rest}".strip()


def _owned(said: str, *, bare: bool = False) -> str:
    said = _own(said)
    if words("ours").fullmatch(said) or words("ours").fullmatch(said.split(" ")[-1] if len(said.split()) < 3 else said):
        return f"our {said}"
    if _PART_OF.match(said):
        return said
    if bare and words("theirs").fullmatch(said):
        return f"your {said}"
    return f"the {said}"


def _own(said: str) -> str:
    swap = {"my": "your", "our": "your", "your": "our", "their": "our"}
    said = re.sub(r"\b(?:my|our|your|their)\b", lambda one: swap[one[0].lower()], said, flags=re.I)
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def _verb_at(low: list[str]) -> int | None:
    """Where the predicate begins; None where no verb, state or deed is found behind a subject."""
    for place in range(1, min(len(low), 10)):
        before = low[place - 1]
        if low[place] in _PRONOUNS:
            return None
        if before in grammar().openings or before in grammar().prepositions or before in ("and", "or"):
            continue
        if place == 1 and (before in grammar().adverbs or before in ("rarely", "barely", "neither")):
            continue
        if _begins(low, place):
            return place
    return None


def _begins(low: list[str], start: int) -> bool:
    """Whether a predicate begins here: a verb, perhaps behind an adverb, or a state or a deed that lacks its "was"."""
    known, place = grammar(), start
    while place < len(low) - 1 and (low[place] in known.adverbs or low[place] == "not"):
        place += 1
    word, behind, before = low[place], low[place + 1] if place + 1 < len(low) else "", low[start - 1]
    if word in known.auxiliaries or (word in _LINKS and behind and behind not in known.openings):
        return True
    closes = not behind or behind in known.closed | known.adverbs | _GOES_ON
    closes = closes or behind.endswith(("ly", "ing", "ed")) or _state(behind)
    if word in known.verbs and closes and not (word in known.bases and not is_many(before) and not word.endswith("s")):
        return True
    if word.endswith("s") and not is_many(before):
        told = word in known.verbs and low[0] in known.openings | {"no"}
        if told or (behind.endswith("ly") and len(word) > 3 and not before.endswith("s")):
            return True
    if word.endswith("ed") and len(word) > 4 and closes and word not in _LISTED:
        return True
    if start == place:
        return _lacks_verb(low, place) and (closes or _state(word))
    return _state(word) and (not behind or behind in known.closed or behind in _COUNTED)


def _lacks_verb(low: list[str], place: int) -> bool:
    """Whether a state or a deed stands here without its "was"."""
    known = grammar()
    while place < len(low) - 1 and (low[place] in known.adverbs or low[place] in _DEGREES):
        place += 1
    word, behind = low[place], low[place + 1] if place + 1 < len(low) else ""
    if any(one in known.auxiliaries for one in low[place + 1 :]):
        return False
    if word in ("closed", "moved", "changed", "opened", "shut") and low[0] in known.openings:
        return False
    ends = not behind or behind in known.adverbs or behind in _COUNTED or behind[:1].isdigit()
    if words("done").fullmatch(word):
        placed = behind in known.prepositions - {"off", "out", "up", "down"}
        return ends or placed or behind in ("twice", "because", "when", "until") or behind.endswith("ly")
    if low[place - 1] in ("hours", "days", "weeks", "months", "minutes", "years"):
        return False
    doing = word == "working" or (word.endswith("ing") and low[place - 1] == "not")
    return (_state(word) and (ends or behind in known.closed)) or doing


def _state(word: str) -> bool:
    return words("states").fullmatch(word) is not None
