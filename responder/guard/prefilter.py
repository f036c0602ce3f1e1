"""Which of many patterns can occur in a text at all: one pass of RE2 over it instead of one pass a pattern.

The patterns themselves stay Python's (they have look-around and Unicode words); RE2 only says which are worth a try.
A pattern that RE2 does not know is always tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import re2

_MEMORY = 64 << 20  # bytes that the automaton may grow to


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
                self._set.Add(flags + pattern.pattern.replace("\\d", "\\pN").removeprefix("(?i)"))
                self._numbers.append(number)
            except re2.error:
                always.append(number)
        self._set.Compile()
        self._always = frozenset(always)

    def candidates(self, text: str) -> frozenset[int]:
        """The numbers of the patterns that may occur in `text`."""
        numbers = self._numbers
        # RE2 knows a word boundary between ASCII and other letters where Python knows none: it finds more, never less.
        found = self._set.Match(text.encode("utf-8", "replace").decode()) or ()
        return self._always.union(numbers[index] for index in found)
