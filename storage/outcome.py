"""Outcomes: how a recovery ended, always with its evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Row

OUTCOMES = ("recovered", "improved", "unchanged", "lost", "withdrawn", "not_a_case")


class Outcome(Row):
    """One finding about how a case ended. Late evidence adds a row; the newest counts (`case.outcome`)."""

    __tablename__ = "outcome"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    name: Mapped[str]
    # {"kind": "rating_up", "before": 1.0, "after": 4.0, "revision": 2} …; never a text.
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    found_at: Mapped[datetime]
