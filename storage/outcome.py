"""Outcomes: how a recovery ended, always with its evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.case import Case
from storage.event import append_event
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


def record_outcome(
    session: Session, case: Case, name: str, evidence: dict[str, Any], *, actor: str, at: datetime
) -> Outcome | None:
    """Adds a finding with its event; it counts from now on. None where the newest finding says the same.

    A case that was re-opened has no outcome: then the same finding is made anew.
    """
    if name not in OUTCOMES:
        raise ValueError(f"{name!r} is no outcome: use one of {', '.join(OUTCOMES)}")
    newest = latest_outcome(session, case.id)
    if newest is not None and case.outcome == newest.name == name and newest.evidence == evidence:
        return None
    found = Outcome(case_id=case.id, name=name, evidence=evidence, found_at=at)
    session.add(found)
    data = {"outcome": name, "before": case.outcome, "evidence": evidence}
    case.outcome = name
    append_event(session, case.id, "outcome", actor=actor, at=at, data=data)
    return found


def latest_outcome(session: Session, case_id: int) -> Outcome | None:
    """The finding that counts."""
    return session.scalar(select(Outcome).where(Outcome.case_id == case_id).order_by(Outcome.id.desc()).limit(1))
