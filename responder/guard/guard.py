"""The guard: what may not stand in a public reply, with the place and the reason.

A block cannot be overridden; a warning can, with a reason.
"""

from __future__ import annotations

import re
import unicodedata

from responder.guard.checks import checks
from responder.guard.finding import Context, Finding
from responder.guard.patterns import by_patterns

_QUOTE = re.compile(r"「[^」]{4,80}」|“[^”]{4,200}”")


def check(text: str, context: Context) -> list[Finding]:
    """Everything that is wrong with `text`, in the order of the text."""
    tongue = "ja" if context.language == "ja" else "en"
    text = _without_quotes(text, context.mention)
    found = [*by_patterns(text, context, tongue), *checks(text, context, tongue)]
    return sorted(found, key=lambda one: (one.start, one.level, one.rule))


def _without_quotes(text: str, mention: str | None) -> str:
    """The text with the customer's own quoted words blanked: they answer for them, not we."""
    if mention is None:
        return text
    plain = _squeezed(mention)

    def blank(quote: re.Match[str]) -> str:
        inside = quote[0][1:-1]
        return quote[0][0] + "□" * len(inside) + quote[0][-1] if _squeezed(inside) in plain else quote[0]

    return _QUOTE.sub(blank, text)


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()
