"""Accounts of the pages: who may sign in, what they may do, and where they are signed in.

Of a session and of an invitation only a digest is kept: whoever reads the database cannot become somebody else.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.schema import Row

ROLES = ("viewer", "agent", "lead", "approver", "admin")  # each may what those before it may


class Account(Row):
    """Somebody who may sign in. `name` is what they type; `person` is their key under `people`, where they have one."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    person: Mapped[str | None]
    role: Mapped[str]
    password: Mapped[str | None]  # argon2; None: signs in by OIDC only
    subject: Mapped[str | None] = mapped_column(index=True)  # issuer and subject of OIDC
    failures: Mapped[int] = mapped_column(default=0)  # wrong passwords in a row
    locked_until: Mapped[datetime | None]
    totp: Mapped[str | None]  # secret of the second factor, base32; None: it is off
    totp_step: Mapped[int] = mapped_column(default=0)  # the last time step that was used: none counts twice
    language: Mapped[str | None]  # ja or en; None: as the browser asks
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def actor(self) -> str:
        """The name under which events tell what this account did: the person, where it is one."""
        return self.person or self.name


class WebSession(Row):
    """One signed-in browser."""

    __tablename__ = "web_session"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    account: Mapped[Account] = relationship()


class Invitation(Row):
    """A link by which somebody sets a password once: a new account, or a new password of a known one."""

    __tablename__ = "invitation"

    digest: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]  # None: the guest chooses it
    person: Mapped[str | None]
    role: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Audit(Row):
    """What was done in the pages beside the cases: sign-ins, changes of accounts, looks at clear names."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    what: Mapped[str]  # signed_in, sign_in_failed, looked_at_author …
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SavedView(Row):
    """A search that somebody keeps under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]  # the part of the address after the question mark
    made_at: Mapped[datetime]


def token_digest(token: str) -> str:
    """What is kept of a token. Tokens are long and random, so that one round is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def account_named(session: Session, name: str) -> Account | None:
    """The account that may sign in under this name."""
    return session.scalar(select(Account).where(Account.name == name, Account.ended_at.is_(None)))


def write_audit(session: Session, what: str, *, actor: str, at: datetime, **data: Any) -> None:
    """Adds one line."""
    session.add(Audit(at=at, actor=actor, what=what, data=data))
