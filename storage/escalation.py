"""Escalations: who is told next when nobody acknowledges. The plan is frozen when the case opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class EscalationStep(Row):
    """One step of the plan of one case. `ended` says what became of it; None: it is still to come."""

    __tablename__ = "escalation_step"
    __table_args__ = (UniqueConstraint("case_id", "number"), Index(None, "ended", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]  # 1, 2, 3 …
    tell: Mapped[str]  # person:U…, receiver:quality, on_call:front-desk
    wait: Mapped[int]  # seconds of business time after the step before it
    due_at: Mapped[datetime]
    ended: Mapped[str | None]  # told, acknowledged, nobody
    ended_at: Mapped[datetime | None]
    alarmed_at: Mapped[datetime | None]  # when the watchdog told the operator that it did not run


def steps_of(session: Session, case_id: int) -> list[EscalationStep]:
    """The plan of a case, in order."""
    query = select(EscalationStep).where(EscalationStep.case_id == case_id).order_by(EscalationStep.number)
    return list(session.scalars(query))


def due_steps(session: Session, at: datetime) -> list[EscalationStep]:
    """Steps that should run now, the oldest first."""
    query = select(EscalationStep).where(EscalationStep.ended.is_(None), EscalationStep.due_at <= at)
    return list(session.scalars(query.order_by(EscalationStep.due_at, EscalationStep.id)))
