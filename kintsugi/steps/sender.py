"""Sends what is due: claim, commit, call the receiver outside any transaction, record what came of it.

The state of a delivery decides what a crash can do. Before the claim is committed nothing went out; after it the
delivery is *unclear* until the receiver was asked. Receivers that can be asked show each delivery once. One that
cannot is told again if only colleagues read it; what a customer would see is parked for a person.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from alerts.notify import tell_elsewhere
from alerts.receivers.receiver import Asked, Permanent, Receiver, Result, Sent, Temporary
from alerts.view import CaseView, view_digest
from kintsugi.context import Context
from kintsugi.metrics.steps import measured
from kintsugi.steps.asking import PURPOSE, deliver_question
from kintsugi.steps.programs import tell
from kintsugi.steps.publishing import PURPOSES, deliver_reply, settle_claim
from kintsugi.views.caseview import view_of
from kintsugi.views.subjects import DELIVER
from storage.alert import Message
from storage.database import Database
from storage.delivery import (
    Delivery,
    claim_delivery,
    due_deliveries,
    make_delivery,
    receipt_of,
    record_due_again,
    record_permanent,
    record_sent,
    record_temporary,
    record_unclear,
    stale_claims,
)
from storage.webhook_out import PURPOSE as PROGRAM

log = structlog.get_logger(__name__)
Views = dict[int, CaseView]

_MESSAGE = select(Message).where(Message.case_id == bindparam("case"), Message.receiver == bindparam("receiver"))


def send_due(database: Database, receivers: dict[str, Receiver], context: Context, limit: int = 50) -> int:
    """Sends up to `limit` due deliveries, critical ones first. Returns how many were tried."""
    with database.read() as session:
        due = due_deliveries(session, context.at, limit)
    views: Views = {}
    for delivery_id in due:
        send(database, receivers, context, delivery_id, views)
    return len(due)


def send(
    database: Database,
    receivers: dict[str, Receiver],
    context: Context,
    delivery_id: int,
    views: Views | None = None,
) -> None:
    """Sends one delivery, unless another sender got there first.

    views: cases as they were read for other deliveries of this moment; what a case has to tell is often told several
    times at once (its message, a reply in its thread, another receiver), and reading it is most of the work.
    """
    views = {} if views is None else views
    with database.write() as session:
        if not claim_delivery(session, delivery_id, context.at):
            return
        purpose = session.get_one(Delivery, delivery_id).purpose
    try:
        with measured(database, context.traces, DELIVER, [delivery_id]):
            if purpose in PURPOSES:
                deliver_reply(database, context, delivery_id)
                views.clear()  # a published reply moves its case
            elif purpose == PURPOSE:
                deliver_question(database, context, delivery_id)
            elif purpose == PROGRAM:
                _tell_program(database, context, delivery_id)
            else:
                _deliver(database, receivers, context, delivery_id, views)
    except Exception as error:
        log.error("delivery failed", delivery=delivery_id, purpose=purpose, error=error, exc_info=error)
        with database.write() as session:
            _interrupted(session, session.get_one(Delivery, delivery_id), context, error)


def _interrupted(session: Session, delivery: Delivery, context: Context, error: Exception) -> None:
    """Something nobody foresaw stopped a sender: nobody knows whether it went out, and its claim must not stay open."""
    why = f"{type(error).__name__}: {error}"
    if delivery.state != "claimed":
        return  # what came of it was written down before
    if delivery.purpose in PURPOSES:
        settle_claim(session, delivery, context)
    elif delivery.customer_facing:
        record_unclear(delivery, f"{why}; it may have gone out: ask the customer's side, then retry or leave it")
    else:
        record_temporary(delivery, context.at, why, unclear=True)


def _tell_program(database: Database, context: Context, delivery_id: int) -> None:
    result = tell(database, context, delivery_id)
    with database.write() as session:
        _record(session, session.get_one(Delivery, delivery_id), result, context, shown="")


def settle_unclear(database: Database, receivers: dict[str, Receiver], context: Context, *, all_claims: bool) -> int:
    """Decides what became of claims that nobody finished: all of them at the start of the only process."""
    with database.read() as session:
        stale = stale_claims(session, None if all_claims else context.at)
    for delivery_id in stale:
        with database.read() as session:
            delivery = session.get_one(Delivery, delivery_id)
            address = _address(session, delivery, _message(session, delivery))
        result = _asked(receivers.get(delivery.receiver), delivery, address)
        try:
            with database.write() as session:
                # While it was asked for, its sender may have come back after all.
                if delivery_id in stale_claims(session, None if all_claims else context.at):
                    _settle(session, session.get_one(Delivery, delivery_id), result, context)
        except Exception as error:
            log.error("claim not settled", delivery=delivery_id, error=error, exc_info=error)
            with database.write() as session:
                record_unclear(session.get_one(Delivery, delivery_id), f"{type(error).__name__}: {error}")
    return len(stale)


def _settle(session: Session, delivery: Delivery, result: Sent | Temporary | None, context: Context) -> None:
    if delivery.purpose in PURPOSES:
        settle_claim(session, delivery, context)
    elif result is not None:
        _record(session, delivery, result, context, shown="")
    elif delivery.customer_facing:
        record_unclear(delivery, "the process ended while it was being published; look at the site, then retry")
    else:
        record_due_again(delivery)


def _asked(receiver: Receiver | None, delivery: Delivery, address: dict[str, Any] | None) -> Sent | Temporary | None:
    """Whether the receiver has the delivery; None where it says no or cannot be asked."""
    if not isinstance(receiver, Asked):
        return None
    try:
        found = receiver.find(delivery.key, delivery.made_at, address)
    except Exception as error:
        if not isinstance(error, ConnectionError):
            log.error("receiver failed", receiver=delivery.receiver, key=delivery.key, exc_info=error)
        return Temporary(f"asked whether it arrived, no answer: {error}", unclear=True)
    return Sent(found) if found is not None else None


def _deliver(
    database: Database, receivers: dict[str, Receiver], context: Context, delivery_id: int, views: Views
) -> None:
    with database.read() as session:
        delivery = session.get_one(Delivery, delivery_id)
        view = None
        if delivery.case_id is not None:
            view = views.get(delivery.case_id) or view_of(
                session, delivery.case_id, context.settings, context.channels()
            )
            views[delivery.case_id] = view
        message = _message(session, delivery)
        told = _before(session, delivery, message)
        address = _address(session, delivery, message)
    digest = view_digest(view) if view is not None else ""
    if told is None and delivery.purpose == "case_edit" and message is not None and message.shown == digest:
        told = Sent(dict(message.address))  # an earlier edit showed this already
    result = told or _told(receivers.get(delivery.receiver), delivery, view, address)
    with database.write() as session:
        _record(session, session.get_one(Delivery, delivery_id), result, context, digest)


def _before(session: Session, delivery: Delivery, message: Message | None) -> Result | None:
    """What follows a case's message waits for it, and is nothing where that message never came or is gone."""
    if delivery.purpose not in ("case_edit", "thread", "erase") or message is not None or delivery.case_id is None:
        return None
    first = session.scalar(
        select(Delivery).where(
            Delivery.case_id == delivery.case_id,
            Delivery.receiver == delivery.receiver,
            Delivery.purpose == "case_message",
        )
    )
    if first is not None and first.state in ("due", "claimed"):
        return Temporary("waits for the message of the case")
    return Sent({})


