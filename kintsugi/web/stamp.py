"""The signed stamp in a public form: when it was shown, and a number of its own.

A robot that posts without looking has none, one that posts at once is too fast, and the number makes a form that is
sent twice one complaint. Nothing is stored, no other party is asked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

FASTEST = timedelta(seconds=2)  # nobody reads and writes quicker
LONGEST = timedelta(hours=24)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{40}")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a good stamp says."""

    reference: str  # C-7K3M-9QXD: the same for the same form
    too_soon: bool


def new_stamp(key: bytes, page: str, at: datetime) -> str:
    """A stamp for one showing of one page."""
    body = int(at.timestamp()).to_bytes(6) + secrets.token_bytes(8)
    return base64.urlsafe_b64encode(body + _signature(key, page, body)).decode()


def read_stamp(given: str, key: bytes, page: str, at: datetime) -> Stamp | None:
    """None: it was not made by us for this page, or too long ago."""
    if not _TOKEN.fullmatch(given):
        return None
    whole = base64.urlsafe_b64decode(given)
    body = whole[:14]
    if not hmac.compare_digest(whole[14:], _signature(key, page, body)):
        return None
    age = at.timestamp() - int.from_bytes(body[:6])
    if not 0 <= age + 1 <= LONGEST.total_seconds():
        return None
    return Stamp(_reference(key, body), age < FASTEST.total_seconds())


def stamp_key(secret: bytes) -> bytes:
    """The key of stamps, made of the installation's secret."""
    return hmac.new(secret, b"form stamps", hashlib.sha256).digest()


def _signature(key: bytes, page: str, body: bytes) -> bytes:
    return hmac.new(key, page.encode() + b"\x00" + body, hashlib.sha256).digest()[:16]


def _reference(key: bytes, body: bytes) -> str:
    number = int.from_bytes(hmac.new(key, b"reference" + body, hashlib.sha256).digest()[:8])
    drawn = ""
    for _ in range(8):
        number, place = divmod(number, len(_LETTERS))
        drawn += _LETTERS[place]
    return f"C-{drawn[:4]}-{drawn[4:]}"
