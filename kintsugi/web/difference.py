"""What changed between two versions of a text: word by word, in Japanese character by character."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.4  # texts that share less are two texts, and marks would only disturb
LONGEST = 3000  # words or characters of both; longer ones are shown unmarked
_WORDS = re.compile(r"[A-Za-z0-9À-ÿ'’]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: kept, added or removed."""

    text: str
    change: str = "kept"


def pieces(before: str | None, after: str) -> Sequence[Piece]:
    """The newer text with what was removed in its place; unmarked where there is nothing to compare with."""
    if before is None or before == after:
        return [Piece(after)]
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > LONGEST:
        return [Piece(after)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [Piece(after)]
    found = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind in ("replace", "delete"):
            found.append(Piece("".join(old[i1:i2]), "removed"))
        if kind in ("replace", "insert"):
            found.append(Piece("".join(new[j1:j2]), "added"))
        if kind == "equal":
            found.append(Piece("".join(new[j1:j2])))
    return found
