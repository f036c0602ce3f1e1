"""How a clause that the assessment marks as a failure is told back to its writer in our words."""

from __future__ import annotations

import re
from itertools import pairwise

from responder.composing.english.doers import by_customer, by_us
from responder.composing.english.lists import words
from responder.composing.english.meant import Around, is_noun, thing_meant
from responder.composing.english.scant import found_there, of_time, scant
from responder.composing.english.span import clause_of, is_thing, subject_of
from responder.composing.english.tidied import tidied
from responder.composing.english.what import HOPED, bare, of_it, of_thing

_LONGEST = 17
_FIRST = re.compile(r"\b(?:i|me|my|mine|myself|i'm|he|she|him|her|his|they'd|who)\b", re.I)
_RUN_ON = re.compile(
    r"\b(?:on|of|with|for|about|by|in|at) (?:you|we) (?:were|are|had|was|have|did|do)\b|\b(?:you|we) (?:you|we)\b", re.I
)
_NEVER_SUCH = re.compile(
    r"(?:(?:i|we) )?(?:have )?never (?:had|eaten|seen|tasted|received|experienced) such (?:an? )?(?P<what>.+)", re.I
)
_WITH_RELATIVE = re.compile(
    r" (?:that|which|it|they|i|we|you) (?:has|have|had|is|are|was|were|got|get|made|makes|chose|used|use)\b.*", re.I
)
_TWICE = re.compile(
    r"\byou (?:\w+ )?(?:\w+ing|contact\w*) you\b|\b(?:is|was|were|are) (?:right|fine|great|good|perfect|nice|soft|comfortable|cute|beautiful|(?!not\b)\w+ enough)\b",
    re.I,
)
_SIMILE = re.compile(
    r"\b(?!(?:such|same|well|far|soon|long|serves?|acts?|listed|described|used|sold)\b)\w+ as an? \w+|\b(?:is|are|was|were) true\b|\bprovided\b (?:the|that|you)",
    re.I,
)
_AMOUNT = re.compile(
    r" (?:[$£€]\d[\d.,]*|\d[\d.,]* ?(?:dollars|pounds|euros|bucks|quid))(?= (?:to|for|twice|on|more|extra)\b|$)", re.I
)
_SPLICED = re.compile(
    r"^(.*\b(?:is|was|are|were|does not|did not|will not|cannot)\b.*?), (?!and\b|or\b|but\b)\w+ \w+s\b.*$", re.I
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|does|do|did|cannot|will)\b", re.I)
_CONNECTS = re.compile(
    r"\b(?:and|or|that|when|because|if|as|than|what|where|how|who|whose|why|after|before|until|while|since|once|which|only|whether"
    r"|so|the|your|our)\b|,",
    re.I,
)
_WE_TOO = re.compile(
    r"(?<!\bthat)(?<!\band)(?<!\bwhen)(?<!\bif)(?<!\bas)(?<!\bwhat)(?<!\bafter)(?<!\bbefore)(?<!\bbecause) we (?!r)"
)
_DOWNSIDE = re.compile(
    r"\W*(?:(?:the|my|one|our) )?(?:only |main |biggest |one |other )*(?:downside|problem|issue|complaint|con|drawback|gripe|negative)s?(?: (?:is|was|were|are)\b|:)",
    re.I,
)


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
    last = alone.split()[-1]
    known = is_noun(last) or any(words(one).fullmatch(last) for one in ("ours", "goods"))
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
    for rule in (of_time, scant, found_there, by_customer, by_us, of_it, of_thing, bare):
        out = rule(tidy, around)
        if out is not None:
            return out or None
    return None


def _checked(out: str) -> str | None:
    out = _SPLICED.sub(r"\1", _AMOUNT.sub("", out))
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
        or _runs_together(out)
    ):
        return None
    if (
        words("open_end").fullmatch(out.split()[-1])
        and not out.endswith(HOPED)
        and not re.search(r"\b(?:it|deal|put|turn|log|check|sign|worn|\w+ing|\w+ed) (?:in|on|with|up|off|for)$", out)
    ):
        return None
    return f"that {out}"


def _runs_together(out: str) -> bool:
    """Whether two clauses stand in it with nothing between them: "you are all boarding plane is gone"."""
    if out.startswith("you ") and _WE_TOO.search(out):
        return True
    verbs = list(_VERB.finditer(out))
    return any(
        last.start() - one.end() > 8 and not _CONNECTS.search(out, one.end(), last.start())
        for one, last in pairwise(verbs)
    )
