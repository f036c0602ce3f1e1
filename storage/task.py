"""Tasks: what has to be done so that it does not happen again ("fix the shower in 412")."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row

# process: the cause is removed; staff: the people who faced it are helped; customer: something towards the customer;
# step: a step of the playbook.
TASK_KINDS = ("process", "staff", "customer", "step")


class Task(Row):
    """One thing to do for a case, by somebody, until a moment."""

    __tablename__ = "task"
    __table_args__ = (Index(None, "done_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str]
    salt: Mapped[str]
    assignee: Mapped[str | None]  # person id
    due_at: Mapped[datetime | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    done_by: Mapped[str | None]
    done_at: Mapped[datetime | None]


_TASKS = select(Task).where(Task.case_id == bindparam("case")).order_by(Task.id)


def tasks_of(session: Session, case_id: int) -> list[Task]:
    """The tasks of a case in the order in which they were made."""
    return list(session.scalars(_TASKS, {"case": case_id}))
