"""Tokens of the JSON API: shown once when they are made, kept as a digest, for one person and some scopes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.account import token_digest
from storage.schema import Row

SCOPES = ("read", "act", "admin")
PREFIX = "kgi_"  # so that scanners of repositories recognise one that was published by mistake


class ApiToken(Row):
    """What a program shows instead of a password. It may what its scopes *and* the role of its person allow."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(unique=True)
    person: Mapped[str | None]  # person id; None: reads as a viewer
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]  # to within five minutes


def make_token(
    session: Session,
    name: str,
    *,
    person: str | None,
    scopes: Sequence[str],
    at: datetime,
    expires_at: datetime | None = None,
) -> str:
    """A new token, which is kept nowhere. Raises ValueError for a name that is taken or a scope that does not exist."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise ValueError(f"{', '.join(unknown) or 'no scope'}: give some of {', '.join(SCOPES)}")
    if person is None and set(scopes) != {"read"}:
        raise ValueError("a token that does something needs a person: what it does is told under that name")
    if session.scalar(select(ApiToken.id).where(ApiToken.name == name)) is not None:
        raise ValueError(f"there is or was a token {name!r}: choose another name")
    token = PREFIX + secrets.token_urlsafe(32)
    wanted = [scope for scope in SCOPES if scope in scopes]
    session.add(
        ApiToken(name=name, digest=token_digest(token), person=person, scopes=wanted, made_at=at, expires_at=expires_at)
    )
    return token


def token_of(session: Session, token: str, at: datetime) -> ApiToken | None:
    """The row behind a token, while it may be used."""
    if not token.startswith(PREFIX) or len(token) > 100:
        return None
    row = session.scalar(select(ApiToken).where(ApiToken.digest == token_digest(token)))
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= at):
        return None
    return row


def revoke_token(session: Session, name: str, at: datetime) -> bool:
    """Ends it at once. False: there is none of this name, or it has ended already."""
    row = session.scalar(select(ApiToken).where(ApiToken.name == name, ApiToken.revoked_at.is_(None)))
    if row is None:
        return False
    row.revoked_at = at
    return True
