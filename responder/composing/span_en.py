"""The parts of a short English clause: its words made plain, and its subject and predicate where both are there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from responder.composing.clauses_en import plain
from responder.composing.frames import read_phrases
from responder.composing.grammar_en import grammar, third, written_out
from responder.composing.meant_en import is_many

COPULAS = re.compile(
    r"(?:is|was|are|were|has been|have been|had been|looks?|looked|feels?|felt|seems?|seemed|tastes?|tasted|came out|came|smells?|smelled)\b ?",
    re.I,
)
STARTS = re.compile(
    r"(?:is|was|are|were|has|have|had|does|did|do|can|could|cannot|will|would|looks?|looked|feels?|felt|seems?|seemed|tastes?|tasted|came|arrived|broke|stopped|runs?|ran|fits?|made|makes|keeps|kept|fell|smells?|hits?|gapes?|shrank|faded|ripped)\b",
    re.I,
)
_NOT = (
    (re.compile(r"\b(can)(?:'t|not|t)\b", re.I), "cannot"),
    (re.compile(r"\bcan not\b", re.I), "cannot"),
    (re.compile(r"\bwon'?t\b(?! \w+ (?:award|prize))", re.I), "will not"),
    (re.compile(r"\bshan't\b", re.I), "will not"),
    (re.compile(r"\bain'?t\b", re.I), "is not"),
    (re.compile(r"\b(do|does|did|is|was|were|are|could|would|should|have|has|had)n'?t\b", re.I), r"\1 not"),
    (re.compile(r"\b(i|we|you|they)'d\b", re.I), r"\1 had"),
    (re.compile(r"\b(they|you|we|i|it|there)'ll\b", re.I), r"\1 will"),
    (re.compile(r"(\d)[ -]?(hr|min)s? (?=flight|delay|wait|trip|layover|drive)", re.I), lambda one: f"{one[1]}-{'hour' if one[2][0] in 'hH' else 'minute'} "),
    (re.compile(r"(?<=\d)(?=(?:hr|min|wk)s?\b)", re.I), " "),
    (re.compile(r"\b(hr|min|wk)s?\b\.?", re.I), lambda one: {"h": "hours", "m": "minutes", "w": "weeks"}[one[1][0].lower()]),
    (re.compile(r"(\d)(hours|minutes|weeks|days)\b", re.I), r"\1 \2"),
    (re.compile(r"\b(\d+)\+ (?=hours|minutes|days|weeks)", re.I), r"over \1 "),
    (re.compile(r"\b1 (hour|minute|week|day)s\b", re.I), r"one \1"),
    (re.compile(r"(?<=[a-z])'s (?=(?:shut|closed|broken|gone|down|out|not|too|so|very|been|late|missing|cold|dirty|always|still)\b)", re.I), " is "),
    (re.compile(r"\bso{2,}\b", re.I), "so"),
    (re.compile(r"\b(?:cust|customer) (?:service|serv|svc)\b", re.I), "customer service"),
    (re.compile(r"\b(?:cust|customer) rep\b", re.I), "customer service agent"),
    (re.compile(r" (?:right )?now (?=for\b)", re.I), " "),
    (re.compile(r"(?<=\w) A (?=[a-z])"), " a "),
    (re.compile(r"\bthru\b", re.I), "through"),
    (re.compile(r"\b(?:til|till)\b", re.I), "until"),
    (re.compile(r"\bcos\b|\bcuz\b|\bbc\b", re.I), "because"),
    (re.compile(r"\bpic\b", re.I), "picture"),
    (re.compile(r"\bppl\b", re.I), "people"),
    (re.compile(r"\ba lil\b|\blil\b", re.I), "a little"),
    (re.compile(r"(?<=\w) & (?=\w)"), " and "),
    (re.compile(r"\bsee thr(?:ough|u)\b", re.I), "see-through"),
    (re.compile(r"\b(?:its|it s) (?=(?:a|an|not|so|too|very|been|just|really|the|still|all)\b)", re.I), "it is "),
)  # fmt: skip
_DIGITS = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine"}
_NUMBER = re.compile(
    r"(?<![\d.,:£$€#-])\b([2-9])\b(?=[ -](?:hours?|minutes?|days?|weeks?|months?|years?|times|calls|people|flights|bags|nights|attempts|different|other|wears|washes|agents)\b)"
)
_ODD = re.compile(r"[^\w\s',./%£$€-]|\w/\w*\s|[a-z]\d+[a-z]|\$'|_|\.\w|\b\d+'\d*|\d{3,}.*\d{3,}")
_CUT = re.compile(
    r"\s+-+\s+|\s*[–—;(]\s*|\.\s+|\.\.+|,? (?:but|because|although|though|even though|which|whereas|so (?=i\b|we\b|it\b|that\b)|despite|yet|unless|whilst|based on(?= i\b)|for what|for that price)\b |\bso that\b|, (?:and |then |so )?(?=(?:i|we|it|they|the|my|no|not|nobody|you|there)\b)",
    re.I,
)
_LEADING = re.compile(r"(?:after|when|once|within|in|on|for|at|with|since|during|from|by|as|until|before|upon)\b", re.I)
_ASIDE = re.compile(
    r",? (?:unless|without|when|whenever|while|if|for|with|after|before|since|during|as|until|and|at|in|on|to|from|by)\b",
    re.I,
)
_TRAILS = re.compile(
    r"(?:,? (?:trying|waiting to|and (?:felt|looked|feels|looks)|sort of|kind of|anymore|any more|at all|again and again|as well|too|either|now|right now|man|guys|people|sir|like|ever|yet|still|again))+$",
    re.I,
)
_ADDRESSED = re.compile(r"\w\s+@\w")
_EASY = 15
_PLACE = re.compile(
    r"\b(?:in|into|at|to|from|on|for|via|of|the|flight|your|my|our|through|out|near|with|until|since|between|and|by|next|last|a|an|size|error|or) ?$"
)
_COUNTED = (
    "and",
    "enough",
    "again",
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
)
_LINKS = frozenset(
    "looks looked feels felt seems seemed tastes tasted smells smelled look feel seem taste smell gets got became".split()
)
_LISTED = frozenset(
    "listed used provided called named located included based owed attached mentioned required described pictured".split()
)
_LASTED = re.compile(
    rf"(?<=\w) (?=(?:almost |over )?(?:\d+|{'|'.join(_COUNTED[3:13])}) (?:hours?|days?|weeks?|months?|minutes?)\b(?! (?:late|early|before|after|ago)))"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """subject: as we say it to the customer ("your bag", "our driver"); predicate: as written, from the verb on."""

    subject: str
    predicate: str


def tidied(said: str, text: str, least: int = 2) -> str | None:
    """The clause in plain prose, without what leads, fills or shouts; None where it is none."""
    if _ADDRESSED.search(said) or re.search(r"[\"“”]", said):
        return None
    said = plain(said).strip(" \t\n\"'.,!-*")
    if "?" in said or re.search(r"\bbut not\b", said, re.I) or '"' in said or re.search(r":(?!\d)|=|\*", said):
        return None
    said = re.sub(r"(?<!\w)'(\w[\w -]*)'(?!\w)", r"\1", re.sub(r"!+", ".", said))
    said = written_out(said)
    for find, form in _NOT:
        said = find.sub(form, said)
    said = _NUMBER.sub(lambda one: _DIGITS[one[1]], _calm(said))
    said = " ".join(words("fillers").sub(" ", said).split()).strip(" ,.-")
    said = _led(said)
    said = _shortened(_led(_cut(said)))
    said = _TRAILS.sub("", said)
    if (
        len(said.split()) < least
        or _ODD.search(said)
        or words("begins_elsewhere").match(said)
        or not _names_nobody(said, text)
    ):
        return None
    return said if said[1:2].isupper() or said.startswith("I ") else said[:1].lower() + said[1:]


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
    owner = {
        "my": "your",
        "our": "your",
        "your": "our",
        "their": "our",
        "this": "the",
        "these": "the",
        "that": "the",
        "those": "the",
        "its": "the",
    }.get(low)
    if owner is not None:
        if owner == "your" or low in ("your", "their"):
            return f"{owner} {_own(rest)}"
        return _owned(rest)
    if low == "the":
        return _owned(rest)
    if (
        low
        in (
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
        )
        or low[:1].isdigit()
    ):
        return _own(f"{low} {rest}")
    return _owned(said, bare=re.match(r"(?:part|most|some|none|all|half|neither|both) of\b", said, re.I) is None)


def is_thing(said: str) -> bool:
    """Whether words can be a thing: nouns with what stands before them and a phrase behind, no pronoun and no verb."""
    low = [one.lower().strip(",.'") for one in said.split()]
    if (
        not low
        or len(low) > 9
        or not low[0][:1].isalnum()
        or low[0] in ("too", "so", "very", "not", "such", "quite", "still", "just")
        or low[0] in grammar().adverbs - {"all", "both", "only", "then"}
        or low[-1] in grammar().closed
        or low[0] in grammar().prepositions
    ):
        return False
    for number, word in enumerate(low):
        if (
            number
            and word in grammar().openings
            and low[number - 1] not in grammar().prepositions | {"and", "all", "both", "half", "other", "of"}
        ):
            return False
        if word in grammar().openings or word in grammar().prepositions or word in ("and", "other"):
            continue
        if word in grammar().closed or words("persons").fullmatch(word) or (number and word in grammar().auxiliaries):
            return False
    if low[0].endswith("ing") and not words("things_in_ing").fullmatch(low[0]):
        return False
    head = next((low[place - 1] for place in range(1, len(low)) if low[place] in grammar().prepositions), low[-1])
    if low[0] in ("my", "our") and words("kin").fullmatch(head):
        return True
    return (
        not words("no_thing").fullmatch(head)
        or words("ours").fullmatch(head) is not None
        or words("theirs").fullmatch(head) is not None
    )


def _owned(said: str, *, bare: bool = False) -> str:
    said = _own(said)
    if words("ours").fullmatch(said) or words("ours").fullmatch(said.split(" ")[-1] if len(said.split()) < 3 else said):
        return f"our {said}"
    if re.match(r"(?:part|most|some|none|all|half|neither|both) of\b", said, re.I):
        return said
    if bare and words("theirs").fullmatch(said):
        return f"your {said}"
    return f"the {said}"


def _own(said: str) -> str:
    swap = {"my": "your", "our": "your", "your": "our", "their": "our"}
    said = re.sub(r"\b(?:my|our|your|their)\b", lambda one: swap[one[0].lower()], said, flags=re.I)
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


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


def _verb_at(low: list[str]) -> int | None:
    """Where the predicate begins; None where no verb, state or deed is found behind a subject."""
    bare = low[0] not in grammar().openings and low[0] not in ("no",)
    for place in range(1, min(len(low), 10)):
        word, before = low[place], low[place - 1]
        if word in ("i", "we", "you", "it", "they", "that", "which", "who", "he", "she"):
            return None
        if before in grammar().openings or before in grammar().prepositions or before in ("and", "or"):
            continue
        if place == 1 and (before in grammar().adverbs or before in ("rarely", "barely", "neither")):
            continue
        start = place
        while place < len(low) - 1 and (low[place] in grammar().adverbs or low[place] == "not"):
            place += 1
        word, behind = low[place], low[place + 1] if place + 1 < len(low) else ""
        if word in grammar().auxiliaries:
            return start
        if word in _LINKS and behind and behind not in grammar().openings:
            return start
        closes = (
            not behind
            or behind in grammar().closed
            or behind in grammar().adverbs
            or behind.endswith(("ly", "ing", "ed"))
            or _state(behind)
            or behind in ("so", "too", "very", "like", "without", "a", "open", "two", "three", "over", "half", "apart")
        )
        if (
            word in grammar().verbs
            and closes
            and not (word in grammar().bases and not is_many(before) and not word.endswith("s"))
        ):
            return start
        if word.endswith("s") and behind.endswith("ly") and len(word) > 3 and not before.endswith("s"):
            return start
        if word in grammar().verbs and word.endswith("s") and not bare and not is_many(before):
            return start
        if word.endswith("ed") and len(word) > 4 and closes and word not in _LISTED:
            return start
        if start == place and _lacks_verb(low, place) and (closes or _state(word)):
            return start
        if start != place and _state(word) and (not behind or behind in grammar().closed or behind in _COUNTED):
            return start
    return None


def _lacks_verb(low: list[str], place: int) -> bool:
    """Whether a state or a deed stands here without its "was"."""
    while place < len(low) - 1 and (
        low[place] in grammar().adverbs
        or low[place] in ("not", "too", "so", "very", "quite", "way", "a", "bit", "little", "still", "poorly", "badly")
    ):
        place += 1
    word, behind = low[place], low[place + 1] if place + 1 < len(low) else ""
    if any(one in grammar().auxiliaries for one in low[place + 1 :]):
        return False
    if word in ("closed", "moved", "changed", "opened", "shut") and low[0] in grammar().openings:
        return False
    if words("done").fullmatch(word):
        return (
            not behind
            or (behind in grammar().prepositions and behind not in ("off", "out", "up", "down"))
            or behind in ("and", "again", "twice", "because", "when", "until")
            or behind in grammar().adverbs
            or behind in _COUNTED
            or behind.endswith("ly")
            or behind[:1].isdigit()
        )
    if low[place - 1] in ("hours", "days", "weeks", "months", "minutes", "years"):
        return False
    return (
        _state(word)
        and (
            not behind
            or behind in grammar().closed
            or behind in grammar().adverbs
            or behind in _COUNTED
            or behind[:1].isdigit()
        )
        or (word == "working" or (word.endswith("ing") and low[place - 1] == "not"))
    )


def _state(word: str) -> bool:
    return words("states").fullmatch(word) is not None


def _calm(said: str) -> str:
    letters = [one for one in said if one.isalpha()]
    if letters and sum(one.isupper() for one in letters) > 0.6 * len(letters):
        return re.sub(r"\bi\b", "I", said.lower())
    return " ".join(
        one.lower()
        if len(one.strip(".,")) > 2
        and one.strip(".,").isupper()
        and re.search(
            r"[AEIOU].*[AEIOUWY]|[A-Z]{5}|^(?:NOT|BUT|THE|ALL|AND|NOW|YES|HOT|BAD|TOO|BIG|OUR|LOT|WAS|ARE|HAS|HAD|CAN|GET|GOT|ONE|OUT|OFF|OLD|NEW|DAY|FOR|TWO|FLY|BUG|COLD|LOST|LONG|VERY|MUST|WANT|FULL|LEFT|DOWN)$",
            one,
        )
        and not words("written_large").fullmatch(one.strip(".,"))
        else one
        for one in said.split()
    )


def _led(said: str) -> str:
    while (lead := words("leads").match(said)) is not None and lead.end() < len(said):
        said = said[lead.end() :].lstrip(" ,.-")
    return said


def _cut(said: str) -> str:
    """Its first part that can stand alone: what leads in a time or a place is left out."""
    parts = [one.strip(" ,.-)") for one in _CUT.split(said)]
    parts = [one for one in parts if one]
    if len(parts) > 1 and (_LEADING.match(parts[0]) or len(parts[0].split()) < 2):
        parts = parts[1:]
    if not parts:
        return said
    first = parts[0]
    lead, _, rest = first.partition(", ")
    if rest and _LEADING.match(lead) and len(rest.split()) > 2:
        return rest
    return first


def _shortened(said: str) -> str:
    if len(said.split()) <= _EASY:
        return said
    cuts = [one.start() for one in _ASIDE.finditer(said) if 5 <= len(said[: one.start()].split()) <= _EASY]
    return said[: cuts[-1]] if cuts else said


def _names_nobody(said: str, text: str) -> bool:
    place, named = 0, False
    for number, word in enumerate(said.split()):
        at = said.index(word, place)
        place = at + len(word)
        bare = word.strip(".,'")
        named = named and bare[:1].isupper()
        if words("goods").fullmatch(bare) or words("ours").fullmatch(bare) or bare.lower() in text:
            continue
        if number == 0 or not bare[:1].isupper() or words("written_large").fullmatch(bare) or bare.isupper():
            continue
        if not (_PLACE.search(said[:at]) or named):
            return False
        named = True
    return True


@lru_cache(maxsize=32)
def words(name: str) -> re.Pattern[str]:
    """A list of statements.en.yaml (else of told.en.yaml or grammar.en.yaml) as one expression over whole words."""
    for file in ("statements.en.yaml", "told.en.yaml", "grammar.en.yaml"):
        bank = read_phrases(file)
        if name in bank:
            return re.compile(rf"(?<![\w'])(?:{'|'.join(sorted(bank[name], key=len, reverse=True))})(?!\w)", re.I)
    raise KeyError(name)
