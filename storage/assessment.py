"""Assessments: what the model says of one revision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.mention import Revision
from storage.schema import Row

SEVERITIES = ("none", "minor", "major", "critical")
URGENCIES = ("low", "normal", "high")


class Assessment(Row):
    """The verdict on one revision, with the model that gave it. A new model adds no row: it replaces this one."""

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), unique=True)
    language: Mapped[str]
    sentiment: Mapped[str]  # negative, neutral, positive
    negative: Mapped[float]
    neutral: Mapped[float]
    positive: Mapped[float]
    topics: Mapped[list[Any]] = mapped_column(default=list)  # [{"name": …, "p": …}], strongest first
    emotion: Mapped[str]
    urgency: Mapped[str]
    severity: Mapped[str] = mapped_column(index=True)
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"text", "start", "end"} in code points
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    intent: Mapped[dict[str, Any] | None]  # {"label", "p"}; none where the model tells none
    next_step: Mapped[dict[str, Any] | None]  # {"label", "p"}: what the writer needs of us
    # [{"text", "start", "end", "mood", "p"}], those first that matter most: what is named as bad or good, and the
    # clauses that tell of it
    things: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    statements: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    model: Mapped[str]
    assessed_at: Mapped[datetime] = mapped_column(index=True)

    revision: Mapped[Revision] = relationship()


def severity_rank(severity: str) -> int:
    """0 for none … 3 for critical. An unknown word raises ValueError."""
    return SEVERITIES.index(severity)


_OF_REVISION = select(Assessment).where(Assessment.revision_id == bindparam("revision"))


def assessment_of(session: Session, revision_id: int) -> Assessment | None:
    """The assessment of one revision, if it was assessed."""
    return session.scalar(_OF_REVISION, {"revision": revision_id})
