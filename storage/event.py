"""The event log: the timeline of every case, append-only, one chain a case by keyed hash.

Each event carries HMAC-SHA256(key, canonical JSON of the event and of the digest before it). Events hold salted
digests of personal text, never the text, so that an erasure leaves every chain whole. A chain alone cannot show
that its tail was cut; the daily root (storage.log) over all heads, kept outside the database, can.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.case import Case
from storage.schema import Row
from storage.webhook_out import tell_of_event

LOG_KEY = "log_key"  # where storage.database keeps the key in `session.info`


class Event(Row):
    """One line of a case's timeline."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]  # 1, 2, 3 … within the case
    kind: Mapped[str]
    actor: Mapped[str]  # a person id, or system
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str]

    def expected_digest(self, key: bytes, previous: str) -> str:
        """What `digest` must be when `previous` is the digest of the event before it ("" before the first)."""
        body = {
            "case": self.case_id,
            "number": self.number,
            "kind": self.kind,
            "actor": self.actor,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "data": self.data,
            "previous": previous,
        }
        return hmac.new(key, canonical_json(body), hashlib.sha256).hexdigest()


def canonical_json(value: Any) -> bytes:
    """One spelling for one value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def text_digest(text: str, salt: str) -> str:
    """What an event may keep of a personal text: once the salt is erased nobody can guess the text back."""
    return hashlib.sha256(f"{salt}\x00{text}".encode()).hexdigest()


_EVENTS = select(Event).where(Event.case_id == bindparam("case")).order_by(Event.number)
_LAST = _EVENTS.order_by(None).order_by(Event.number.desc()).limit(1)


def append_event(
    session: Session, case_id: int, kind: str, *, actor: str, at: datetime, data: dict[str, Any] | None = None
) -> Event:
    """Adds the next event of a case. Call it inside the transaction of the change that it tells."""
    if session.get_bind().dialect.name != "sqlite":  # there a writer is alone anyway
        session.execute(select(Case.id).where(Case.id == case_id).with_for_update(key_share=True))
    last = session.scalar(_LAST, {"case": case_id})
    event = Event(
        case_id=case_id,
        number=last.number + 1 if last else 1,
        kind=kind,
        actor=actor,
        at=at,
        data=data or {},
        digest="",
    )
    event.digest = event.expected_digest(session.info[LOG_KEY], last.digest if last else "")
    session.add(event)
    session.flush()
    tell_of_event(session, event)
    return event


def events_of(session: Session, case_id: int) -> list[Event]:
    """The timeline of a case, oldest first."""
    return list(session.scalars(_EVENTS, {"case": case_id}))
