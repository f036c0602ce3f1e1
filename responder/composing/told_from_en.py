"""An English clause that the assessment marks as a failure, told back to its writer: "zipper broke after 2 days"
becomes "that the zipper broke after two days".

That it is the failure is known; only its grammar is looked for: who or what it speaks of, and what is said of it.
Where either stays open, or a word may not be repeated, nothing is told: a thing or a topic says it then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from responder.composing.frames import read_phrases
from responder.composing.meant_en import is_many, is_noun, of_food, thing_meant
from responder.composing.span_en import (
    COPULAS,
    Clause,
    STARTS,
    agreeing,
    clause_of,
    is_thing,
    subject_of,
    tidied,
    words,
)

_HOPED = "not what you had hoped for"
_LONGEST = 17
_TIME = r"(?:(?:over|about|almost|nearly|more than|at least|around|another) )?(?:\d+(?:[.,]\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|half an|several|forty-five)(?: (?:and a half|more))?[ -](?:minutes?|hours?|days?|weeks?|months?|years?)"
_WAITED = re.compile(
    rf"(?:(?:a|an|the) )?(?P<time>{_TIME})(?: (?:of )?(?:waiting|wait|queue|line|on hold))(?P<more>(?: (?:for|to|at|in|on|before|just) .+)?)",
    re.I,
)
_SPENT = re.compile(
    rf"(?P<time>{_TIME}) (?P<more>(?:on hold|on the phone|on the tarmac|at the (?:gate|stop|airport|station|counter|desk)|in (?:the |a )?(?:queue|line|corridor|this airport)).*)",
    re.I,
)
_LATE = re.compile(rf"(?P<time>{_TIME}) (?P<how>late|delay|delayed|behind schedule)(?: .*)?", re.I)
_RIDES = re.compile(
    r"\b(flight|plane|train|bus|ferry|coach|parcel|package|order|delivery|food|shuttle|taxi|luggage|bag)\b", re.I
)
_EXPLETIVE = re.compile(
    rf"(?:is|was|has been|seems|gets|became) (?:so |too |very |quite |not |almost |nearly |extremely )*(?:hard|difficult|impossible|awkward|easy|possible|painful|tricky|confusing|complicated) (?:for you )?to \w+.*|(?:took|takes|has taken) (?:me |us )?{_TIME}.* (?:for|to|before|until) .+|(?:costs?) .+ to \w+.*",
    re.I,
)
_NOT_LIKED = re.compile(
    r"(?:was|were|am|are) (?:not (?:\w+ )?(?:impressed|happy|pleased|satisfied|crazy|thrilled)|(?:\w+ )?(?:disappointed|unimpressed|underwhelmed|unhappy|let down)) (?:with|by|at|about|in) (?P<what>.+)"
    r"|(?:did not|do not) (?:\w+ )?(?:like|love|enjoy|care for) (?P<that>.+)",
    re.I,
)
_NO_FAILURE = re.compile(
    rf"(?:has been (?:{_TIME}|a )|(?:is|was) (?:not )?(?:obvious|clear|above|my|your|our|for)\b|took|takes|costs?|says|(?:is|was) (?:especially |also |not )?true|(?:is|was) (?:now |just )?(?:an? (?!(?:bit|little|few|lot|size|tad)\b)|time|the \w+ that))\b",
    re.I,
)
_WRONG = re.compile(r"(?:the |a )?wrong (?P<what>.+)", re.I)
_ABSOLUTE = frozenset(
    "broken cracked damaged missing dead empty closed locked late down wrong delayed cancelled canceled lost defective faulty out stuck torn expired raw gone denied declined rejected off shut blocked frozen".split()
)
_SCANT = re.compile(
    r"(?:(?:such )?an? )?(?P<how>lack of|not enough|too much|too many|so many|so few|too few|very few|very little|only one|only two|only a few|hardly any|not one|not a single|zero|so much|not many|not much|few|little)(?: of)? (?P<what>.+)",
    re.I,
)
_OPINIONS_LEAD = re.compile(
    r"^(?:(?:so|too|very|such|pretty|rather|quite|a bit|a little|extremely|not very|just|not only|of|only) )+", re.I
)
_GENERIC = re.compile(
    r"you (?:can|cannot|could|have|need|get|pay|want|see|will|try|wear|put|move|wash|order|are (?:getting|paying))\b",
    re.I,
)
_FIRST = re.compile(r"\b(?:i|me|my|mine|myself|i'm|he|she|him|her|his|they'd|who)\b", re.I)
_RUN_ON = re.compile(
    r"\b(?:on|of|with|for|about|by|in|at) (?:you|we) (?:were|are|had|was|have|did|do)\b|\b(?:you|we) (?:you|we)\b", re.I
)
_WILL_NOT = re.compile(
    r"^(?:will|would) not (?=(?:reply|respond|answer|call|return|help|tell|give|let|refund|hono|listen|explain|fix|accept|take|provide|offer|change|allow|send)\w*\b)"
)
_RUDE = re.compile(r"(?:(?:very|so|extremely|the|a|an) )*\w+(?:,? and \w+| \w+ed)? (?P<who>[\w ]+)", re.I)
_SUCKS = re.compile(r"(?:\w+ )?(?:sucks?|sucked|stinks|blows|bites)$", re.I)
_NOT_WORTH = re.compile(
    r"(?:(?:definitely|really|just|so|it was|it is) )*not worth (?:it|(?:the|a|any|my|half) .+)", re.I
)
_NEVER_SUCH = re.compile(
    r"(?:(?:i|we) )?(?:have )?never (?:had|eaten|seen|tasted|received|experienced) such (?:an? )?(?P<what>.+)", re.I
)
_WITH_RELATIVE = re.compile(
    r" (?:that|which|it|they|i|we|you) (?:has|have|had|is|are|was|were|got|get|made|makes|chose|used|use)\b.*", re.I
)
_HAVE_BAD = re.compile(r"(?:have|has|had) (?:the |a |an |some |such )*(?P<what>.+)", re.I)
_TWICE = re.compile(
    r"\byou (?:\w+ )?(?:\w+ing|contact\w*) you\b|\b(?:is|was|were|are) (?:right|fine|great|good|perfect|nice|soft|comfortable|cute|beautiful)\b",
    re.I,
)
_SIMILE = re.compile(
    r"\b(?!(?:such|same|well|far|soon|long|serves?|acts?|listed|described|used|sold)\b)\w+ as an? \w+|\b(?:is|are|was|were) true\b|\bprovided\b (?:the|that|you)",
    re.I,
)
_DOWNSIDE = re.compile(
    r"\W*(?:(?:the|my|one|our) )?(?:only |main |biggest |one |other )*(?:downside|problem|issue|complaint|con|drawback|gripe|negative)s? (?:is|was|were|are)\b",
    re.I,
)
_PASSIVE = re.compile(
    r"(?:charged|overcharged|denied|bumped|turned away|hung up on|transferred|ignored|locked out|kept waiting|left waiting|made to|forced to|stuck|stranded|told|double charged|stood up|put on hold|cut off|refused|rerouted|downgraded|sent back|told to)\b",
    re.I,
)
_MINE = re.compile(r"\w+(?: \w+)? (?:up on )?(?:me|us|my|our)\b", re.I)


@dataclass(frozen=True, slots=True)
class Around:
    """What a marked clause stands in: the whole text, where the clause begins in it, and what "it" is where the text names no thing."""

    text: str
    start: int
    it: str = ""


def told_from(said: str, around: Around) -> str | None:
    """ "that …", to its writer; None where its subject or its words leave a doubt."""
    found = _DOWNSIDE.match(said)
    tidy = tidied(said[found.end() :] if found else said, around.text, least=1 if found else 2)
    if tidy is None:
        return None
    if found is not None and is_thing(tidy) and clause_of(tidy) is None:
        return f"about {subject_of(tidy)}"
    if (such := _NEVER_SUCH.fullmatch(tidy)) is not None:
        tidy = such["what"]
    out = _told(tidy, around)
    if out is not None:
        return _checked(_named(out, around))
    alone = _WITH_RELATIVE.sub("", tidy)
    known = words("ours").search(alone) or words("goods").search(alone) or is_noun(alone.split()[-1])
    named = (
        known
        and re.match(r"(?:the|your|my|our|this|these)\b", alone, re.I)
        and len(alone.split()) < 5
        and is_thing(alone)
    )
    return f"about {subject_of(alone)}" if named and not words("unfit").search(alone) else None


def _named(out: str, around: Around) -> str:
    """With the thing for an "it" of which nothing before it in the clause tells what it is."""
    found = re.search(r"\bit\b", out)
    if (
        found is None
        or not out.startswith(("you ", "we ", "nobody "))
        or re.search(r"\b(?:the|an?|your|our|no|any|this) \w+", out[: found.start()])
    ):
        return out
    thing = thing_meant(around.text, around.start, many=False) or around.it
    return f"{out[: found.start()]}{thing}{out[found.end() :]}" if thing else ""


def _told(tidy: str, around: Around) -> str | None:
    for rule in (_of_time, _scant, _found_there, _by_customer, _by_us, _of_it, _of_thing, _bare):
        out = rule(tidy, around)
        if out is not None:
            return out or None
    return None


def _of_time(said: str, around: Around) -> str | None:
    """ "40 min wait", "3 hours late", "19 hours on hold"."""
    if (found := _WAITED.fullmatch(said)) is not None:
        return f"you had to wait {found['time'].replace('-', ' ')}{_swapped(found['more']) or ''}"
    if (found := _SPENT.fullmatch(said)) is not None:
        more = _swapped(found["more"])
        return f"you spent {found['time']} {more}" if more else ""
    if (found := _LATE.fullmatch(said)) is not None:
        ride = _RIDES.search(around.text)
        return f"your {ride[1].lower()} was {found['time']} late" if ride else f"you had to wait {found['time']}"
    return None


def _scant(said: str, around: Around) -> str | None:
    """What there was none, too little or too much of."""
    low = said.lower()
    if low.startswith("there "):
        return _joined("there", said[6:])
    if low.startswith("still no "):
        return f"you still have no {_swapped(said[9:])}" if is_thing(said[9:]) else ""
    if low.startswith(("someone else", "somebody else")):
        return None
    if low.startswith(
        ("no one ", "nobody ", "noone ", "not one person ", "someone ", "somebody ", "nothing ", "everyone ")
    ):
        rest = re.sub(r"^(?:no one|not one person|\w+) ", "", said, flags=re.I)
        if re.match(r"(?:on|in|at|to|around|there|available|\w+ing)\b", rest):
            if re.match(r"\w+ing\b", rest) is None and not is_thing(rest.partition(" ")[2]):
                return ""
            return (
                f"there was nobody {_swapped(rest) or ''}"
                if low.startswith(("no", "not")) and not low.startswith("nothing")
                else ""
            )
        return _joined(said.split()[0].lower() if not low.startswith(("no one", "not one")) else "nobody", rest)
    if low.startswith("no ") and clause_of(said) is None:
        return f"there {'were' if is_many(said[3:]) else 'was'} no {_swapped(said[3:])}" if is_thing(said[3:]) else ""
    if (found := _SCANT.fullmatch(said)) is not None and clause_of(said) is None:
        how, what = found["how"].lower(), found["what"]
        if not is_thing(what):
            return ""
        many = is_many(what) and how not in ("lack of", "not one", "not a single", "only one")
        how = {"lack of": "a lack of", "zero": "no"}.get(how, how)
        return f"there {'were' if many else 'was'} {how} {_swapped(what)}"
    return None


def _found_there(said: str, around: Around) -> str | None:
    """ "Sand in the salad"."""
    found = re.fullmatch(
        r"(?P<what>[^,]+?) (?P<where>(?:in|on|under|inside|all over|around|between) (?:the|my|our|your) .+)", said, re.I
    )
    if (
        found is None
        or re.match(r"(?:the|my|our|this|it|in|on)\b", said, re.I)
        or clause_of(said) is not None
        or not is_thing(found["what"])
        or re.match(r"(?:every|each|now)\b", said, re.I)
        or re.search(r"ing\b", found["what"])
        or not is_thing(found["where"].split(" ", 1)[1])
    ):
        return None
    if words("states").search(said) or words("customers_verbs").match(said) or words("bare_verbs").match(said):
        return None
    what = found["what"]
    if re.match(r"\w+ed |(?:made|had|left|came|went|took|put|got|sat|lost|kept|gave) ", what, re.I):
        return None
    return (
        f"there {'were' if is_many(what) else 'was'} {_swapped(what[:1].lower() + what[1:])} {_swapped(found['where'])}"
    )


def _by_customer(said: str, around: Around) -> str | None:
    """What they did or suffered: "I waited 40 minutes", "had to call twice"."""
    first, _, rest = said.partition(" ")
    low = first.lower()
    if re.match(r"(?:still )?(?:cannot|could not|unable to) (?!be\b)|still (?:do|did|have) not ", said):
        return _joined("you", re.sub(r"^(still )?unable", r"are \1unable", said))
    if words("moods").match(said):
        return ""
    if low in ("i", "we") or (low == "you" and _GENERIC.match(said)):
        if low != "you" and (found := _NOT_LIKED.fullmatch(rest)) is not None:
            return _not_liked(found["what"] or found["that"], around)
        if low != "you" and words("moods").match(rest):
            return ""
        if low != "you" and words("deeds").match(rest) and not words("troubles").search(rest):
            return ""
        return _joined("you", rest, generic=low == "you")
    if _MINE.match(said) and words("our_verbs").match(said):
        return None
    if re.match(r"asked (?:if|whether|what|why|how|when|where)\b.*\b(?:me|my|i|we|our)\b", said, re.I):
        return _joined("you", f"were {said}")
    if words("customers_verbs").match(said):
        if words("deeds").match(said) and not words("troubles").search(said) and not _PASSIVE.match(said):
            return ""
        if _PASSIVE.match(said) and not re.match(r"told (?:the|a|them|our)\b|refused to\b|ignored the\b", said, re.I):
            return _joined("you", f"were {said}")
        return _joined(
            "you",
            re.sub(
                r"^(?:having|have) (?=to)",
                "had ",
                re.sub(r"^(been|still|waiting|sitting|unable)\b", r"have been \1", said, flags=re.I),
                flags=re.I,
            )
            .replace("have been still", "are still")
            .replace("have been unable", "were unable")
            .replace("have been been", "have been"),
        )
    return None


def _by_us(said: str, around: Around) -> str | None:
    """What we did: "you cancelled my flight", "they won't answer", "sent me the wrong size"."""
    first, _, rest = said.partition(" ")
    low = first.lower()
    if low in ("you", "they") and re.match(
        r"(?:for|to|in|on|at|with|a|an|the|of|and|should|would|better|need to)\b", rest, re.I
    ):
        return ""
    if low == "you":
        rest = re.sub(r"^(?:guys|people|all|lot) ", "", rest)
        if (bad := _HAVE_BAD.fullmatch(rest)) is not None:
            return _poor(bad["what"])
        return "" if re.search(r"\byou\b", rest) else _joined("we", rest)
    if low == "they" and (bad := _HAVE_BAD.fullmatch(rest)) is not None:
        return _poor(bad["what"])
    if low == "they":
        many = thing_meant(around.text, around.start, many=True)
        ours = words("we_do").match(rest) is not None or re.search(r"\b(?:me|us|my|our)\b", rest)
        if many is not None and not (
            ours
            and not re.match(
                r"(?:did|do|does) not (?:fit|look|feel|work|last|hold|lay|stay)|still|only|\w+ed (?:in|after|so)\b",
                rest,
            )
        ):
            return _thing(many, rest)
        if COPULAS.match(rest) and (manners := _manners(rest)) is not None:
            return f"our staff {manners}"
        return _joined("we", rest) if ours or re.match(r"(?:are|were|have|had) ", rest) else ""
    if _MINE.match(said) and (words("our_verbs").match(said) or re.match(r"(?:rarely|hardly|barely) ", said)):
        return _joined("we", said)
    return None


def _of_it(said: str, around: Around) -> str | None:
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
            return _joined("it", rest)
        if low == "it" and _NO_FAILURE.match(rest):
            return ""
    elif not words("bare_verbs").match(said):
        return None
    else:
        low, rest = "it", re.sub(r"^(?=not )", "was ", said, flags=re.I)
        said = rest
    many = None if said is rest else low in ("these", "those")
    thing = thing_meant(around.text, around.start, many=many) or thing_meant(around.text, around.start, many=None)
    if thing is None and of_food(rest):
        thing = "the food"
    thing = thing or around.it or None
    if thing is not None and re.search(rf"\b{thing.removeprefix('the ')}\b", rest):
        thing = around.it or None
    return "" if thing is None else _thing(thing, rest)


def _of_thing(said: str, around: Around) -> str | None:
    """A subject and what it did: "my bag never came"; "order cancelled" as "was cancelled"."""
    clause = clause_of(said)
    return None if clause is None else _thing(clause.subject, clause.predicate)


def _bare(said: str, around: Around) -> str | None:
    """Words without a verb: "cold food", "wrong size", "too tight in the arms"."""
    if (found := _WRONG.fullmatch(said)) is not None and "," not in said and is_thing(found["what"]):
        return f"you received the wrong {_swapped(found['what'])}"
    if _NOT_WORTH.fullmatch(said):
        return "it was not worth what you paid"
    if (rude := _RUDE.fullmatch(said)) is not None and (manners := _manners(rude[0])) is not None:
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
        how = state[0].lower() if state[0].lower() in _ABSOLUTE else f"so {state[0].lower()}"
        return f"{subject} {'were' if is_many(rest) else 'was'} {how}"
    return _of_it(f"it was {plain}", around)


def _thing(subject: str, predicate: str) -> str:
    """A thing with its verb, agreeing; an opinion of it said softly."""
    staff = subject.startswith("our ") and not subject.endswith("service")
    if _SUCKS.match(predicate):
        return hoped_for(subject)
    copula = COPULAS.match(predicate)
    if copula is not None:
        said = _OPINIONS_LEAD.sub("", predicate[copula.end() :].strip())
        if re.match(
            r"(?:is|was|are|were) (?:now |just |more )?(?:an? (?!(?:bit|little|few|lot|size|tad|day|week)\b)|all about|the )",
            predicate,
            re.I,
        ) and not words("opinion").match(said):
            return ""
        if staff and (manners := _manners(said)) is not None:
            return f"{subject} {manners}"
        if words("opinion").match(said) or words("opinion").match(predicate[copula.end() :].strip()):
            return hoped_for(subject)
    verb = agreeing(subject, predicate)
    return _joined(subject, verb) or ""


def _poor(what: str) -> str | None:
    """ "terrible customer service" alone."""
    found = words("opinion").match(what)
    return (
        hoped_for(subject_of(what[found.end() :].strip())) if found and is_thing(what[found.end() :].strip()) else None
    )


def hoped_for(subject: str) -> str:
    """ "the dress was not what you had hoped for"."""
    if subject.endswith("service"):
        return "our service let you down"
    if subject.endswith("quality"):
        return "the quality let you down"
    return f"{subject} {'were' if is_many(subject) else 'was'} {_HOPED}"


def _manners(said: str) -> str | None:
    known: dict[str, str] = _bank()["manners"]
    found = re.search(rf"\b(?:{'|'.join(known)})\b", said, re.I)
    return known[found[0].lower()] if found else None


def _not_liked(what: str, around: Around) -> str:
    if what.lower() in ("it", "this", "them"):
        thing = thing_meant(around.text, around.start, many=what.lower() == "them")
        return hoped_for(thing) if thing else ""
    return hoped_for(subject_of(what)) if is_thing(what) else ""


def _joined(subject: str, predicate: str, *, generic: bool = False) -> str:
    turned = _swapped(predicate, generic=generic, firm=subject in ("you", "we", "nobody", "our staff"))
    if not turned:
        return ""
    if subject == "we":
        turned = _WILL_NOT.sub("did not ", turned)
        if re.search(r"\b(?:us|we)\b", turned) or words("admits").search(turned):
            return ""
    if subject in ("you", "we"):
        turned = re.sub(r"^(?:was|am|is)\b", lambda one: "were" if one[0].lower() == "was" else "are", turned)
        turned = re.sub(r"^has\b", "have", turned)
        turned = re.sub(r"^does\b", "do", turned)
    return f"{subject} {turned}"


_SWAP = {
    "i": "you", "we": "you", "me": "you", "us": "you", "my": "your", "our": "your", "mine": "yours", "ours": "yours", "myself": "yourself", "ourselves": "yourselves",
    "your": "our", "yours": "ours", 
}  # fmt: skip
_WORD = re.compile(r"\b(?:i am|i was|we are|we were|[a-z]+)\b", re.I)
_OBJECT_OF = re.compile(
    r"\b(?:to|told|asked|rang|call|calling|called|emailed|phone|phoned|reach|contact|contacting|contacted|chase|from|by|with|at|of) $",
    re.I,
)


def _swapped(said: str, *, firm: bool = False, generic: bool = False) -> str | None:
    """Mine is yours and yours is ours; "they" are we where the firm is meant; None where it is not certain who it is."""
    certain = True
    ours = {"their": "our", "they": "we", "them": "us"} if firm else {}

    def swap(word: re.Match[str]) -> str:
        nonlocal certain, generic
        low = word[0].lower()
        if low in ("i am", "i was"):
            return "you are" if low == "i am" else "you were"
        if low == "you":
            if _OBJECT_OF.search(said[: word.start()]):
                return "us"
            generic = generic or _GENERIC.match(said[word.start() :]) is not None
            certain = certain and generic
        if low == "your" and (generic or words("of_me").match(said[word.end() :].lstrip())):
            return "your"
        return _SWAP.get(low, ours.get(low, word[0]))

    out = _WORD.sub(swap, said)
    return out if certain else None


def _checked(out: str) -> str | None:
    out = re.sub(r"\bwi-?fi\b", "Wi-Fi", " ".join(out.split()).rstrip(" ,.-!'"), flags=re.I)
    if re.search(r"\b(\w+) \1\b", out):
        return None
    if re.search(r"\b(?:they|them|their|theirs)\b", out) and not re.search(
        r"\w(?:s|ed)\b.*\b(?:they|them|their)\b", out.split(" ", 2)[-1]
    ):
        return None
    if (
        not 3 <= len(out.split()) <= _LONGEST
        or words("unfit").search(out.removesuffix(" as they should"))
        or words("persons").search(out)
        or _FIRST.search(out)
        or _RUN_ON.search(out)
        or _TWICE.search(out)
        or _SIMILE.search(out)
    ):
        return None
    if (
        words("open_end").fullmatch(out.split()[-1])
        and not out.endswith(_HOPED)
        and not re.search(r"\b(?:it|deal|put|turn|log|check|sign|worn|\w+ing|\w+ed) (?:in|on|with|up|off|for)$", out)
    ):
        return None
    return f"that {out}"


def _bank() -> dict[str, Any]:
    return read_phrases("statements.en.yaml")
