"""Events that other programs sent to us: each is taken once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class Intake(Row):
    """One event of one webhook source, with the account that its sender was answered; or one message of Slack."""

    __tablename__ = "intake"

    source: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime]
    account: Mapped[dict[str, Any]]


def take_once(session: Session, source: str, event_id: str, at: datetime) -> bool:
    """Whether this event comes for the first time, which is noted. The caller holds what it is about."""
    if session.get(Intake, (source, event_id)) is not None:
        return False
    session.add(Intake(source=source, event_id=event_id, taken_at=at, account={}))
    session.flush()
    return True
