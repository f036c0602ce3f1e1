"""Offers to the customer, as moves of a case: within one's authority, or asked of somebody who has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from pydantic import ValidationError
from sqlalchemy.orm import Session

from config.amount import Amount
from kintsugi.desk.case_moves import Act, CaseMoves
from responder.answering import offers
from responder.answering.approvals import deciders
from responder.cases.refused import Refused
from storage.case import Case
from storage.offer import Offer

_MOST = Decimal(10) ** 12


class OfferMoves(CaseMoves):
    """Offer, decide, redeem, withdraw, delegate."""

    def offer(self, case_id: int, actor: str, remedy: str, amount: str, currency: str) -> Refused | None:
        """Offers a remedy that costs the house `amount`; above one's authority somebody who has it is asked.

        Refused where nobody else has it either.
        """
        settings = self._app.settings
        cost = _amount(amount, currency)
        if isinstance(cost, Refused):
            return cost

        def act(session: Session, case: Case, at: datetime) -> object:
            made = offers.offer(session, case, remedy, cost, actor=actor, at=at, settings=settings)
            if isinstance(made, Refused) or made.state != "asked":
                return made
            able = deciders(session, case, made, at, settings)
            if not able:
                return Refused("no_approver", f"nobody here may approve {cost.amount} {cost.currency} in {case.ref}")
            said = f"{made.remedy} ({cost.amount} {cost.currency})"
            self._tell(session, case, "offer_asked", at, able[0], who=self._name(actor), what=said)
            return made

        return self._do(case_id, act)

    def decide_offer(self, case_id: int, actor: str, offer_id: int, approve: bool) -> Refused | None:
        """Approves or refuses what was asked for."""
        settings = self._app.settings

        def act(session: Session, case: Case, at: datetime) -> object:
            offered = _offer(session, case, offer_id)
            if isinstance(offered, Refused):
                return offered
            decided = offers.decide(session, offered, approve=approve, actor=actor, at=at, settings=settings)
            if isinstance(decided, Offer):
                reason = "offer_approved" if approve else "offer_refused"
                self._tell(session, case, reason, at, offered.made_by, who=self._name(actor), what=offered.remedy)
            return decided

        return self._do(case_id, act)

    def redeem_offer(self, case_id: int, actor: str, offer_id: int, amount: str | None = None) -> Refused | None:
        """The customer took it, or a part of it (`amount`)."""
        try:
            taken = Decimal(amount) if amount else None
        except InvalidOperation:
            return Refused("no_amount", f"{amount!r} is no amount: write it like 3000")
        return self._do(
            case_id,
            _on(
                offer_id, lambda session, offered, at: offers.redeem(session, offered, actor=actor, at=at, amount=taken)
            ),
        )

    def withdraw_offer(self, case_id: int, actor: str, offer_id: int) -> Refused | None:
        """Takes an offer, or the question for it, back."""
        return self._do(
            case_id,
            _on(offer_id, lambda session, offered, at: offers.withdraw_offer(session, offered, actor=actor, at=at)),
        )

    def delegate(self, person: str, to: str, since: datetime, until: datetime, actor: str) -> Refused | None:
        """While `person` is away `to` decides with that person's authority."""
        with self._app.database.write() as session:
            made = offers.delegate(
                session, person, to, since=since, until=until, actor=actor, settings=self._app.settings
            )
        return made if isinstance(made, Refused) else None


def _on(offer_id: int, act: Callable[[Session, Offer, datetime], object]) -> Act:
    def on_offer(session: Session, case: Case, at: datetime) -> object:
        offered = _offer(session, case, offer_id)
        return offered if isinstance(offered, Refused) else act(session, offered, at)

    return on_offer


def _offer(session: Session, case: Case, offer_id: int) -> Offer | Refused:
    """An offer of this case: one of another case is none, whatever a button says."""
    offered = session.get(Offer, offer_id)
    if offered is None or offered.case_id != case.id:
        return Refused("unknown", f"{case.ref} has no offer {offer_id}")
    return offered


def _amount(amount: str, currency: str) -> Amount | Refused:
    wrong = Refused("no_amount", f"{amount[:20]!r} {currency[:5]} is no amount: write it like 3000 JPY, not negative")
    try:
        cost = Amount(amount=Decimal(amount.strip().replace(",", "") or "x"), currency=currency.strip().upper())
    except (InvalidOperation, ValidationError):
        return wrong
    return cost if cost.amount < _MOST else wrong