def _address(session: Session, delivery: Delivery, message: Message | None) -> dict[str, Any] | None:
    """Where the message is that this delivery edits or answers."""
    return receipt_of(session, delivery.payload.get("of")) or (dict(message.address) if message is not None else None)


def _told(
    receiver: Receiver | None,
    delivery: Delivery,
    view: CaseView | None,
    address: dict[str, Any] | None,
) -> Result:
    if receiver is None:
        return Permanent(f"there is no receiver {delivery.receiver!r} in the configuration any more")
    if delivery.unclear:
        known = _asked(receiver, delivery, address)
        if known is not None:
            return known
    try:
        return receiver.deliver(delivery.key, delivery.purpose, delivery.payload, view, address)
    except Exception as error:
        log.error("receiver failed", receiver=delivery.receiver, key=delivery.key, exc_info=error)
        return Temporary(f"{type(error).__name__}: {error}", unclear=True)


def _message(session: Session, delivery: Delivery) -> Message | None:
    """The living message that this delivery edits, answers or takes away."""
    if delivery.case_id is None:
        return None
    return session.scalar(_MESSAGE, {"case": delivery.case_id, "receiver": delivery.receiver})


def _record(session: Session, delivery: Delivery, result: Result, context: Context, shown: str) -> None:
    at = context.at
    if isinstance(result, Temporary):
        record_temporary(delivery, at, result.error, result.retry_after, unclear=result.unclear)
    elif isinstance(result, Permanent):
        record_permanent(delivery, result.error)
        log.error("delivery given up", key=delivery.key, receiver=delivery.receiver, error=result.error)
        if result.elsewhere:
            tell_elsewhere(session, delivery, context.tree(), context.settings, at)
    else:
        record_sent(delivery, at, result.address)
        _keep_message(session, delivery, result.address, at, shown)
        _follow_with_pictures(session, delivery, result.address, at)


def _follow_with_pictures(session: Session, delivery: Delivery, address: dict[str, Any], at: datetime) -> None:
    """Pictures stand in the thread of their notice, each a delivery of its own: a death between two loses none."""
    images = [delivery.payload.get("image"), *(delivery.payload.get("images") or ())]
    if delivery.purpose != "notice" or not address.get("ts"):
        return  # edited, or told where there are no threads
    for image in filter(None, images):
        payload = {"of": delivery.key, "picture": image, "title": delivery.payload.get("title", "")}
        key = f"{delivery.key}:{Path(str(image)).stem}"
        make_delivery(session, key, receiver=delivery.receiver, purpose="picture", payload=payload, at=at)


def _keep_message(session: Session, delivery: Delivery, address: dict[str, Any], at: datetime, shown: str) -> None:
    message = _message(session, delivery)
    if delivery.purpose == "erase" and message is not None:
        session.delete(message)
    elif delivery.purpose not in ("case_message", "case_edit") or delivery.case_id is None or not address:
        return
    elif message is None:
        session.add(
            Message(case_id=delivery.case_id, receiver=delivery.receiver, address=address, shown=shown, posted_at=at)
        )
    else:
        message.address, message.shown, message.edited_at = address, shown, at
