"""The words of an English clause made plain: nothing that leads, fills or shouts."""

from __future__ import annotations

import re

from responder.composing.english.clauses import plain
from responder.composing.english.grammar import written_out
from responder.composing.english.lists import words

_NOT = (
    (re.compile(r"\b(can)(?:'t|not|t)\b", re.I), "cannot"),
    (re.compile(r"\bcan not\b", re.I), "cannot"),
    (re.compile(r"\bwon'?t\b(?! \w+ (?:award|prize))", re.I), "will not"),
    (re.compile(r"\bshan't\b", re.I), "will not"),
    (re.compile(r"\bain'?t\b", re.I), "is not"),
    (re.compile(r"\b(do|does|did|is|was|were|are|could|would|should|have|has|had)n'?t\b", re.I), r"\1 not"),
    (re.compile(r"\b(i|we|you|they)'d\b", re.I), r"\1 had"),
    (re.compile(r"\b(they|you|we|i|it|there)'ll\b", re.I), r"\1 will"),
    (re.compile(r"(\d)[ -]?(hr|min)s? (?=(?:flight|delay|wait|trip|layover|drive)\b)", re.I), lambda one: f"{one[1]}-{'hour' if one[2][0] in 'hH' else 'minute'} "),
    (re.compile(r"(?<=\d)(?=(?:hr|min|wk)s?\b)", re.I), " "),
    (re.compile(r"\b(hr|min|wk)s?\b\.?", re.I), lambda one: {"h": "hours", "m": "minutes", "w": "weeks"}[one[1][0].lower()]),
    (re.compile(r"(\d)(hours|minutes|weeks|days)\b", re.I), r"\1 \2"),
    (re.compile(r"\b(\d+)\+ (?=hours|minutes|days|weeks)", re.I), r"over \1 "),
    (re.compile(r"\b1 (hour|minute|week|day)s\b", re.I), r"one \1"),
    (re.compile(r"(?<=[a-z])'s (?=(?:shut|closed|broken|gone|down|out|not|too|so|very|late|missing|cold|dirty|always|still)\b)", re.I), " is "),
    (re.compile(r"(?<=[a-z])'s (?=been\b)", re.I), " has "),
    (re.compile(r"\bso{2,}\b", re.I), "so"),
    (re.compile(r"\b(?:cust|customer) (?:service|serv|svc)\b", re.I), "customer service"),
    (re.compile(r"\b(?:cust|customer) rep\b", re.I), "customer service agent"),
    (re.compile(r" (?:right )?now (?=for\b)", re.I), " "),
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
    r"\s+-+\s+|-{2,}|\s*[–—;(]\s*|(?<=\w)-\s+|\.\s+|\.\.+|,? (?:(?<!anything )(?<!nothing )but|because|although|though|even though|which|whereas|so (?=i\b|we\b|it\b|that\b)|despite|yet|while|and still (?:no|nothing)|unless|whilst|based on(?= i\b)|for what|for that price)\b |\bso that\b|, (?:and |then |so )?(?=(?:i|we|it|they|the|my|no|not|nobody|you|there)\b)",
    re.I,
)
_LEADING = re.compile(r"(?:after|when|once|within|in|on|for|at|with|since|during|from|by|as|until|before|upon)\b", re.I)
_ASIDE = re.compile(
    r",? (?:unless|without|when|whenever|while|and still (?:no|nothing)|if|for|with|after|before|since|during|as|until|and|at|in|on|to|from|by)\b",
    re.I,
)
_TRAILS = re.compile(
    r"(?:,? (?:trying|waiting to|and (?:felt|looked|feels|looks)|sort of|kind of|anymore|any more|at all|again and again|as well|too|either|now|right now|man|guys|people|sir|like|ever|yet|still|again))+$",
    re.I,
)
_ADDRESSED = re.compile(r"\w\s+@\w")
_SPOKEN = re.compile(r"[AEIOU].*[AEIOUWY]|[A-Z]{5}")
_EASY = 15
_LACKING = re.compile(r"^.*\bbut (?:still )?(?=no \w+)(?!no one\b)", re.I)  # What they have is not what is missing.
_PLACE = re.compile(
    r"\b(?:in|into|at|to|from|on|for|via|of|the|flight|your|my|our|through|out|near|with|until|since|between|and|by|next|last|a|an|size|error|or) ?$"
)


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
    said = _LACKING.sub("", said)
    said = _NUMBER.sub(lambda one: _DIGITS[one[1]], re.sub(r"(?<=\w) A (?=[a-z])", " a ", _calm(said)))
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


def _calm(said: str) -> str:
    letters = [one for one in said if one.isalpha()]
    if letters and sum(one.isupper() for one in letters) > 0.6 * len(letters):
        return re.sub(r"\bi\b", "I", said.lower())
    return " ".join(one.lower() if _shouted(one.strip(".,")) else one for one in said.split())


def _shouted(word: str) -> bool:
    """Whether a word is shouted, and no abbreviation."""
    if len(word) < 3 or not word.isalpha() or not word.isupper() or words("written_large").fullmatch(word):
        return False
    return _SPOKEN.search(word) is not None or words("shouted").fullmatch(word) is not None


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
    first = said.split()[0].strip(".,'")
    called = first.istitle() and not words("goods").fullmatch(first) and first.lower() not in text
    if called and re.search(rf"[a-z,;] {re.escape(first)}\b", text):
        return False
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
