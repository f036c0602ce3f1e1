"""The delivery log: everything that goes out, made with its reason and sent once.

A row is made in the transaction that decides it. A sender claims it by conditional update, commits, calls the
receiver, and records what came of it. A claim that nobody finished (the process died) is *unclear*: the receiver
is asked where it can be asked; what a customer would see is otherwise parked for a person.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, ForeignKey, Index, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.line import line_of
from storage.schema import Row

CLAIM = timedelta(minutes=2)  # longer than any receiver may take to answer
# Waits before the next try of what failed temporarily; the last one repeats until a day has passed.
WAITS = (5, 15, 60, 300, 900, 1800)  # seconds
GIVE_UP_AFTER = timedelta(days=1)


class Delivery(Row):
    """One outgoing message or call. `key` makes it happen once."""

    __tablename__ = "delivery"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    receiver: Mapped[str]
    purpose: Mapped[str]  # case_message, case_edit, thread, report, publish, erase …
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    customer_facing: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=0)  # higher goes first
    # due, claimed, sent, given_up (permanent, with its error), unclear (a person decides), cancelled
    state: Mapped[str] = mapped_column(default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    # The last try may have arrived: the receiver is asked before the next one.
    unclear: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None]
    receipt: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


_OF_KEY = select(Delivery).where(Delivery.key == bindparam("key"))
_DUE = (
    select(Delivery.id)
    .where(Delivery.state == "due", Delivery.due_at <= bindparam("at"))
    .order_by(Delivery.priority.desc(), Delivery.id)
    .limit(bindparam("most"))
)


def make_delivery(
    session: Session,
    key: str,
    *,
    receiver: str,
    purpose: str,
    at: datetime,
    case_id: int | None = None,
    payload: dict[str, Any] | None = None,
    customer_facing: bool = False,
    priority: int = 0,
    due_at: datetime | None = None,
) -> Delivery:
    """The delivery of this key, made now unless it was made before (then the earlier one, as it is)."""
    known = delivery_of(session, key)
    if known is not None:
        return known
    delivery = Delivery(
        key=key,
        receiver=receiver,
        purpose=purpose,
        case_id=case_id,
        payload=payload or {},
        customer_facing=customer_facing,
        priority=priority,
        state="due",
        attempts=0,
        due_at=due_at or at,
        receipt={},
        made_at=at,
    )
    session.add(delivery)
    session.flush()
    line = line_of(session)
    if line is not None and delivery.due_at <= at:
        line.announce(session, [delivery.id])
    return delivery


def due_deliveries(session: Session, at: datetime, limit: int = 50) -> list[int]:
    """Ids of what should go out now: priority first, then the order in which they were made."""
    return list(session.scalars(_DUE, {"at": at, "most": limit}))


def claim_delivery(session: Session, delivery_id: int, at: datetime) -> bool:
    """Takes a due delivery. False: another sender got there first. Commit before the receiver is called."""
    done = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == "due")
        .values(state="claimed", attempts=Delivery.attempts + 1, claimed_until=at + CLAIM)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def record_sent(delivery: Delivery, at: datetime, receipt: dict[str, Any]) -> None:
    """The receiver took it. `receipt` is what finds it there again (Slack: channel and ts)."""
    delivery.state, delivery.sent_at, delivery.receipt, delivery.error = "sent", at, receipt, None


def record_temporary(
    delivery: Delivery, at: datetime, error: str, wait: timedelta | None = None, *, unclear: bool = False
) -> None:
    """It failed for now: due again after `wait` (a Retry-After) or the next step of WAITS, for at most a day."""
    delivery.unclear = unclear
    if at - delivery.made_at > GIVE_UP_AFTER:
        record_permanent(delivery, f"gave up after {delivery.attempts} tries in a day: {error}")
        return
    step = WAITS[max(0, min(delivery.attempts, len(WAITS)) - 1)]
    delivery.state, delivery.error, delivery.claimed_until = "due", error, None
    delivery.due_at = at + (wait or timedelta(seconds=step))


def record_due_again(delivery: Delivery) -> None:
    """The claim was forsaken and nothing went out, or only colleagues would see it twice: it is sent again."""
    delivery.state, delivery.claimed_until = "due", None


def record_permanent(delivery: Delivery, error: str) -> None:
    """It will never work as it is: parked with its reason (`kintsugi parked` lists and retries it)."""
    delivery.state, delivery.error = "given_up", error


def record_unclear(delivery: Delivery, error: str) -> None:
    """Nobody knows whether a customer saw it, and the site cannot be asked: a person decides."""
    delivery.state, delivery.error = "unclear", error


def delivery_of(session: Session, key: str) -> Delivery | None:
    """The delivery of this key."""
    return session.scalar(_OF_KEY, {"key": key})


def receipt_of(session: Session, key: str | None) -> dict[str, Any] | None:
    """Where the delivery of this key can be found at its receiver; None when it was not sent."""
    if key is None:
        return None
    found = session.scalar(select(Delivery).where(Delivery.key == key, Delivery.state == "sent"))
    return dict(found.receipt) if found is not None and found.receipt else None


def stale_claims(session: Session, at: datetime | None) -> list[int]:
    """Ids of claims that their sender did not finish in time; of all claims when `at` is None."""
    claimed = select(Delivery.id).where(Delivery.state == "claimed")
    if at is not None:
        claimed = claimed.where(Delivery.claimed_until <= at)
    return list(session.scalars(claimed.order_by(Delivery.id)))
