"""What the customer did or suffered, and what we did: "had to call twice", "you cancelled my flight"."""

from __future__ import annotations

import re

from responder.composing.english.joined import GENERIC, joined
from responder.composing.english.lists import words
from responder.composing.english.meant import Around, thing_meant
from responder.composing.english.span import COPULAS, is_thing, subject_of
from responder.composing.english.what import hoped_for, manners_of, thing_told

_NOT_LIKED = re.compile(
    r"(?:.* and )?(?:was|were|am|are) (?:not (?:\w+ )?(?:impressed|happy|pleased|satisfied|crazy|thrilled)|(?:\w+ )?(?:disappointed|unimpressed|underwhelmed|unhappy|let down)) (?:with|by|at|about|in) (?P<what>.+)"
    r"|(?:(?:did not|do not) (?:\w+ )?(?:like|love|enjoy|care for)|disliked|hated) (?P<that>.+)",
    re.I,
)
_PASSIVE = re.compile(
    r"(?:charged|overcharged|denied|bumped|turned away|hung up on|transferred|ignored|locked out|kept waiting|left waiting|made to|forced to|stuck|stranded|told|double charged|stood up|put on hold|cut off|refused|rerouted|downgraded|sent back|told to)\b",
    re.I,
)
_MINE = re.compile(r"\w+(?: \w+)? (?:up on )?(?:me|us|my|our)\b", re.I)
_ELLIPSES = (
    (re.compile(r"^hav(?:ing|e) (?=to\b)", re.I), "had "),
    (re.compile(r"^unable\b", re.I), "were unable"),
    (re.compile(r"^still\b", re.I), "are still"),
    (re.compile(r"^(?=been\b)", re.I), "have "),
    (re.compile(r"^(?=(?:waiting|sitting)\b)", re.I), "have been "),
)
_HAVE_BAD = re.compile(r"(?:have|has|had) (?:the |a |an |some |such )*(?P<what>.+)", re.I)


def by_customer(said: str, around: Around) -> str | None:
    """What they did or suffered: "I waited 40 minutes", "had to call twice"."""
    first, _, rest = said.partition(" ")
    low = first.lower()
    if re.match(r"(?:still )?(?:cannot|could not|unable to) (?!be\b)|still (?:do|did|have) not ", said):
        return joined("you", re.sub(r"^(still )?unable", r"are \1unable", said))
    if words("moods").match(said):
        return ""
    if low in ("i", "we") or (low == "you" and GENERIC.match(said)):
        if low != "you" and (found := _NOT_LIKED.fullmatch(rest)) is not None:
            return _not_liked(found["what"] or found["that"], around)
        if low != "you" and words("moods").match(rest):
            return ""
        if low != "you" and words("deeds").match(rest) and not words("troubles").search(rest):
            return ""
        return joined("you", rest, generic=low == "you")
    if _MINE.match(said) and words("our_verbs").match(said):
        return None
    if re.match(r"asked (?:if|whether|what|why|how|when|where)\b.*\b(?:me|my|i|we|our)\b", said, re.I):
        return joined("you", f"were {said}")
    if words("customers_verbs").match(said):
        if words("deeds").match(said) and not words("troubles").search(said) and not _PASSIVE.match(said):
            return ""
        if _PASSIVE.match(said) and not re.match(r"told (?:the|a|them|our)\b|refused to\b|ignored the\b", said, re.I):
            return joined("you", f"were {said}")
        return joined("you", _completed(said))
    return None


def _completed(said: str) -> str:
    """ "been waiting" as "have been waiting", "having to call" as "had to call"."""
    for find, form in _ELLIPSES:
        said = find.sub(form, said)
    return said


def by_us(said: str, around: Around) -> str | None:
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
        return "" if re.search(r"\byou\b", rest) else joined("we", rest)
    if low == "they" and (bad := _HAVE_BAD.fullmatch(rest)) is not None:
        return _poor(bad["what"])
    if low == "they":
        many = thing_meant(around.text, around.start, many=True)
        ours = words("we_do").match(rest) is not None or re.search(r"\b(?:me|us|my|our)\b", rest)
        if many is not None and not (
            ours
            and not re.match(
                r"(?:did|do|does) not (?:fit|look|feel|work|last|hold|lay|stay)|still|only|\w+ed (?:(?:out|up) )?(?:in|after|so)\b",
                rest,
            )
        ):
            return thing_told(many, rest)
        if COPULAS.match(rest) and (manners := manners_of(rest)) is not None:
            return f"our staff {manners}"
        if re.match(r"(?:did|do|does) not (?:look|taste|smell|fit|feel|seem|work|last|hold)\b", rest):
            return ""
        return joined("we", rest) if ours or re.match(r"(?:are|were|have|had) ", rest) else ""
    if _MINE.match(said) and (words("our_verbs").match(said) or re.match(r"(?:rarely|hardly|barely) ", said)):
        return joined("we", said)
    return None


def _poor(what: str) -> str | None:
    """ "terrible customer service" alone."""
    found = words("opinion").match(what)
    return (
        hoped_for(subject_of(what[found.end() :].strip())) if found and is_thing(what[found.end() :].strip()) else None
    )


def _not_liked(what: str, around: Around) -> str:
    if what.lower() in ("it", "this", "them"):
        thing = thing_meant(around.text, around.start, many=what.lower() == "them")
        return hoped_for(thing) if thing else ""
    return hoped_for(subject_of(what)) if is_thing(what) else ""
