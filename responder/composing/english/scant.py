"""How long somebody waited, and what there was none, too little or too much of."""

from __future__ import annotations

import re

from responder.composing.english.joined import joined, swapped
from responder.composing.english.lists import words
from responder.composing.english.meant import Around, is_many
from responder.composing.english.span import clause_of, is_thing

TIME = r"(?:(?:over|about|almost|nearly|more than|at least|around|another) )?(?:\d+(?:[.,]\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|half an|several|forty-five)(?: (?:and a half|more))?[ -](?:minutes?|hours?|days?|weeks?|months?|years?)"
_WAITED = re.compile(
    rf"(?:(?:a|an|the) )?(?P<time>{TIME})(?: (?:of )?(?:waiting|wait|queue|line|on hold))(?P<more>(?: (?:for|to|at|in|on|before|just) .+)?)",
    re.I,
)
_COUNTED = re.compile(r"(?<!\bone)(?<!\ban)(?<!\ba)(?<!\b1)[ -](minute|hour|day|week|month|year)$", re.I)
_SPENT = re.compile(
    rf"(?P<time>{TIME}) (?P<more>(?:on hold|on the phone|on the tarmac|at the (?:gate|stop|airport|station|counter|desk)|in (?:the |a )?(?:queue|line|corridor|this airport)).*)",
    re.I,
)
_LATE = re.compile(rf"(?P<time>{TIME}) (?P<how>late|delay|delayed|behind schedule)(?: .*)?", re.I)
_RIDES = re.compile(
    r"\b(flight|plane|train|bus|ferry|coach|parcel|package|order|delivery|food|shuttle|taxi|luggage|bag)\b", re.I
)
_EVERYTHING = re.compile(
    r"everything(?: (?:we|i) (?:ordered|had|got|ate|tried|bought))? (?:was|is|came|tasted) (?P<how>.+)", re.I
)
_SCANT = re.compile(
    r"(?:(?:such )?an? )?(?P<how>lack of|not enough|too much|too many|so many|so few|too few|very few|very little|only one|only two|only a few|hardly any|not one|not a single|zero|so much|not many|not much|few|little)(?: of)? (?P<what>.+)",
    re.I,
)


def of_time(said: str, around: Around) -> str | None:
    """ "40 min wait", "3 hours late", "19 hours on hold"."""
    if (found := _WAITED.fullmatch(said)) is not None:
        time = _COUNTED.sub(r" \1s", found["time"])
        return f"you had to wait {time}{swapped(found['more']) or ''}"
    if (found := _SPENT.fullmatch(said)) is not None:
        more = swapped(found["more"])
        return f"you spent {found['time']} {more}" if more else ""
    if (found := _LATE.fullmatch(said)) is not None:
        ride = _RIDES.search(around.text)
        time = _COUNTED.sub(r" \1s", found["time"])
        return f"your {ride[1].lower()} was {time} late" if ride else f"you had to wait {time}"
    return None


def scant(said: str, _: Around) -> str | None:
    """What there was none, too little or too much of."""
    low = said.lower()
    if (found := _EVERYTHING.fullmatch(said)) is not None:
        return joined("everything", said[11:]) if words("states").search(found["how"]) else ""
    if low.startswith("there "):
        return joined("there", said[6:])
    if low.startswith("still no "):
        return f"you still have no {swapped(said[9:])}" if is_thing(said[9:]) else ""
    if low.startswith(("someone else", "somebody else")):
        return None
    if low.startswith(
        ("no one ", "nobody ", "noone ", "not one person ", "someone ", "somebody ", "nothing ", "everyone ")
    ):
        rest = re.sub(r"^(?:no one|not one person|\w+) ", "", said, flags=re.I)
        if re.match(r"(?:on|in|at|to|around|about|behind|left|there|available|\w+ing)\b", rest):
            if re.match(r"\w+ing\b", rest) is None and not is_thing(rest.partition(" ")[2]):
                return ""
            return (
                f"there was nobody {swapped(rest) or ''}"
                if low.startswith(("no", "not")) and not low.startswith("nothing")
                else ""
            )
        return joined(said.split()[0].lower() if not low.startswith(("no one", "not one")) else "nobody", rest)
    if low.startswith("no ") and clause_of(said) is None:
        return f"there {'were' if is_many(said[3:]) else 'was'} no {swapped(said[3:])}" if is_thing(said[3:]) else ""
    if (found := _SCANT.fullmatch(said)) is not None and clause_of(said) is None:
        how, what = found["how"].lower(), found["what"]
        if not is_thing(what):
            return ""
        many = is_many(what) and how not in ("lack of", "not one", "not a single", "only one")
        how = {"lack of": "a lack of", "zero": "no"}.get(how, how)
        return f"there {'were' if many else 'was'} {how} {swapped(what)}"
    return None


def found_there(said: str, _: Around) -> str | None:
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
        f"there {'were' if is_many(what) else 'was'} {swapped(what[:1].lower() + what[1:])} {swapped(found['where'])}"
    )
