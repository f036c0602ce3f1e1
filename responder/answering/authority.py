"""Authority: how much a person may offer a customer, and who may approve what is more.

The limits, in the order in which they are named: the most that any case may cost, the team's budget of the month
(nobody goes above these two), then what the person's role may offer in one case and in one month (above these
somebody else with enough authority approves). All are counted from the rows of offers, in the brand's own month.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from config.amount import Amount
from config.people import Role
from config.settings import Settings
from responder.cases.refused import Refused
from storage.absence import stands_in_for
from storage.case import Case
from storage.offer import BOUND_STATES, Offer, bound_offers, offers_of


def role_of(person: str, settings: Settings) -> Role | None:
    """The role of a person of the configuration; None for anybody else, the service included."""
    known = settings.people.get(person)
    return settings.roles[known.role] if known else None


def house_limit(
    session: Session,
    case: Case,
    team: str | None,
    amount: Amount,
    at: datetime,
    settings: Settings,
    besides: Offer | None = None,
) -> Refused | None:
    """The limit that nobody goes above and that this amount exceeds, if any.

    What waits for approval counts; the offer that the question is about (`besides`) is not counted twice.
    """
    per_case, budget = settings.offers.per_case, settings.teams[team].budget if team in settings.teams else None
    if per_case is not None:
        refused = _beyond(per_case, amount, offers_of(session, case.id), besides, "case_limit", f"in {case.ref}")
        if refused is not None:
            return refused
    if budget is not None:
        of_team = bound_offers(session, team=team, since=month_start(at, settings))
        return _beyond(budget, amount, of_team, besides, "budget", f"by {team} this month")
    return None


def personal_limit(
    session: Session,
    case: Case,
    person: str,
    amount: Amount,
    at: datetime,
    settings: Settings,
    besides: Offer | None = None,
) -> Refused | None:
    """The limit of this person that the amount exceeds, if any: `authority` or `per_month`."""
    role = role_of(person, settings)
    if role is None:
        return Refused("unknown_person", f"{person!r} is not among the people of kintsugi.yaml")
    refused = _beyond(role.authority, amount, offers_of(session, case.id), besides, "authority", f"in {case.ref}")
    if refused is not None or role.per_month is None:
        return refused
    own = [offer for offer in bound_offers(session, since=month_start(at, settings)) if answerable(offer) == person]
    return _beyond(role.per_month, amount, own, besides, "per_month", "this month on this authority")


def approver_for(
    session: Session, case: Case, offer: Offer, actor: str, at: datetime, settings: Settings
) -> str | Refused:
    """On whose authority `actor` may approve this offer: their own, or that of somebody for whom they stand in.

    Nobody approves what they asked for themselves, neither with another's authority nor through a delegate.
    """
    if actor == offer.made_by:
        return Refused("self_approval", "you asked for this yourself: somebody else approves it")
    refused: Refused = Refused("no_approver", "your role does not approve offers: ask a lead")
    amount = Amount(amount=offer.amount, currency=offer.currency)
    for person in [actor, *stands_in_for(session, actor, at)]:
        role = role_of(person, settings)
        if person == offer.made_by or role is None or not role.approves:
            continue
        limit = personal_limit(session, case, person, amount, at, settings, besides=offer)
        if limit is None:
            return person
        refused = limit
    return refused


def answerable(offer: Offer) -> str | None:
    """On whose authority an offer stands; None while it is asked for."""
    return offer.decided_for or offer.decided_by


def month_start(at: datetime, settings: Settings) -> datetime:
    """The beginning of the calendar month in the brand's time zone."""
    local = at.astimezone(settings.brand.zone)
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _beyond(
    limit: Amount, amount: Amount, offers: Iterable[Offer], besides: Offer | None, reason: str, where: str
) -> Refused | None:
    """The refusal of this limit, when the amount on top of these offers is more than it."""
    bound = [offer for offer in offers if offer.state in BOUND_STATES and offer is not besides]
    foreign = {offer.currency for offer in bound} | {amount.currency}
    if foreign != {limit.currency}:
        other = ", ".join(sorted(foreign - {limit.currency}))
        return Refused("no_rate", f"the limit is in {limit.currency}, and there is no rate for {other}")
    taken = sum((offer.cost for offer in bound), Decimal(0))
    if limit.covers(Amount(amount=taken + amount.amount, currency=amount.currency)):
        return None
    left = max(limit.amount - taken, Decimal(0))
    return Refused(reason, f"{where} {left} of {limit.amount} {limit.currency} are left, {amount.amount} are asked for")
