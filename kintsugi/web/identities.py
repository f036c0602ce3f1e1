"""Which account somebody has whom a provider of identities vouches for: found, made, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.people import RANKS, Rank
from kintsugi.web.oidc import Strange
from kintsugi.web.sessions import end_sessions
from storage.account import Account, account_named, write_audit

if TYPE_CHECKING:
    from config.oidc import OidcSettings
    from config.settings import Settings


def account_of(
    session: Session, claims: Mapping[str, Any], oidc: OidcSettings, settings: Settings, at: datetime
) -> Account | Strange:
    """The account behind verified claims, with the role that they give it now.

    Known by issuer and subject; the first time also by the person of `people`, whose address the operator wrote down.
    Refused: an address that the provider has not verified (`email`), nobody who gives a role (`no_role`), an account
    that an administrator ended (`ended`).
    """
    email = str(claims.get("email") or "").strip()
    verified = claims.get("email_verified")
    # Some providers write the truth as a text.
    if not email or len(email) > 80 or not email.isprintable() or not (verified is True or verified == "true"):
        return _refused(session, "email", "?", at)
    subject = f"{oidc.issuer} {claims['sub']}"
    person = _person(claims, email, oidc, settings)
    known = session.scalar(select(Account).where(Account.subject == subject).order_by(Account.id.desc()).limit(1))
    if known is None and person is not None:
        theirs = (Account.person == person, Account.subject.is_(None), Account.ended_at.is_(None))
        known = session.scalar(select(Account).where(*theirs).order_by(Account.id).limit(1))
    if known is not None and known.ended_at is not None:
        return _refused(session, "ended", known.actor, at)
    role = _role(claims, known, person, oidc, settings)
    if role is None:
        return _refused(session, "no_role", person or email, at)
    if known is None:
        known = Account(
            name=_free_name(session, email, settings), person=person, role=role, failures=0, totp_step=0, made_at=at
        )
        session.add(known)
    elif known.role != role:
        before, known.role = known.role, role
        end_sessions(session, known.id)
        write_audit(session, "role_changed", actor="oidc", at=at, account=known.id, before=before, after=role)
    known.subject, known.person = subject, person or known.person
    session.flush()
    write_audit(session, "signed_in", actor=known.actor, at=at, by="oidc")
    return known


def _person(claims: Mapping[str, Any], email: str, oidc: OidcSettings, settings: Settings) -> str | None:
    if oidc.person_claim is not None:
        named = claims.get(oidc.person_claim)
        return named if isinstance(named, str) and named in settings.people else None
    wanted = email.casefold()
    return next((key for key, one in settings.people.items() if (one.email or "").casefold() == wanted), None)


def _role(
    claims: Mapping[str, Any], known: Account | None, person: str | None, oidc: OidcSettings, settings: Settings
) -> Rank | None:
    """What the claims say; without `roles` what an administrator gave, then what `people` says, then `role`."""
    given = claims.get(oidc.role_claim)
    values = given if isinstance(given, list) else [given]
    found = [oidc.roles[value] for value in values if isinstance(value, str) and value in oidc.roles]
    if found:
        return max(found, key=RANKS.index)
    if known is not None and not oidc.roles:
        return next(rank for rank in RANKS if rank == known.role)
    return settings.rank_of(person) if person is not None else oidc.role


def _free_name(session: Session, email: str, settings: Settings) -> str:
    """The address, unless that is somebody's: events tell by name, or by the id of a person, who did something."""
    for name in (email, *(f"{email} ({number})" for number in range(2, 1000))):
        if name not in settings.people and account_named(session, name) is None:
            return name
    raise ValueError(f"a thousand accounts are named {email}")


def _refused(session: Session, reason: str, actor: str, at: datetime) -> Strange:
    write_audit(session, "sign_in_failed", actor=actor, at=at, reason=f"oidc_{reason}")
    return Strange(reason)
