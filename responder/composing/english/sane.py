"""The last look at what an English reply would say back: whatever could read absurdly is not said."""

from __future__ import annotations

import re
from functools import lru_cache

from responder.composing.english.lists import words
from responder.composing.english.meant import is_noun
from responder.composing.english.nouns import is_adjective
from responder.composing.frames import read_phrases

_TWICE = re.compile(r"\b(?!(?:hours?|minutes?|days?|your|they|that|have|were|from|with)\b)(\w{4,})\b.*\b\1\b", re.I)
_DEED = re.compile(r"that (?:we|you|nobody) ", re.I)
_SUPPOSED = re.compile(r"that (?:you|we) (?:need|should|must|ought|could have|would|plan|want|wanted|rather)\b", re.I)
_NAMED = re.compile(r"\b(?:the|our|your) [a-z]{2,4} [A-Z][a-z]+")  # "the del Taco"
_LOWER = re.compile(r"\b[a-z]{3,}\b")
_PAIR = re.compile(r"(?:the|our) (\w+) and (\w+)")
_LETTER = re.compile(r"\b(?:the|our) [a-z]\b")
_PLACE = re.compile(r"\b(?:the|our|your) (?!TV\b|USB\b|SIM\b|ATM\b|PIN\b|GPS\b)[A-Z]{3}\b$")  # an airport, mostly
_IN_PRAISE = re.compile(r"\b(?:it|its|they|them|this|these|those|he|she|him|her)\b", re.I)
_JUST_WITH = r"\b(?:came|comes|goes|went|served) with (?:the |my |our |a )?{}\b"
_ASKED = r"\b(?:how many|how much|which|what|followed|following|refill|refilled|orders|every|purchased|bought|left|leaving|leaves) (?:\w+ )?{}"
_WAS_FINE = r"\b{}s? (?:is|was|are|were) (?:not too|perfect|great|good|fine|nice|lovely|beautiful)\b"
_BUT_NO = r"\b{}s? but (?:no|not|never|without)\b"


def may_be_sorry(clause: str, text: str) -> bool:
    """Whether an apology can take `clause` ("that …", "about …") of `text` without reading absurdly."""
    if "$$" in clause or any(_listed(one).search(clause) for one in ("no_failure", "broken")) or _TWICE.search(clause):
        return False
    if any(one.search(clause) for one in (_SUPPOSED, _NAMED, _PLACE)):
        return False
    if _listed("praising").search(clause) and not _listed("denying").search(clause) and not _ours(clause):
        return False
    if any(_a_name(word, text) for word in _LOWER.findall(clause)):
        return False
    if _DEED.match(clause):
        return any(one.search(clause) for one in (_listed("harms"), words("troubles"), words("fault")))
    if clause.startswith("about "):
        thing = re.escape(clause.split(" ", 2)[-1])
        return not any(re.search(one.format(thing), text, re.I) for one in (_JUST_WITH, _BUT_NO, _ASKED, _WAS_FINE))
    return True


def may_be_thanked_for(named: str) -> bool:
    """Whether thanks can take `named` ("the soft fabric", "how well it works") without reading absurdly."""
    how = named.startswith("how ")
    if (pair := _PAIR.fullmatch(named)) is not None and is_adjective(pair[1]) != is_adjective(pair[2]):
        return False  # "the colorful and shirt"
    last = named.split()[-1].lower()
    if _listed("blaming").search(named) or any(one.search(named) for one in (_TWICE, _NAMED, _LETTER)):
        return False
    if re.match(r"how (?:high|low|long|short|thin|thick|wide)\b", named):
        return False  # "how high the fabric was"
    if how and " of " in named and named.endswith((" are", " were")):
        return False
    if how:
        return _IN_PRAISE.search(re.sub(r"\b(?:it|they) \w+(?: to \w+.*)?$", "", named)) is None
    return _IN_PRAISE.search(named) is None and _listed("no_name_ends").fullmatch(last) is None and not _bare(last)


def _a_name(word: str, text: str) -> bool:
    """Whether a word of a clause is a name in the text, though no longer by its capital: "the noca" of "with Noca"."""
    if f"{word.capitalize()}" not in text or is_noun(word) or re.search(rf"\b{word}\b", text):
        return False
    return re.search(rf"[a-z,] {word.capitalize()}\b", text) is not None


def _ours(clause: str) -> bool:
    """Whether it is one of our own gentle phrases: "was not what you had hoped for" denies already."""
    return clause.endswith(("as it should", "as they should", "let you down"))


def _bare(last: str) -> bool:
    """Whether a name ends in an adjective, so that its noun was cut off."""
    return is_adjective(last) and not any(words(one).fullmatch(last) for one in ("goods", "ours"))


@lru_cache(maxsize=16)
def _listed(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(map(str, read_phrases('sane.en.yaml')[name]))})(?![\w'-])", re.I)
