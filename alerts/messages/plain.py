"""Makes public text safe to show: no control codes, no direction tricks, no broken characters, not too long."""

from __future__ import annotations

import re

from alerts.messages.masking import masked

# Terminal escapes and other control codes (not line feed and tab), and what reverses or hides the direction of text.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def cleaned(text: str) -> str:
    """The text without what could act on a screen; lone surrogates become `?`."""
    whole = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return _UNSAFE.sub("", whole)


def public(text: str, limit: int) -> str:
    """What may be shown of a customer's text: cleaned, cut to `limit` characters, personal data masked."""
    return shortened(masked(cleaned(text[: limit * 4])), limit)


def one_line(text: str, limit: int) -> str:
    """The same in one line."""
    return shortened(" ".join(masked(cleaned(text[: limit * 4])).split()), limit)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters; the last one tells that more follows."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
