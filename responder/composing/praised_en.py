"""What an English statement praises, as a reply thanks for it: "staff were friendly" is "our friendly staff".

A statement is a short clause that the assessment marked as praise. Only what its grammar tells for certain is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from responder.composing.clauses_en import plain, words
from responder.composing.frames import read_phrases
from responder.composing.grammar_en import written_out
from responder.composing.meant_en import is_many
from responder.composing.nouns_en import Name, base_of, is_adjective, listed, name_at
from responder.composing.persons_en import exchanged

_LONGEST = 10  # words of what is thanked for
_ENDS = re.compile(
    r"[.!?;:()\"*~]|(?<!\w)'|'(?!\w)|\s-+\s|[–—]|,? \b(?:but|although|though|however|yet|except|because|so (?:that|i|we|the|my)|if|unless|which|than|like an? (?!glove|charm|dream)|even|especially|and (?:i|we|it|the|my|they|you|he|she|this|that|was|were|is|are|has|had))\b",
    re.I,
)
_LEADS = re.compile(
    r"^(?:(?:and|also|plus|but|however|overall|best of all|honestly|definitely|again|now|yes|wow|oh|well|other than that|(?:i|we) (?:must say|have to say|think|thought|found|find)(?: that)?|"
    r"it (?:has|had|have)(?: got)?|could not (?:have been|be) (?:more |any )?(?:pleased|happier|happy) with|(?:amazed|surprised|delighted|thrilled|blown away) (?:at|by|with)|(?:so many|lots of|a lot of|plenty of|tons of)|(?:they|you)(?: guys)? (?:have|had)|there(?: is| are| was| were|'s)|(?:i|we) (?:got|get|had|received)|has|have|had|providing|offering|providing us with|the fact that|(?:big )?(?:thanks|thank you|props|kudos|shout ?out)(?: so much| again)? (?:to|for|4)|i am (?:very |so |really )?(?:happy|pleased|impressed) (?:with|by)|impressed (?:with|by)|(?:happy|pleased) with|as for),? )+",
    re.I,
)
_LOVED = re.compile(
    r"(?:(?:i|we) )?(?:(?:do|did|really|also|just|absolutely|totally|all|especially|particularly|truly|still|both|so|too) )*"
    r"(?:loves?|loved|loving|likes?|liked|enjoy|enjoyed|adore|adored|appreciated?|recommend)(?: also| especially)? (?P<rest>.+)",
    re.I,
)
_BE = "is|are|was|were|am|has been|have been|had been"
_SENSED = "looks?|looked|feels?|felt|tastes?|tasted|smells?|smelled|sounds?|sounded|seems?|seemed"
_SAID = re.compile(
    rf"(?P<subject>.+?)(?: (?:also|itself|really|just|always|all|both|alone|overall|there|here|we had|we ordered|i had|i ordered))* (?P<verb>{_BE}|{_SENSED}) (?P<rest>.+)",
    re.I,
)
_LOOKS = re.compile(rf"(?P<verb>{_SENSED}) (?P<rest>.+)", re.I)
_PLACE = re.compile(r"(?:(?:the|this|your|our) )?(?:place|spot|store|shop|restaurant|bathroom|area)", re.I)
_GIVES = re.compile(
    r"(?:\S+ ){1,6}?(?:provides?|provided|offers?|offered|serves?|served|makes?|made|has|have|had|gave (?:me|us)|gives?(?: me| us)?) (?P<rest>.+)",
    re.I,
)
_DOES = re.compile(
    r"(?:(?P<subject>.*?) )?(?:(?:also|itself|really|just|always|all|both|still) )*"
    r"(?P<verb>went|goes|fits?|fitted|works?|worked|working|got here|arrived|came|delivered|shipped|delivery|shipping|hangs?|hung|falls?|drapes?|draped|flows?|holds? up|held up|performs?|performed|functions?|cleans|washes|wears|charges)(?: (?P<rest>.+))?",
    re.I,
)
_HOW = re.compile(
    r"(?:(?:very|so|really|super|pretty|extremely|just|quite) )*(?P<how>well|great|perfectly|perfect|fine|good|nicely|ok|okay|beautifully|flawlessly|smoothly|wonderfully|amazing|awesome|excellent|like new|like a (?:charm|glove|dream)|as (?:expected|advertised|described)|true to size|comfortably|securely)\b",
    re.I,
)
_SOON = re.compile(
    r"(?:(?:very|so|really|super|pretty|extremely|just|quite) )*(?:fast|quick|quickly|early|on time|promptly|next day|in (?:two|three|\d) days|ahead of (?:time|schedule))\b",
    re.I,
)
_SENT = re.compile(
    r"(?:(?:it|they|everything|all|(?:the|my|your|this)?\s*(?:\w+ )?(?:order|package|parcel|delivery|shipping|item|items|product|seller|the seller))\s*)?",
    re.I,
)
_TO_DO = re.compile(
    r"(?P<to>to (?:use|set up|install|wear|read|hold|clean|navigate|understand|find|follow|operate|carry|book|order|dress up|style|see|hear|pair|assemble|learn|walk in|move in))\b",
    re.I,
)
_IT = ("it", "this", "that", "these", "those", "its")
_THEY = ("they", "she", "he", "everyone", "everybody", "you", "you guys", "you all", "who", "they all", "all")
_PRONOUN = re.compile(r"(?:it|this|that|these|those|they|this one|everything|all|that one|them)$")


_VALUE = re.compile(
    r"\bworth (?:every|the|it)\b|\b(?:great|good|excellent|amazing|best|fantastic) (?:value|deal|bargain|buy)\b|\bfor the (?:price|money)\b|\bvalue for\b",
    re.I,
)
_CHEAP = re.compile(
    r"(?:(?:it|this|they) (?:is|was|are|were) )?(?:(?:very|so|really|pretty|quite|surprisingly) )*(?:cheap|inexpensive|affordable|reasonably priced|(?:great|good|fair|reasonable|low|unbeatable) prices?)\b",
    re.I,
)
_DONE = re.compile(
    r"(?:(?:(?:the|our|my|your|this|that|a|one of (?:the|your)) (?:\w+ )?(?P<who>[a-z]+)(?: (?:at|on|in|from) (?:the )?\w+)?|they|she|he|you(?: guys| all)?|[A-Z][a-z]+)(?: who)? "
    r"(?:(?:has|have|had|really|even|just|also|all|kindly|quickly|immediately|always|so|patiently|promptly) )*(?P<did>gave|took|went|brought|found|got|made sure|kept|held|came|sent|let|put|led|told|stood|drove|sat|spent|[a-z]{2,}ed)"
    r"|(?:for )?(?P<doing>getting|helping|keeping|making|taking|fixing|finding|sorting|saving|bringing|giving|rebooking|holding|returning)) (?P<rest>(?=.*\b(?:me|us|my|our)\b).+)"
)


def thanked_for(statement: str, text: str) -> str | None:
    """The name of what `statement`, a clause of `text`, praises; None where it is not certain."""
    said = _clean(statement)
    if said is None:
        return None
    if _VALUE.search(statement):
        return "the value for money"
    meant = _Meant(text)
    for read in (_priced, _deed, _loved, _complimented, _given, _sensed, _described, _doing, _fragment, _shown):
        named = read(said, meant)
        if named is not None:
            return named if _may_stand(named) else None
    return None


def _clean(statement: str) -> str | None:
    """The clause written out in small letters where they were shouted; None where it denies or wishes something."""
    said = " ".join(_SHORT.sub(_long, written_out(plain(statement))).split()).strip(" ,.-'\"!")
    said = re.sub(r"\b(?:hte|teh)\b", "the", re.sub(r"\badn\b", "and", said))
    if said.count("(") != said.count(")") or "?" in said:
        return None
    said = _LEADS.sub("", said)
    said = re.sub(r"(?:[ ,]+(?:and|or|so|also|too|oh|yet|&))+$", "", _ENDS.split(said, maxsplit=1)[0].strip(" ,"))
    if not said or _DENIES.search(said):
        return None
    said = _SHOUTED.sub(lambda one: one[0].lower(), said)
    return said if _CAPITAL.match(said) else said[:1].lower() + said[1:]


_SHOUTED = re.compile(r"\b[A-Z]{3,}[A-Z']\b|\b(?:THE|AND|FOR|WAS|ARE|IS|IT|TO|OF|MY|SO|NOT|ALL)\b")
_CAPITAL = re.compile(r"\w[A-Z]|I |[A-Z][\w'-]+ [A-Z][a-z]")  # A name, as far as one can see.
_SHORT = re.compile(r"\b(he|she|they|you|we|who)'(s|re|ve)\b", re.I)
_FULL = {"s": "is", "re": "are", "ve": "have"}


def _long(said: re.Match[str]) -> str:
    return f"{said[1]} {_FULL[said[2].lower()]}"


_DENIES = re.compile(
    r"\b(?:not|never|no|nothing|nobody|none|without|hardly|wish|hope|hoped|hoping|would|could|should|wanted to|want to|used to|supposed|maybe|might|if|until|instead|tried to|trying to|seemed like|your own|what the|(?:model|stock) (?:shot|photo)|on the (?:hanger|model)|in (?:the |your )?(?:pics?|pictures?|photos?)|online|at first)\b|n't\b|'d\b",
    re.I,
)


def _may_stand(named: str) -> bool:
    return len(named.split()) <= _LONGEST and not any(words(one).search(named) for one in ("unfit", "kinsfolk"))


@dataclass(frozen=True, slots=True)
class _Meant:
    """What "it" stands for in a text."""

    text: str

    def by(self, subject: str) -> tuple[str, bool]:
        """The one piece of goods that the text names, or the pronoun itself, and whether it takes "are"."""
        shown, found = set[str](), set[str]()
        for one in _goods().finditer(self.text):
            before = self.text[max(0, one.start() - 24) : one.start()]
            if _POINTED.search(before):
                shown.add(one[0].lower())
            elif not _OTHERS.search(before) and one[0].lower() not in listed("parts"):
                found.add(one[0].lower())
        named = shown or found
        if len(named) == 1:
            thing = f"the {named.pop()}"
            return thing, is_many(thing)
        return ("they", True) if subject in ("these", "they", "those") else ("it", False)


_POINTED = re.compile(r"\b(?:this|these) (?:\w+ )?$", re.I)
_OTHERS = re.compile(r"\b(?:with|my|your|like a|than a|over a)(?: \w+)? $", re.I)


@lru_cache(maxsize=1)
def _goods() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(listed('goods'), key=len, reverse=True))})\b(?!-)", re.I)


def _past() -> dict[str, str]:
    past: dict[str, str] = read_phrases("praise.en.yaml")["past"]
    return past


def _priced(said: str, _: _Meant) -> str | None:
    """ "cheap", "reasonably priced"."""
    return "our prices" if _CHEAP.match(said) else None


def _deed(said: str, _: _Meant) -> str | None:
    """What one of ours did for the writer: "how our driver waited for you"."""
    match = _DONE.fullmatch(said)
    if match is None:
        return None
    rest = exchanged(match["rest"])
    if rest is None or words("others").search(match["rest"]):
        return None
    if match["doing"]:
        return f"how our team {_past()[match['doing'].lower()]} {rest}"
    who = (match["who"] or "team").lower()
    return f"how our {who if who in listed('people') else 'team'} {match['did'].lower()} {rest}"


def _loved(said: str, meant: _Meant) -> str | None:
    """ "love the fabric": what is loved."""
    match = _LOVED.fullmatch(said)
    if match is None:
        return None
    rest = match["rest"]
    if rest.startswith("that "):
        return _fragment(_LEADS.sub("", rest[5:]), meant)
    if (way := re.match(r"(?:the way|how) ", rest)) is not None:
        return _way(rest[way.end() :], meant)
    name = name_at(rest)
    return None if name is None else _of_place(name)


def _way(said: str, meant: _Meant) -> str | None:
    """ "how it hangs", "how soft it is"."""
    return _described(said, meant) or _doing(said + " well", meant)


def _complimented(said: str, meant: _Meant) -> str | None:
    if not re.search(r"(?<!my )\bcompliments\b(?! to\b)", said):
        return None
    return f"the compliments you get on {meant.by('it')[0]}"


def _given(said: str, _: _Meant) -> str | None:
    """ "they serve great coffee": what we give."""
    match = _GIVES.fullmatch(said)
    name = name_at(match["rest"]) if match else None
    return None if name is None or not name.opened else _of_place(name)


def _sensed(said: str, meant: _Meant) -> str | None:
    """ "looks great": how the goods that the text names look."""
    match = _LOOKS.fullmatch(said)
    return None if match is None else _of_it("it", match["verb"].lower(), match["rest"], meant)


def _described(said: str, meant: _Meant) -> str | None:
    """ "the fabric is soft", "staff were friendly", "it is easy to use", "this is a great phone"."""
    match = _SAID.fullmatch(said)
    if match is None:
        return None
    whole = re.sub(r",? (?:and )?(?:everything|all)$", "", match["subject"])
    subject, verb, rest = whole.lower().strip(" ,"), match["verb"].lower(), match["rest"]
    plainly, qualities, to_do = _qualities(rest)
    if subject in _THEY:
        return f"our {' and '.join(qualities)} team" if qualities and set(qualities) <= listed("manner") else None
    if subject in _IT:
        return _of_it(subject, verb, rest, meant)
    name = name_at(whole)
    if name is None and _PLACE.fullmatch(subject):
        return f"how {' and '.join(qualities)} the {subject.split()[-1]} {verb}" if qualities else None
    if name is None or name.rest:
        return None
    if name.head in listed("people"):
        kind = [one for one in qualities if one in listed("manner")]
        return _with(name.said, kind[:2])
    if re.match(r"look|feel|taste|smell|sound|seem", verb):
        return (
            f"how {' and '.join(qualities)} {name.said} {verb}"
            if qualities
            else f"how {name.said} {verb}"
            if plainly and not verb.startswith("seem")
            else None
        )
    if qualities and (to_do or " and " in name.said or " of " in name.said):
        return f"how {' and '.join(qualities)} {name.said} {verb}{to_do}"
    if qualities:
        return _with(name.said, qualities)
    return _of_place(name)


def _of_it(subject: str, verb: str, rest: str, meant: _Meant) -> str | None:
    """What is said of "it": a quality, or the thing that it is."""
    name = name_at(rest)
    if name is not None and name.opened and not re.match(r"to |on the ", rest):
        return _of_place(name)
    if re.fullmatch(_SENSED, verb):
        it, _ = meant.by(subject)
        plainly, qualities, _ = _qualities(rest)
        said = " and ".join(qualities)
        return f"how {said} {it} {verb}" if said else f"how {it} {verb}" if plainly and it != "it" else None
    return _how(subject, rest, meant, past=verb in ("was", "were"))


def _how(subject: str, rest: str, meant: _Meant, *, past: bool = False) -> str | None:
    """ "how soft it is"."""
    it, many = meant.by(subject)
    _, qualities, to_do = _qualities(rest)
    if not to_do:
        qualities = [one for one in qualities if one not in listed("attributive")]
    if not qualities:
        first = re.match(r"(?:(?:so|very|really|super|absolutely|incredibly|just|quite) )*(\w+)", rest.lower())
        if first is None or first[1] not in listed("looks") or it in ("it", "they"):
            return None
        qualities = [first[1]]
    if it == "it" and set(qualities) <= listed("kindness"):
        return f"our {' and '.join(qualities)} team"
    be = ("were" if many else "was") if past else "are" if many else "is"
    return f"how {' and '.join(qualities)} {it} {be}{to_do}"


def _qualities(said: str) -> tuple[bool, list[str], str]:
    """Whether it only praises ("great"), the adjectives that say how it is, and what is easy "to use"."""
    found: list[str] = []
    plainly = False
    tokens = re.findall(r"[A-Za-z][\w'-]*|&|,", said.lower())
    for place, token in enumerate(tokens):
        if (
            token in (",", "and", "&")
            or token in listed("strengthens")
            or (token.endswith("ly") and not is_adjective(token))
        ):
            continue
        if not is_adjective(token):
            break
        if place + 1 < len(tokens) and token in ("well", "true") and not found:
            break
        if base_of(token) in listed("fine"):
            plainly = True
        else:
            found.append(base_of(token))
    if (made := re.match(r"(?:\w+ )?well[- ]made\b", said)) is not None:
        found = ["well made"]
        said = said[made.end() :]
    to_do = _TO_DO.search(said)
    return plainly, found[:2], f" {to_do['to'].lower()}" if to_do and found else ""


def _doing(said: str, meant: _Meant) -> str | None:
    """ "fits perfectly", "works great with my phone", "arrived early"."""
    match = _DOES.fullmatch(said)
    if match is None:
        return None
    subject, verb, rest = (match["subject"] or "").strip(), match["verb"].lower(), match["rest"] or ""
    if verb in ("delivery", "shipping", "arrived", "came", "got here", "delivered", "shipped"):
        return "the quick delivery" if _SOON.match(rest) and _SENT.fullmatch(subject) else None
    how = _HOW.match(rest)
    if how is None:
        return None
    if subject.lower() in _IT or not subject:
        it, _ = meant.by(subject.lower() or "it")
    else:
        name = name_at(subject)
        if name is None and verb.startswith("fit"):
            return "the fit"
        if name is None or name.rest:
            return None
        it = name.said
    if verb.startswith("fit"):
        return "the fit" if it == "it" else f"the fit of {it}"
    if it == "it" and verb[-1:] not in "sdp":
        verb = f"{verb}s"
    return f"how well {it} {verb}"


def _fragment(said: str, meant: _Meant) -> str | None:
    """ "soft fabric", "very comfortable", "food good"."""
    if re.search(r"\btrue to size\b", said):
        return "the fit"
    name = name_at(said)
    if name is None:
        tokens = said.split()
        cut = next(
            (
                at
                for at, one in enumerate(tokens)
                if is_adjective(one.strip(",").lower()) or one in listed("strengthens")
            ),
            0,
        )
        front = name_at(" ".join(tokens[:cut])) if cut else None
        if front is not None and not front.rest:
            return _described(f"{' '.join(tokens[:cut])} is {' '.join(tokens[cut:])}", meant)
        return _how("it", said, meant)
    if name.rest and not re.match(
        r"(?:,|and|to|of|in|on|with|for|at|from|by|around|i|we|that|who|ever|overall|here|anywhere|yet|all (?:the time|around|round)|available|included)\b",
        name.rest,
    ):
        return None
    known = any(name.head in listed(one) for one in ("people", "things", "goods"))
    return _of_place(name) if name.opened or known else None


def _shown(said: str, _: _Meant) -> str | None:
    """ "the pleats give it a whimsical feel": what does something good."""
    if not re.match(r"(?:the|this|these|my|your) ", said, re.I):
        return None
    name = name_at(said)
    return None if name is None or not name.rest or name.head not in listed("things") else _of_place(name)


def _with(name: str, qualities: list[str]) -> str:
    """ "the soft fabric"."""
    article, _, thing = name.partition(" ")
    sized = thing.split()[-1] in listed("sized")
    new = [one for one in qualities if one not in thing.split() and (sized or one not in listed("sizes"))]
    return " ".join((article, *((" and ".join(new),) if new else ()), thing))


def _of_place(name: Name) -> str | None:
    """The name, if it says more than the place or the purchase as a whole does."""
    return None if name.head in listed("whole") else name.said
