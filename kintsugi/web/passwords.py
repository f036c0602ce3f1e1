"""Passwords: argon2id, at most two at a time, since each takes 64 MB for a moment."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
HASHER = PasswordHasher()  # the second choice of RFC 9106: three passes over 64 MB
_AT_ONCE = threading.Semaphore(2)


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password. Without a kept one it takes as long, so that nobody learns who has an account."""
    with _AT_ONCE:
        try:
            return HASHER.verify(kept or _nobodys(), password[:LONGEST]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def unfit(password: str, name: str) -> str | None:
    """Why it cannot be taken (`short`, `long`, `same_as_name`, `one_character`); None: it can."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if name.casefold() in (password.casefold(), password.casefold() * 2):
        return "same_as_name"
    return "one_character" if len(set(password)) < 4 else None


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")
