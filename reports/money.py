"""What recovery cost and what it brought: offers, time, and a return whose assumptions are shown beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.reports import ReturnSettings
from reports.cohort import CaseFacts, within_scope
from reports.period import Period
from reports.scope import Scope
from storage.case import Case
from storage.offer import OFFER_STATES, Offer
from storage.outcome import Outcome

UNPAID = ("asked", "standing")  # offers that may still have to be paid for


@dataclass(frozen=True)
class Offers:
    """The offers made in a period by what became of them, and what was redeemed in it, by currency.

    `standing` is what may still have to be paid for the offers of the period that are neither taken nor void.
    """

    states: dict[str, int]
    redeemed: dict[str, Decimal]
    standing: dict[str, Decimal]

    @property
    def made(self) -> int:
        """All offers of the period."""
        return sum(self.states.values())


@dataclass(frozen=True)
class Return:
    """(won back × value × (1 − stays anyway) − cost) / cost, with cost = redeemed offers + time for cases.

    `won_back` counts cases that were found recovered in the period, `handled` the cases opened in it. Offers in
    another currency than that of the assumptions stand in `left_out`. None of `benefit`, `cost` and `ratio` is known
    while the assumptions that it needs are not set.
    """

    assumed: ReturnSettings
    won_back: int
    handled: int
    offers: Decimal
    left_out: dict[str, Decimal]

    @property
    def currency(self) -> str | None:
        """The one in which it is counted."""
        known = self.assumed.customer_value or self.assumed.hourly_cost
        return known.currency if known else None

    @property
    def work(self) -> Decimal | None:
        """The time of the cases: handled × minutes × hourly cost."""
        if self.assumed.hourly_cost is None:
            return None
        hours = Decimal(self.handled) * self.assumed.minutes_per_case / 60
        return round(hours * self.assumed.hourly_cost.amount, 2)

    @property
    def cost(self) -> Decimal | None:
        """Redeemed offers and the time of the cases."""
        return None if self.work is None else self.offers + self.work

    @property
    def each(self) -> Decimal | None:
        """The cost of one customer won back."""
        return round(self.cost / self.won_back, 2) if self.cost is not None and self.won_back else None

    @property
    def benefit(self) -> Decimal | None:
        """won back × value × (1 − stays anyway)."""
        if self.assumed.customer_value is None:
            return None
        gained = 1 - Decimal(str(self.assumed.stays_anyway))
        return round(self.won_back * self.assumed.customer_value.amount * gained, 2)

    @property
    def ratio(self) -> Decimal | None:
        """The return on what was spent: 1 is every yen twice back; None where nothing was spent or assumed."""
        return (self.benefit - self.cost) / self.cost if self.benefit is not None and self.cost else None


def offers(session: Session, period: Period, scope: Scope) -> Offers:
    """The offers of a period. Money is kept as text, so it is added here and not in the database."""
    about = within_scope(select(Case.id), scope)
    states: Counter[str] = Counter()
    standing: Counter[str] = Counter()
    made = select(Offer).where(Offer.made_at >= period.start, Offer.made_at < period.end)
    for offer in session.scalars(made if scope.whole else made.where(Offer.case_id.in_(about))):
        states[offer.state] += 1
        if offer.state in UNPAID:
            standing[offer.currency] += offer.cost  # type: ignore[assignment]  # a Counter of decimals
    redeemed: Counter[str] = Counter()
    taken = select(Offer).where(Offer.redeemed_at >= period.start, Offer.redeemed_at < period.end)
    for offer in session.scalars(taken if scope.whole else taken.where(Offer.case_id.in_(about))):
        redeemed[offer.currency] += offer.cost  # type: ignore[assignment]
    ordered = {name: states[name] for name in OFFER_STATES if states[name]}
    return Offers(ordered, _amounts(redeemed), _amounts(standing))


def returns(
    session: Session, cases: list[CaseFacts], paid: Offers, assumed: ReturnSettings, period: Period, scope: Scope
) -> Return:
    """The return of a period under these assumptions."""
    currency = (assumed.customer_value or assumed.hourly_cost).currency if _any(assumed) else None  # type: ignore[union-attr]
    counted = paid.redeemed.get(currency or "", Decimal(0))
    others = {name: amount for name, amount in paid.redeemed.items() if name != currency}
    handled = sum(case.outcome != "not_a_case" for case in cases)
    return Return(assumed, won_back(session, period, scope), handled, counted, others)


def won_back(session: Session, period: Period, scope: Scope) -> int:
    """Cases that are recovered now and were first found so in the period."""
    first = (
        select(Outcome.case_id, func.min(Outcome.found_at).label("at"))
        .where(Outcome.name == "recovered")
        .group_by(Outcome.case_id)
        .subquery()
    )
    query = within_scope(
        select(Case.id)
        .join(first, first.c.case_id == Case.id)
        .where(Case.outcome == "recovered", first.c.at >= period.start, first.c.at < period.end),
        scope,
    )
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _any(assumed: ReturnSettings) -> bool:
    return assumed.customer_value is not None or assumed.hourly_cost is not None


def _amounts(counted: Counter[str]) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in sorted(counted.items())}
