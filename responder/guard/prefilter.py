"""Which of many patterns can occur in a text at all: one pass of RE2 over it instead of one pass a pattern.

The patterns themselves stay Python's (they have look-around and Unicode words); RE2 only says which are worth a try.
RE2 knows no look-around: it is asked without, which finds more, never less. Its word boundaries are those of ASCII: it sees
some where Python sees none, and misses one only between a sign and a letter beyond ASCII. What it does not know is always
tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import re2

_MEMORY = 64 << 20  # bytes that the automaton may grow to
# One piece of a pattern: an escape, a class of characters, the beginning of a group, or one character.
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(|.", re.S)


class Prefilter:
    """Built once for a fixed list of patterns; their place in the list is their number."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        options = re2.Options()
        options.max_mem, options.log_errors = _MEMORY, False
        self._set = re2.Set.SearchSet(options)
        self._numbers: list[int] = []
        always = []
        for number, pattern in enumerate(patterns):
            flags = "(?m)" if pattern.flags & re.MULTILINE else ""
            flags += "(?i)" if pattern.flags & re.IGNORECASE else ""
            try:
                self._set.Add(flags + _without_looks(pattern.pattern).replace("\\d", "\\pN").removeprefix("(?i)"))
                self._numbers.append(number)
            except re2.error:
                always.append(number)
        self._set.Compile()
        self._always = frozenset(always)

    def candidates(self, text: str) -> frozenset[int]:
        """The numbers of the patterns that may occur in `text`."""
        numbers = self._numbers
        found = self._set.Match(text.encode("utf-8", "replace").decode()) or ()
        return self._always.union(numbers[index] for index in found)


def _without_looks(pattern: str) -> str:
    """The pattern without what only looks around, so that it matches at least where the whole one does."""
    kept, depth, skipped, position = [], 0, 0, 0
    while position < len(pattern):
        part = _PART.match(pattern, position)
        assert part is not None  # the last alternative takes any character
        piece, position = part[0], part.end()
        depth += piece.startswith("(") - (piece == ")")
        if not skipped and piece in ("(?=", "(?!", "(?<=", "(?<!"):
            skipped = depth
        if not skipped:
            kept.append(piece)
        elif skipped and depth < skipped:
            skipped = 0
    return "".join(kept)
