"""Webhooks out: addresses of other programs that are told what happens to cases and spikes.

An event of the log or of a spike makes one delivery for each address that asked for it, in the same transaction. What
is sent names the case and what happened and holds no words of anybody: whoever may read them asks the API.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.delivery import Delivery, make_delivery
from storage.schema import Row

EVENTS = ("case.opened", "case.changed", "outcome.recorded", "spike.opened", "spike.closed")
PURPOSE = "program"
_NAMES = {"opened": "case.opened", "outcome": "outcome.recorded"}  # of the log's kinds; all others change a case
_KNOWN = "webhooks_out"  # in `session.info`, for the length of one transaction


class WebhookOut(Row):
    """One address. Its secret is no column: it is made of the installation's key and `salt`."""

    __tablename__ = "webhook_out"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    events: Mapped[list[Any]] = mapped_column(default=list)  # of EVENTS
    note: Mapped[str]
    salt: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(16))
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def receiver(self) -> str:
        """How the delivery log calls it."""
        return f"webhook:{self.id}"

    def secret(self, key: bytes) -> str:
        """What signs its events, as Standard Webhooks write secrets. `key` is that of the event log."""
        digest = hmac.new(key, f"webhook-out\x00{self.salt}".encode(), hashlib.sha256).digest()
        return "whsec_" + base64.b64encode(digest).decode()


def live_webhooks(session: Session) -> list[WebhookOut]:
    """The addresses that are told now, oldest first."""
    return list(session.scalars(select(WebhookOut).where(WebhookOut.ended_at.is_(None)).order_by(WebhookOut.id)))


def tell_of_event(session: Session, event: Any) -> None:
    """Tells the programs of one event of the log (`storage.event.Event`)."""
    said = {"kind": event.kind, "number": event.number, "actor": event.actor, "data": event.data}
    name = _NAMES.get(event.kind, "case.changed")
    tell_programs(session, name, f"event:{event.id}", f"K-{event.case_id}", event.at, said)


def tell_programs(
    session: Session, name: str, key: str, subject: str, at: datetime, said: Mapping[str, Any]
) -> list[Delivery]:
    """One delivery for each address that asked for events of this name."""
    if _KNOWN not in session.info:
        session.info[_KNOWN] = [(one.id, tuple(one.events)) for one in live_webhooks(session)]
    wanted = [webhook for webhook, events in session.info[_KNOWN] if name in events]
    return [tell_program(session, webhook, name, key, subject, at, said) for webhook in wanted]


def tell_program(
    session: Session, webhook_id: int, name: str, key: str, subject: str, at: datetime, said: Mapping[str, Any]
) -> Delivery:
    """One delivery to one address, whatever it asked for."""
    payload = {"type": name, "subject": subject, "at": at.astimezone(UTC).isoformat(), "data": dict(said)}
    return make_delivery(
        session, f"hook:{webhook_id}:{key}", receiver=f"webhook:{webhook_id}", purpose=PURPOSE, payload=payload, at=at
    )
