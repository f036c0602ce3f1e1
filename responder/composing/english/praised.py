"""What an English statement praises, as a reply thanks for it: "staff were friendly" is "our friendly staff".

A statement is a short clause that the assessment marked as praise. Only what its grammar tells for certain is named.
"""

from __future__ import annotations

import re
from functools import lru_cache

from responder.composing.english.clauses import plain, words
from responder.composing.english.described import Meant, beyond_the_whole, described, doing, how_it_is, of_it, shape
from responder.composing.english.grammar import written_out
from responder.composing.english.nouns import Name, is_adjective, listed, name_at
from responder.composing.english.persons import exchanged
from responder.composing.frames import read_phrases

_LONGEST = 11  # words of what is thanked for
_FEW = 3  # words that may all have a capital as a name
_SHOUTED = re.compile(r"\b[A-Z]{3,}[A-Z']\b|\b(?:THE|AND|FOR|WAS|ARE|IS|IT|TO|OF|MY|SO|NOT|ALL)\b")
_CAPITAL = re.compile(r"\w[A-Z]|I |[A-Z][\w'-]+ [A-Z][a-z]")  # A name, as far as one can see.
_TITLE = re.compile(r"(?:[A-Z][\w'-]*,?(?: |$)|(?:and|of|the|with|for) )+")
_SHORT = re.compile(r"\b(he|she|they|you|we|who)'(s|re|ve)\b", re.I)
_SELF = re.compile(r" (?:him|her|them|it)sel(?:f|ves)\b", re.I)
_AGAIN = re.compile(r"\b(love|loved|so|very|really)(?:,? \1\b)+", re.I)
_FULL = {"s": "is", "re": "are", "ve": "have"}
_MISTYPED = ((re.compile(r"\b(?:hte|teh)\b"), "the"), (re.compile(r"\badn\b"), "and"))


@lru_cache(maxsize=256)
def thanked_for(statement: str, text: str) -> str | None:
    """The name of what `statement`, a clause of `text`, praises; None where it is not certain."""
    said = _clean(statement)
    if said is None:
        return None
    if shape("value").search(statement):
        return "the value for money"
    if shape("cheap").match(said):
        return "our prices"
    meant = Meant(text)
    for read in (_deed, _loved, _complimented, _given, _looking, described, doing, _fragment, _shown):
        named = read(said, meant)
        if named is not None:
            return named if _may_stand(named) else None
    return None


def _clean(statement: str) -> str | None:
    """The clause written out, quiet and alone; None where it denies or wishes something."""
    said = " ".join(_SHORT.sub(lambda one: f"{one[1]} {_FULL[one[2].lower()]}", written_out(plain(statement))).split())
    for find, form in _MISTYPED:
        said = find.sub(form, said)
    said = re.sub(r"(?<=[a-z])/(?=[a-z])", " and ", said)
    said = re.sub(r" tho(?:ugh)?$", "", said.rstrip(" .!"))
    said = _AGAIN.sub(r"\1", _SELF.sub("", said))
    if said.count("(") != said.count(")") or "?" in said:
        return None
    said = shape("leads").sub("", said.strip(" ,.-'\"!"))
    said = shape("trails").sub("", shape("ends").split(said, maxsplit=1)[0].strip(" ,"))
    if not said or shape("denies").search(said):
        return None
    if len(said.split()) > _FEW and _TITLE.fullmatch(said):
        return said.lower()
    said = _SHOUTED.sub(lambda one: one[0].lower(), said)
    return said if _CAPITAL.match(said) else said[:1].lower() + said[1:]


def _may_stand(named: str) -> bool:
    return len(named.split()) <= _LONGEST and not any(words(one).search(named) for one in ("unfit", "kinsfolk"))


def _deed(said: str, _: Meant) -> str | None:
    """What one of ours did for the writer: "how our driver waited for you"."""
    match = shape("done").fullmatch(said)
    rest = exchanged(match["rest"]) if match else None
    if match is None or rest is None or words("others").search(match["rest"]):
        return None
    if match["doing"]:
        past: dict[str, str] = read_phrases("praise.en.yaml")["past"]
        return f"how our team {past[match['doing'].lower()]} {rest}"
    who = (match["who"] or "team").lower()
    return f"how our {who} {match['did'].lower()} {rest}" if who in listed("people") else None


def _loved(said: str, meant: Meant) -> str | None:
    """ "love the fabric", "like how it hangs": what is loved."""
    match = shape("loved").fullmatch(said)
    if match is None:
        return None
    rest = match["rest"]
    if rest.startswith("that "):
        return _fragment(shape("leads").sub("", rest[5:]), meant)
    if (way := re.match(r"(?:the way|how) ", rest)) is not None:
        return described(rest[way.end() :], meant) or doing(f"{rest[way.end() :]} well", meant)
    name = name_at(rest)
    return None if name is None else beyond_the_whole(name)


def _complimented(said: str, meant: Meant) -> str | None:
    return f"the compliments you get on {meant.by('it')[0]}" if shape("compliments").search(said) else None


def _given(said: str, _: Meant) -> str | None:
    """ "they serve great coffee": what we give."""
    match = shape("gives").fullmatch(said)
    name = name_at(match["rest"]) if match else None
    return None if name is None or not name.opened else beyond_the_whole(name)


def _looking(said: str, meant: Meant) -> str | None:
    """ "looks great": how the goods that the text names look."""
    match = shape("looks").fullmatch(said)
    return None if match is None else of_it("it", match["verb"].lower(), match["rest"], meant)


def _fragment(said: str, meant: Meant) -> str | None:
    """ "soft fabric", "very comfortable", "food good"."""
    if "true to size" in said:
        return "the fit"
    name = name_at(said)
    if name is None:
        return _without_verb(said, meant) or (how_it_is("it", said, meant) if _only_qualities(said) else None)
    if name.rest and shape("behind").match(name.rest) is None:
        return None
    return beyond_the_whole(name) if name.opened or _known(name) else None


def _known(name: Name) -> bool:
    return any(name.head in listed(one) for one in ("people", "things", "goods"))


def _only_qualities(said: str) -> bool:
    """Whether no thing stands behind the adjectives: "very comfortable on the ear", but not "kind words"."""
    for word in re.findall(r"[a-z'-]+", said.lower()):
        if word in listed("closed") and word != "and":
            return True
        strengthens = word in listed("strengthens") or word.endswith(("ly", "made"))
        if not (strengthens or word == "and" or is_adjective(word)):
            return False
    return True


def _without_verb(said: str, meant: Meant) -> str | None:
    """ "food good"."""
    tokens = said.split()
    told = (at for at, one in enumerate(tokens) if is_adjective(one.strip(",").lower()) or one in listed("strengthens"))
    cut = next(told, 0)
    front = name_at(" ".join(tokens[:cut])) if cut else None
    if front is None or front.rest or not _known(front):
        return None
    return described(f"{' '.join(tokens[:cut])} is {' '.join(tokens[cut:])}", meant)


def _shown(said: str, _: Meant) -> str | None:
    """ "the pleats give it a whimsical feel": what does something good."""
    name = name_at(said) if re.match(r"(?:the|this|these|my|your) ", said, re.I) else None
    return None if name is None or not name.rest or name.head not in listed("things") else beyond_the_whole(name)
