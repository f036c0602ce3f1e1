"""Offers: what was offered to a customer, by whom, on whose authority, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Money, Row

# asked: waits for an approval; standing: may be told to the customer; redeemed: the customer took it;
# refused, expired, withdrawn: it costs nothing any more.
OFFER_STATES = ("asked", "standing", "redeemed", "refused", "expired", "withdrawn")
BOUND_STATES = ("asked", "standing", "redeemed")  # these count against limits and budgets


class Offer(Row):
    """One remedy for one case. A remedy without a price has the amount 0."""

    __tablename__ = "offer"
    __table_args__ = (Index(None, "case_id"), Index(None, "team", "made_at"), Index(None, "state", "expires_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    remedy: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str]
    team: Mapped[str | None]  # whose budget it uses
    state: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    why_asked: Mapped[str | None]  # the limit that it exceeds, by name
    expires_at: Mapped[datetime | None]  # of the question while it is asked, of the offer while it stands
    decided_by: Mapped[str | None]
    decided_for: Mapped[str | None]  # the absent person whose authority was used
    decided_at: Mapped[datetime | None]
    redeemed_at: Mapped[datetime | None]
    redeemed_amount: Mapped[Decimal | None] = mapped_column(Money)

    @property
    def cost(self) -> Decimal:
        """What it takes from limits and budgets: the amount redeemed, once it is known."""
        return self.amount if self.redeemed_amount is None else self.redeemed_amount


_OFFERS = select(Offer).where(Offer.case_id == bindparam("case")).order_by(Offer.id)


def offers_of(session: Session, case_id: int) -> list[Offer]:
    """The offers of a case in the order in which they were made."""
    return list(session.scalars(_OFFERS, {"case": case_id}))


def bound_offers(
    session: Session, *, team: str | None = None, made_by: Iterable[str] | None = None, since: datetime
) -> list[Offer]:
    """The offers made from `since` on that still count, of a team, of some people, or of everybody."""
    query = select(Offer).where(Offer.made_at >= since, Offer.state.in_(BOUND_STATES))
    if team is not None:
        query = query.where(Offer.team == team)
    if made_by is not None:
        query = query.where(Offer.made_by.in_(list(made_by)))
    return list(session.scalars(query.order_by(Offer.id)))
