"""What a thing did and how it was: "it broke", "order cancelled", "too tight"."""

from __future__ import annotations

import re

from responder.composing.english.joined import joined, swapped
from responder.composing.english.lists import words
from responder.composing.english.meant import FOOD, Around, is_many, of_food, thing_meant
from responder.composing.english.scant import TIME
from responder.composing.english.span import COPULAS, STARTS, agreeing, clause_of, is_thing, subject_of
from responder.composing.frames import read_phrases

HOPED = "not what you had hoped for"
_EXPLETIVE = re.compile(
    rf"(?:is|was|has been|seems|gets|became) (?:so |too |very |quite |not (?!hard|difficult)|almost |nearly |extremely )*(?:hard|difficult|impossible|awkward|easy|possible|painful|tricky|confusing|complicated) (?:for you )?to \w+.*|(?:took|takes|has taken) (?:me |us )?{TIME}.* (?:for|to|before|until) .+|(?:costs?) .+ to \w+.*",
    re.I,
)
_NO_FAILURE = re.compile(
    rf"(?:has been (?:{TIME}|a )|(?:is|was) (?:not )?(?:obvious|clear|above|my|your|our|for)\b|took|takes|costs?|says|(?:is|was) (?:especially |also |not )?true|(?:is|was) (?:now |just )?(?:an? (?!(?:bit|little|few|lot|size|tad)\b)|time|the \w+ that))\b",
    re.I,
)
_WRONG = re.compile(r"(?:the |a )?wrong (?P<what>.+)", re.I)
_OPINIONS_LEAD = re.compile(
    r"^(?:(?:so|too|very|such|pretty|rather|quite|a bit|a little|extremely|not very|just|not only|of|only) )+", re.I
)
_RUDE = re.compile(r"(?:(?:very|so|extremely|the|a|an) )*\w+(?:,? and \w+| \w+ed)? (?P<who>[\w ]+)", re.I)
_SUCKS = re.compile(r"(?:\w+ )?(?:sucks?|sucked|stinks|blows|bites)$", re.I)
_NOBODY = re.compile(r"(?:bot|chat|site|app|system|line|page|machine|update|policy|e-?mails?|letters?)$")
_NOT_WORTH = re.compile(
    r"(?:(?:definitely|really|just|so|it was|it is) )*not worth (?:it|(?:the|a|any|my|half) .+)", re.I
)


def of_it(said: str, around: Around) -> str | None:
    """What "it" did, by the name of what is meant; what has no subject at all is said of it, too."""
    first, _, rest = said.partition(" ")
    low = first.lower()
    if low in ("this", "these") and rest.startswith(("one ", "ones ")):
        rest = rest.partition(" ")[2]
    if (
        low == "it"
        and not STARTS.match(rest)
        and not re.match(r"(?:(?:also|always|never|constantly|barely|hardly) )?\w{2,}(?:s|ed)\b", rest)
    ):
        return ""
    if low == "it" or (low in ("this", "these", "that", "those") and STARTS.match(rest)):
        if low == "it" and _EXPLETIVE.fullmatch(rest):
            return joined("it", rest)
        if low == "it" and _NO_FAILURE.match(rest):
            return ""
    elif not words("bare_verbs").match(said):
        return None
    else:
        low, rest = "it", re.sub(r"^(?=not )", "was ", said, flags=re.I)
        said = rest
    thing = _meant(rest, around, many=None if said is rest else low in ("these", "those"))
    return "" if thing is None else thing_told(thing, rest)


def _meant(predicate: str, around: Around, *, many: bool | None = None) -> str | None:
    """What a pronoun means, or what is said without one."""
    thing = thing_meant(around.text, around.start, many=many) or thing_meant(around.text, around.start, many=None)
    if thing is not None and re.search(rf"\b{thing.removeprefix('the ')}\b", predicate):
        thing = None
    if thing is None and around.it == FOOD and not of_food(predicate):
        return None  # Of a restaurant "it" may be anything.
    return thing or around.it or None


def of_thing(said: str, _: Around) -> str | None:
    """A subject and what it did: "my bag never came"; "order cancelled" as "was cancelled"."""
    clause = clause_of(said)
    return None if clause is None else thing_told(clause.subject, clause.predicate)


def bare(said: str, around: Around) -> str | None:
    """Words without a verb: "cold food", "wrong size", "too tight in the arms"."""
    if (found := _WRONG.fullmatch(said)) is not None and "," not in said and is_thing(found["what"]):
        return f"you received the wrong {swapped(found['what'])}"
    if _NOT_WORTH.fullmatch(said):
        return "it was not worth what you paid"
    if (rude := _RUDE.fullmatch(said)) is not None and (manners := manners_of(rude[0])) is not None:
        return f"{subject_of(rude['who'])} {manners}" if subject_of(rude["who"]).startswith("our ") else ""
    plain = re.sub(r"^(?:an?|the|their|its) ", "", said)
    lead = _OPINIONS_LEAD.match(plain)
    bare = plain[lead.end() :] if lead else plain
    state = words("states").match(bare) or words("opinion").match(bare)
    if state is None:
        return None
    rest = bare[state.end() :].strip()
    if "," in rest:
        return ""
    if (
        rest
        and re.match(r"[a-z]", rest, re.I)
        and not re.match(
            r"(?:and|or|in|on|at|for|to|when|with|around|under|across|from|enough|all|after|than|but|as)\b", rest
        )
    ):
        if not is_thing(rest) or " and " in rest:
            return ""
        subject = subject_of(rest)
        if words("opinion").fullmatch(state[0]):
            return hoped_for(subject)
        how = state[0].lower() if words("absolute").fullmatch(state[0]) else f"so {state[0].lower()}"
        return f"{subject} {'were' if is_many(rest) else 'was'} {how}"
    thing = _meant(f"was {plain}", around)
    return thing_told(thing, f"was {plain}") if thing else ""


def thing_told(subject: str, predicate: str) -> str:
    """A thing with its verb, agreeing; an opinion of it said softly."""
    staff = subject.startswith("our ") and not subject.endswith("service")
    if _SUCKS.match(predicate):
        return hoped_for(subject)
    copula = COPULAS.match(predicate)
    if copula is not None:
        said = _OPINIONS_LEAD.sub("", predicate[copula.end() :].strip())
        if re.match(
            r"(?:is|was|are|were) (?:now |just |more |not )?(?:an? (?!(?:bit|little|few|lot|size|tad|day|week)\b)|all about|the )",
            predicate,
            re.I,
        ) and not words("opinion").match(said):
            return ""
        if staff and (manners := manners_of(said)) is not None:
            return f"{subject} {manners.replace('they', 'it') if _NOBODY.search(subject) else manners}"
        if words("opinion").match(said) or words("opinion").match(predicate[copula.end() :].strip()):
            return hoped_for(subject)
    verb = agreeing(subject, predicate)
    return joined(subject, verb) or ""


def hoped_for(subject: str) -> str:
    """ "the dress was not what you had hoped for"."""
    if subject.endswith("service"):
        return "our service let you down"
    if subject.endswith("quality"):
        return "the quality let you down"
    return f"{subject} {'were' if is_many(subject) else 'was'} {HOPED}"


def manners_of(said: str) -> str | None:
    known: dict[str, str] = read_phrases("statements.en.yaml")["manners"]
    found = re.search(rf"\b(?:{'|'.join(known)})\b", said, re.I)
    return known[found[0].lower()] if found else None
