"""Tells receivers about cases: the rows of what is told, made in the transaction that decides it.

One living message a case and receiver. What changes later edits it in place, which notifies nobody; a repeat, an
escalation or a raised severity is a reply in its thread that mentions the owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.routing import RouteTree, resolve
from storage.alert import Alert, alert_of
from storage.case import Case
from storage.delivery import Delivery, make_delivery
from storage.event import Event

# What goes first when much is due: critical cases, then new messages, then replies in threads, then edits.
PRIORITY = {"critical": 40, "major": 30, "minor": 20, "none": 10}
EDIT_BELOW = 5


def route_case(session: Session, case: Case, tree: RouteTree, at: datetime) -> list[int]:
    """Makes the alert of a case and its deliveries, once; returns the ids of the deliveries."""
    alert = alert_of(session, case.id)
    if alert is None:
        decision = resolve(tree, case.labels, at)
        alert = Alert(
            case_id=case.id,
            state="firing",
            receivers=decision.told(),
            path=[*decision.path, *decision.reasons],
            fired_at=at,
            state_at=at,
        )
        session.add(alert)
        session.flush()
    return [_case_message(session, case, receiver, at).id for receiver in alert.receivers]


def refresh(session: Session, case: Case, at: datetime) -> list[int]:
    """The case changed: its alert follows its state, and its messages are edited. Returns the ids of the edits.

    Edits are keyed by the number of the case's last event; what they show is read when they are sent, so that edits
    that wait merge into one.
    """
    alert = alert_of(session, case.id)
    if alert is None:
        return []
    _follow(alert, case, at)
    number = session.scalar(select(func.max(Event.number)).where(Event.case_id == case.id)) or 0
    edits = []
    for receiver in _told_receivers(session, case.id):
        if _has_waiting(session, case.id, receiver):
            continue
        edit = make_delivery(
            session,
            f"case:{case.id}:{receiver}:edit:{number}",
            receiver=receiver,
            purpose="case_edit",
            case_id=case.id,
            priority=PRIORITY[case.severity] - EDIT_BELOW,
            at=at,
        )
        edits.append(edit.id)
    return edits


def thread_reply(
    session: Session, case: Case, reason: str, text: str, at: datetime, *, mention: str | None = None
) -> list[int]:
    """Says something in the thread of every message of the case, once a `reason` (`repeat:3`, `severity:major` …)."""
    person = mention or case.owner
    payload = {"text": text} | ({"mention": person} if person else {})
    return [
        make_delivery(
            session,
            f"case:{case.id}:{receiver}:{reason}",
            receiver=receiver,
            purpose="thread",
            case_id=case.id,
            payload=payload,
            priority=PRIORITY[case.severity] - 1,
            at=at,
        ).id
        for receiver in _told_receivers(session, case.id)
    ]


def erase_messages(session: Session, case: Case, at: datetime) -> list[int]:
    """Takes the case's messages away at every receiver, and cancels what was still to be told."""
    waiting = select(Delivery).where(
        Delivery.case_id == case.id,
        Delivery.state == "due",
        Delivery.purpose.in_(("case_message", "case_edit", "thread")),
    )
    for delivery in session.scalars(waiting):
        delivery.state, delivery.error = "cancelled", "the author was erased"
    return [
        make_delivery(
            session,
            f"case:{case.id}:{receiver}:erase",
            receiver=receiver,
            purpose="erase",
            case_id=case.id,
            priority=PRIORITY["critical"],
            at=at,
        ).id
        for receiver in _told_receivers(session, case.id)
    ]


def case_key(case_id: int, receiver: str) -> str:
    """The delivery key of the living message of a case at a receiver."""
    return f"case:{case_id}:{receiver}"


def _case_message(
    session: Session, case: Case, receiver: str, at: datetime, payload: Mapping[str, str] | None = None
) -> Delivery:
    return make_delivery(
        session,
        case_key(case.id, receiver),
        receiver=receiver,
        purpose="case_message",
        case_id=case.id,
        payload=dict(payload or {}),
        priority=PRIORITY[case.severity],
        at=at,
    )


def _follow(alert: Alert, case: Case, at: datetime) -> None:
    """Fires while the case is new; acknowledged while somebody works on it; resolved when that is done."""
    if case.state == "new":
        state = "silenced" if alert.state == "silenced" else "firing"
    else:
        state = "resolved" if case.state in ("resolved", "following_up", "closed") else "acknowledged"
    if state != alert.state:
        alert.state, alert.state_at = state, at


def _told_receivers(session: Session, case_id: int) -> list[str]:
    """Receivers that have, or will have, the case's own message."""
    query = select(Delivery.receiver).where(Delivery.case_id == case_id, Delivery.purpose == "case_message")
    return list(session.scalars(query.where(Delivery.state.not_in(("cancelled", "given_up"))).order_by(Delivery.id)))


def _has_waiting(session: Session, case_id: int, receiver: str) -> bool:
    """Whether a message or edit of the case is still to go there: it will show the newest state anyway."""
    waiting = select(Delivery.id).where(
        Delivery.case_id == case_id,
        Delivery.receiver == receiver,
        Delivery.purpose.in_(("case_message", "case_edit")),
        Delivery.state == "due",
    )
    return session.scalar(waiting.limit(1)) is not None
