"""Signing in, invitations and changes of accounts: what the pages do with storage.account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kintsugi.web.passwords import fits, hashed
from kintsugi.web.sessions import end_sessions
from kintsugi.web.totp import step_of
from storage.account import Account, Invitation, account_named, token_digest, write_audit

if TYPE_CHECKING:
    from kintsugi.app import App

FREE_TRIES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)
INVITED_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account that may come in."""

    account: Account


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """`wrong`: name, password or code; the answer never says which, nor whether the account is locked.

    `code`: the password is right and the code of the second factor is still to be given.
    """

    reason: str


def sign_in(app: App, name: str, password: str, code: str) -> SignedIn | NotSignedIn:
    """Checks name, password and code. Takes the same time whether or not there is such an account."""
    at = app.clock.now()
    with app.database.read() as session:
        known = account_named(session, name.strip())
    right = fits(password, known.password if known else None)
    with app.database.write() as session:
        account = account_named(session, name.strip())
        if account is None:
            write_audit(session, "sign_in_failed", actor=name.strip()[:80], at=at, reason="unknown")
            return NotSignedIn("wrong")
        if account.locked_until is not None and account.locked_until > at:
            write_audit(session, "sign_in_failed", actor=account.actor, at=at, reason="locked")
            return NotSignedIn("wrong")
        if not right:
            return _failed(session, account, at, "password")
        if account.totp is not None:
            if not code.strip():
                return NotSignedIn("code")
            step = step_of(code, account.totp, at, account.totp_step)
            if step is None:
                return _failed(session, account, at, "code")
            account.totp_step = step
        account.failures, account.locked_until = 0, None
        write_audit(session, "signed_in", actor=account.actor, at=at)
        return SignedIn(account)


def invite(
    session: Session,
    *,
    role: str,
    by: str,
    at: datetime,
    name: str | None = None,
    person: str | None = None,
) -> str:
    """A link's token, to be used once within three days. For a known name it sets a new password."""
    token = secrets.token_urlsafe(24)
    session.add(
        Invitation(
            digest=token_digest(token), name=name, person=person, role=role, made_by=by, made_at=at,
            expires_at=at + INVITED_FOR,
        )
    )  # fmt: skip
    write_audit(session, "invited", actor=by, at=at, name=name, role=role)
    return token


def invitation_of(session: Session, token: str, at: datetime) -> Invitation | None:
    """The invitation behind a link, while it can be used."""
    found = session.get(Invitation, token_digest(token[:200]))
    return found if found is not None and found.used_at is None and found.expires_at > at else None


def accept(session: Session, invitation: Invitation, name: str, password: str, at: datetime) -> Account | None:
    """Uses the invitation: a new account, or a new password. None: the name is somebody else's."""
    wanted = (invitation.name or name).strip()
    account = account_named(session, wanted)
    if account is not None and invitation.name is None:
        return None
    if account is None:
        account = Account(
            name=wanted, person=invitation.person, role=invitation.role, failures=0, totp_step=0, made_at=at
        )
        session.add(account)
    account.password, account.failures, account.locked_until = hashed(password), 0, None
    invitation.used_at = at
    session.flush()
    end_sessions(session, account.id)  # whoever knew the old password is out
    write_audit(session, "password_set", actor=account.actor, at=at, role=account.role)
    return account


def renew(session: Session, account: Account, *, by: str, at: datetime) -> str:
    """The token of a link for a new password, for whoever forgot theirs; turns the second factor off."""
    account.totp = None
    return invite(session, role=account.role, by=by, at=at, name=account.name, person=account.person)


def change_role(session: Session, account: Account, role: str, *, by: str, at: datetime) -> bool:
    """Another role, or with an empty one the end of the account. False: it is the last administrator, who stays."""
    admins = select(func.count()).where(Account.role == "admin", Account.ended_at.is_(None))
    if account.role == "admin" and role != "admin" and session.scalar(admins) == 1:
        return False
    before, account.role = account.role, role or account.role
    if not role:
        end_invitations(session, account, at)
        # The name is free again for somebody else; what the account did keeps its actor.
        account.ended_at, account.name, account.password = at, f"{account.name} (ended {account.id})", None
    end_sessions(session, account.id)
    write_audit(session, "role_changed", actor=by, at=at, account=account.id, before=before, after=role)
    return True


def end_invitations(session: Session, account: Account, at: datetime) -> None:
    """Links for a new password of this account are used up: else one of them would make it anew."""
    session.execute(
        update(Invitation).where(Invitation.name == account.name, Invitation.used_at.is_(None)).values(used_at=at)
    )


def set_up_link(app: App) -> str | None:
    """On the first run, while nobody can sign in: the address of the page that makes the first administrator."""
    at = app.clock.now()
    with app.database.write() as session:
        if session.scalar(select(func.count()).select_from(Account)):
            return None
        token = invite(session, role="admin", by="system", at=at)
    return f"{app.settings.web.address}/setup/{token}"


def _failed(session: Session, account: Account, at: datetime, reason: str) -> NotSignedIn:
    account.failures += 1
    if account.failures >= FREE_TRIES:
        wait = FIRST_LOCK * 2 ** min(account.failures - FREE_TRIES, 10)
        account.locked_until = at + min(wait, LONGEST_LOCK)
    write_audit(session, "sign_in_failed", actor=account.actor, at=at, reason=reason)
    return NotSignedIn("wrong")
