"""Corrections: what a person says about a mention where the model said something else. Training learns from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row

CORRECTED = ("sentiment", "topics", "severity", "not_a_case")


class Correction(Row):
    """One corrected field of one revision. The newest of a field counts; the assessment stays what the model said."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    field: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"value": …}
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"value": …}
    model: Mapped[str | None]  # the model that was corrected
    by: Mapped[str]
    at: Mapped[datetime]


def corrections_of(session: Session, revision_id: int) -> dict[str, Any]:
    """What people say of a revision, by field; empty where nobody corrected anything."""
    rows = session.scalars(select(Correction).where(Correction.revision_id == revision_id).order_by(Correction.id))
    return {row.field: row.after["value"] for row in rows}
