"""The headers of mails as text. Python's own reading does not know the Japanese character sets as Windows has them."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from crawlers.parsing.charset import decoded

_FOLD = re.compile(r"\r?\n(?=[ \t])")


def header_of(message: Message, name: str) -> str:
    """The first header of that name, or an empty text."""
    return _text(_raw(message, name))


def addresses_in(message: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses of a header. Names may hold commas and brackets: they are decoded last where possible."""
    raw = _raw(message, name)
    if "\x1b" in raw or not raw.isascii():
        return getaddresses([_text(raw)])
    return [(_text(shown), address) for shown, address in getaddresses([raw])]


def _raw(message: Message, name: str) -> str:
    given = next((value for key, value in message.raw_items() if key.lower() == name), "")
    return _FOLD.sub("", str(given))


def _text(raw: str) -> str:
    if "=?" not in raw:
        return decoded(raw.encode("utf-8", "surrogateescape"))
    try:
        parts = decode_header(raw)
    except (MessageError, ValueError):
        return raw
    return "".join(part if isinstance(part, str) else decoded(part, charset) for part, charset in parts)
