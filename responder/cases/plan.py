"""What a resolution plans: the dates on which the case is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from storage.assessment import severity_rank
from storage.case import Case
from storage.follow_up import FollowUp, follow_ups_of


def plan_follow_ups(session: Session, case: Case, at: datetime, settings: Settings) -> list[FollowUp]:
    """One look at each date of `follow_up.after`.

    Major and critical cases are asked by a lead at the first of them and thanked at the last.
    """
    dates = sorted(at.astimezone(UTC) + after for after in settings.follow_up.after)
    wanted = [("look", due) for due in dates]
    if dates and severity_rank(case.severity) >= severity_rank("major"):
        wanted += [("lead", dates[0]), ("thanks", dates[-1])]
    known = {(row.kind, row.due_at) for row in follow_ups_of(session, case.id)}
    rows = [FollowUp(case_id=case.id, kind=kind, due_at=due) for kind, due in wanted if (kind, due) not in known]
    session.add_all(rows)
    session.flush()
    return rows


def cancel_follow_ups(session: Session, case: Case, at: datetime) -> None:
    """What was planned and not done will not be done: the case is open again, or closed."""
    undone = select(FollowUp).where(
        FollowUp.case_id == case.id, FollowUp.done_at.is_(None), FollowUp.cancelled_at.is_(None)
    )
    for row in session.scalars(undone):
        row.cancelled_at = at
