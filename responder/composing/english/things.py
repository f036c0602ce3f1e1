"""The things that the assessment finds named in an English text, as we say them to its writer: "my bag" is "your bag"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from responder.composing.english.clauses import words
from responder.composing.english.grammar import fit_noun, owner_of
from responder.composing.english.meant import is_noun

if TYPE_CHECKING:
    from responder.drafting.request import Heard

_PLAIN = re.compile(r"[A-Za-z][A-Za-z'-]*(?: [A-Za-z][A-Za-z'-]*){0,3}")
_BEFORE = re.compile(r"([A-Za-z']+)\s+$")
_AFTER = re.compile(r" ([a-z]{3,})(?![\w'])(?! \w+ing\b)")
_OPENS = re.compile(r"(?:^|[.!?:;\n\"(*-]|@\w+)\s*$")


def things_named(text: str, things: Sequence[Heard], *, bad: bool, least: float) -> Iterator[str]:
    """The things that are bad (or good), those first that matter most, each once; none that a reply cannot hold."""
    seen = set[str]()
    for one in things:
        said = _said(text, one) if one.bad is bad and one.p >= least else None
        head = said.split()[-1].rstrip("s") if said else ""
        if said is not None and head not in seen:
            seen.add(head)
            yield said


def _said(text: str, thing: Heard) -> str | None:
    named = thing.text.strip()
    if (
        _PLAIN.fullmatch(named) is None
        or words("generic").search(named)
        or text[thing.start : thing.start + len(thing.text)] != thing.text
    ):
        return None
    if (after := _AFTER.match(text, thing.start + len(thing.text))) is not None and fit_noun([after[1]], mine=False):
        return None  # "internal" of an internal bleed.
    before = _BEFORE.search(text[: thing.start])
    owner = before[1].lower() if before else ""
    if any(words(name).search(named) for name in ("unfit", "others", "strangers")):
        return None
    parts = named.split()
    opens = _OPENS.search(text[: thing.start]) is not None
    if named.isupper() and len(named) > _SHORT and " " not in named and not is_noun(named):
        return None  # Shouted, and perhaps a name.
    if named.isupper() and len(named) > _SHORT:
        parts = named.lower().split()
    elif opens and not owner and len(parts) == 1 and not is_noun(named):
        return None  # With a capital by its place, or as a name.
    elif opens and not parts[0][1:2].isupper():
        parts[0] = parts[0][:1].lower() + parts[0][1:]
    if parts[-1][:1].isupper() and not parts[-1].isupper():
        return None  # A name: of a person, another firm, a street.
    if not fit_noun([part.lower() for part in parts], mine=owner in ("my", "our")):
        return None
    return f"{owner_of(owner)} {' '.join(parts)}"


_SHORT = 4  # letters of what is written in capitals as it is: TV, USB, wifi
