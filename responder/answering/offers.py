"""Offers: a remedy is offered within one's authority, or asked for; somebody else approves; the customer takes it.

Every step is a row and an event. Nothing of it is ever said in a public reply (responder.guard).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.amount import Amount
from config.settings import Settings
from responder.answering.authority import approver_for, house_limit, personal_limit, role_of
from responder.cases.refused import Refused
from responder.cases.transitions import SYSTEM
from responder.cases.waits import stop_waiting, wait
from storage.absence import Absence
from storage.case import Case
from storage.event import append_event
from storage.offer import Offer, offers_of

LONGEST_NAME = 120  # characters of a remedy's name
LIMITS_TO_ASK_ABOVE = ("authority", "per_month")


def offer(
    session: Session, case: Case, remedy: str, amount: Amount, *, actor: str, at: datetime, settings: Settings
) -> Offer | Refused:
    """Offers a remedy: `standing` within the person's authority, otherwise `asked`, waiting for an approval.

    `amount` is what it costs the house; 0 for what costs nothing. A limit that holds for everybody refuses it.
    """
    refused = _unfit(case, remedy, actor, settings)
    team = case.team or (settings.people[actor].team if actor in settings.people else None)
    refused = refused or house_limit(session, case, team, amount, at, settings)
    if refused is not None:
        return refused
    limit = personal_limit(session, case, actor, amount, at, settings)
    if limit is not None and limit.reason not in LIMITS_TO_ASK_ABOVE:
        return limit
    made = Offer(
        case_id=case.id,
        remedy=remedy.strip(),
        amount=amount.amount,
        currency=amount.currency,
        team=team,
        state="asked" if limit else "standing",
        made_by=actor,
        made_at=at,
        why_asked=limit.reason if limit else None,
        expires_at=at + (settings.offers.approval_expires if limit else settings.offers.expires),
        decided_by=None if limit else actor,
        decided_at=None if limit else at,
    )
    session.add(made)
    session.flush()
    _tell(session, made, "offered", actor, at, why_asked=made.why_asked)
    if limit is not None:
        wait(session, case, "approval", actor=actor, at=at, settings=settings, until=made.expires_at)
    return made


def decide(
    session: Session, offered: Offer, *, approve: bool, actor: str, at: datetime, settings: Settings
) -> Offer | Refused:
    """Somebody else approves or refuses what was asked for. See responder.answering.authority for who may."""
    refused = _not_open(session, offered, "asked", at)
    if refused is not None:
        return refused
    case = session.get_one(Case, offered.case_id)
    if case.state == "closed":
        return Refused("closed", f"{case.ref} is closed: nothing is offered any more")
    amount = Amount(amount=offered.amount, currency=offered.currency)
    person = approver_for(session, case, offered, actor, at, settings)
    limit = house_limit(session, case, offered.team, amount, at, settings, besides=offered) if approve else None
    if isinstance(person, Refused) and (approve or person.reason in ("self_approval", "no_approver")):
        return person
    if limit is not None:
        return limit
    offered.state, offered.decided_by, offered.decided_at = "standing" if approve else "refused", actor, at
    offered.decided_for = person if isinstance(person, str) and person != actor else None
    offered.expires_at = at + settings.offers.expires if approve else None
    _tell(session, offered, "offer_decided", actor, at, decided_for=offered.decided_for)
    _end_wait(session, case, at)
    return offered


def redeem(
    session: Session, offered: Offer, *, actor: str, at: datetime, amount: Decimal | None = None
) -> Offer | Refused:
    """The customer took it, all of it or less (`amount`). What was not approved, or has expired, is not redeemed."""
    refused = _not_open(session, offered, "standing", at)
    if refused is not None:
        return refused
    taken = offered.amount if amount is None else amount
    if not taken.is_finite() or not 0 <= taken <= offered.amount:
        return Refused("above_offer", f"{offered.amount} {offered.currency} were offered: {taken} is not within that")
    offered.state, offered.redeemed_at, offered.redeemed_amount = "redeemed", at, taken
    _tell(session, offered, "offer_redeemed", actor, at, redeemed=format(taken, "f"))
    return offered


def withdraw_offer(session: Session, offered: Offer, *, actor: str, at: datetime) -> Offer | Refused:
    """Takes an offer back that the customer has not taken."""
    if offered.state not in ("asked", "standing"):
        return Refused("wrong_state", f"this offer is {offered.state}: there is nothing to take back")
    offered.state = "withdrawn"
    _tell(session, offered, "offer_withdrawn", actor, at)
    _end_wait(session, session.get_one(Case, offered.case_id), at)
    return offered


def expire(session: Session, at: datetime) -> list[int]:
    """For the tick: questions and offers whose time has passed are void. Returns the ids of their cases."""
    late = select(Offer).where(Offer.state.in_(("asked", "standing")), Offer.expires_at <= at).order_by(Offer.id)
    cases = []
    for offered in session.scalars(late):
        _expire(session, offered, at)
        cases.append(offered.case_id)
    return sorted(set(cases))


def delegate(
    session: Session, person: str, to: str, *, since: datetime, until: datetime, actor: str, settings: Settings
) -> Absence | Refused:
    """While `person` is away `to` decides with that person's authority. Set by the person or by an approving role."""
    for name in (person, to):
        if name not in settings.people:
            return Refused("unknown_person", f"{name!r} is not among the people of kintsugi.yaml")
    role = role_of(actor, settings)
    if actor != person and not (role is not None and role.approves):
        return Refused("not_yours", "only the person, or somebody who approves, says who stands in")
    if person == to or until <= since:
        return Refused("senseless", "name somebody else, and an end after the beginning")
    absence = Absence(person=person, delegate=to, since=since, until=until, made_by=actor)
    session.add(absence)
    session.flush()
    return absence


def _unfit(case: Case, remedy: str, actor: str, settings: Settings) -> Refused | None:
    if role_of(actor, settings) is None:
        return Refused("unknown_person", f"{actor!r} is not among the people of kintsugi.yaml")
    if case.state == "closed":
        return Refused("closed", f"{case.ref} is closed: re-open it to offer something")
    if not remedy.strip() or len(remedy) > LONGEST_NAME or "\n" in remedy.strip():
        return Refused("needs_remedy", f"name the remedy in one line of at most {LONGEST_NAME} characters")
    return None


def _not_open(session: Session, offered: Offer, state: str, at: datetime) -> Refused | None:
    if offered.state == state and offered.expires_at is not None and offered.expires_at <= at:
        _expire(session, offered, at)
    if offered.state == "expired":
        return Refused("expired", "its time has passed: offer it anew")
    if offered.state != state:
        return Refused("wrong_state", f"this offer is {offered.state}, not {state}")
    return None


def _expire(session: Session, offered: Offer, at: datetime) -> None:
    offered.state = "expired"
    _tell(session, offered, "offer_expired", SYSTEM, at)
    _end_wait(session, session.get_one(Case, offered.case_id), at)


def _end_wait(session: Session, case: Case, at: datetime) -> None:
    session.flush()
    if not any(other.state == "asked" for other in offers_of(session, case.id)):
        stop_waiting(session, case, actor=SYSTEM, at=at, what="approval")


def _tell(session: Session, offered: Offer, kind: str, actor: str, at: datetime, **more: str | None) -> None:
    data = {"offer": offered.id, "state": offered.state, "amount": format(offered.amount, "f")}
    data |= {"currency": offered.currency} | {name: value for name, value in more.items() if value is not None}
    session.flush()
    append_event(session, offered.case_id, kind, actor=actor, at=at, data=data)
