"""Follow-ups: the dates on which a resolved case is looked at again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row

# look: what does the review say now? (the service does it); lead: a lead asks in person; thanks: a thank-you note.
FOLLOW_UP_KINDS = ("look", "lead", "thanks")


class FollowUp(Row):
    """One date after a resolution. Re-opening the case cancels what was not done."""

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("case_id", "kind", "due_at"), Index(None, "done_at", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str]
    due_at: Mapped[datetime]
    called_at: Mapped[datetime | None]  # when the case's thread said that a person should do it
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]


_FOLLOW_UPS = (
    select(FollowUp)
    .where(FollowUp.case_id == bindparam("case"), FollowUp.cancelled_at.is_(None))
    .order_by(FollowUp.due_at, FollowUp.id)
)


def follow_ups_of(session: Session, case_id: int) -> list[FollowUp]:
    """The follow-ups of a case in the order in which they are due, cancelled ones left out."""
    return list(session.scalars(_FOLLOW_UPS, {"case": case_id}))
