"""The delivery rows of a case: its living message, edits of it, replies in its thread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from storage.case import Case
from storage.delivery import Delivery, make_delivery
from storage.event import Event

# What goes first when much is due: critical cases, then new messages, then replies in threads, then edits.
PRIORITY = {"critical": 40, "major": 30, "minor": 20, "none": 10}
_EDIT_BELOW = 5

_NEWEST_EVENT = select(func.max(Event.number)).where(Event.case_id == bindparam("case"))
_TOLD = (
    select(Delivery.receiver)
    .where(Delivery.case_id == bindparam("case"), Delivery.purpose == "case_message")
    .where(Delivery.state.not_in(("cancelled", "given_up")))
    .order_by(Delivery.id)
)
_WAITING = (
    select(Delivery.id)
    .where(Delivery.case_id == bindparam("case"), Delivery.receiver == bindparam("receiver"))
    .where(Delivery.purpose.in_(("case_message", "case_edit")), Delivery.state == "due")
    .limit(1)
)


def case_key(case_id: int, receiver: str) -> str:
    """The delivery key of the living message of a case at a receiver."""
    return f"case:{case_id}:{receiver}"


def case_message(
    session: Session, case: Case, receiver: str, at: datetime, payload: Mapping[str, str] | None = None
) -> int:
    """The case's own message at a receiver, made once; the id of its delivery."""
    return make_delivery(
        session,
        case_key(case.id, receiver),
        receiver=receiver,
        purpose="case_message",
        case_id=case.id,
        payload=dict(payload or {}),
        priority=PRIORITY[case.severity],
        at=at,
    ).id


def case_edits(session: Session, case: Case, at: datetime) -> list[int]:
    """Edits of every message of the case, unless one waits already that will show the newest state anyway."""
    number = session.scalar(_NEWEST_EVENT, {"case": case.id}) or 0
    return [
        make_delivery(
            session,
            f"{case_key(case.id, receiver)}:edit:{number}",
            receiver=receiver,
            purpose="case_edit",
            case_id=case.id,
            priority=PRIORITY[case.severity] - _EDIT_BELOW,
            at=at,
        ).id
        for receiver in told_receivers(session, case.id)
        if not _has_waiting(session, case.id, receiver)
    ]


def thread_replies(
    session: Session,
    case: Case,
    reason: str,
    text: str,
    at: datetime,
    *,
    mention: str | None = None,
    quiet: bool = False,
) -> list[int]:
    """Says something in the thread of every message of the case, once a `reason` (`repeat:3`, `severity:major` …).

    It mentions a person, the owner unless another is named; nobody when it is `quiet`.
    """
    person = None if quiet else mention or case.owner
    payload = {"text": text} | ({"mention": person} if person else {})
    return [
        make_delivery(
            session,
            f"{case_key(case.id, receiver)}:{reason}",
            receiver=receiver,
            purpose="thread",
            case_id=case.id,
            payload=payload,
            priority=PRIORITY[case.severity] - 1,
            at=at,
        ).id
        for receiver in told_receivers(session, case.id)
    ]


def direct_message(
    session: Session, case: Case, person: str, reason: str, text: str, settings: Settings, at: datetime
) -> list[int]:
    """A private message about a case, once a `reason`: through the first Slack receiver that knows the case, else
    through the first one there is. Empty where there is no Slack."""
    slack = [name for name, receiver in settings.all_receivers().items() if receiver.kind == "slack"]
    through = next((name for name in told_receivers(session, case.id) if name in slack), slack[0] if slack else None)
    if through is None:
        return []
    delivery = make_delivery(
        session,
        f"case:{case.id}:{person}:{reason}",
        receiver=through,
        purpose="direct",
        case_id=case.id,
        payload={"person": person, "text": f"{case.ref}: {text}"},
        priority=PRIORITY[case.severity],
        at=at,
    )
    return [delivery.id]


def told_receivers(session: Session, case_id: int) -> list[str]:
    """Receivers that have, or will have, the case's own message."""
    return list(session.scalars(_TOLD, {"case": case_id}))


def _has_waiting(session: Session, case_id: int, receiver: str) -> bool:
    return session.scalar(_WAITING, {"case": case_id, "receiver": receiver}) is not None
