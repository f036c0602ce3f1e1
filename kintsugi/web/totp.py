"""The second factor: time-based one-time passwords (RFC 6238; SHA-1, six digits, thirty seconds)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

STEP = 30  # seconds


def new_secret() -> str:
    """A secret of 160 bits, base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address_of(secret: str, name: str, issuer: str) -> str:
    """What authenticator apps read."""
    label = quote(f"{issuer}:{name}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}"


def code_at(secret: str, step: int) -> str:
    """The code of one time step."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def step_of(code: str, secret: str, at: datetime, last: int) -> int | None:
    """The time step whose code this is: now, the one before or after, and later than `last`; None: it is wrong."""
    given = "".join(code.split())
    now = int(at.timestamp()) // STEP
    found = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(code_at(secret, step), given)]
    return found[0] if given.isascii() and found and found[0] > last else None
