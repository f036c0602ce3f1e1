"""Events that other programs sent to us: each is taken once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Row


class Intake(Row):
    """One event of one webhook source, with the account that its sender was answered."""

    __tablename__ = "intake"

    source: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime]
    account: Mapped[dict[str, Any]]
