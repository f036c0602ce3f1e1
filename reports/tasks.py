"""Process recovery and employee recovery: tasks that remove causes and help the people who faced the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from reports.cohort import within_scope
from reports.period import Period
from reports.scope import Scope
from storage.case import Case
from storage.task import Task

KINDS = ("process", "staff", "customer")  # steps of a playbook are no recovery of their own


@dataclass(frozen=True)
class TaskLine:
    """Tasks of one kind: made and done in the period; open and overdue now."""

    kind: str
    made: int
    done: int
    open: int
    overdue: int


def tasks(session: Session, period: Period, scope: Scope, at: datetime) -> list[TaskLine]:
    """The tasks of each kind."""

    query = select(
        Task.kind,
        _counted((Task.made_at >= period.start) & (Task.made_at < period.end)),
        _counted((Task.done_at >= period.start) & (Task.done_at < period.end)),
        _counted(Task.done_at.is_(None)),
        _counted(Task.done_at.is_(None) & (Task.due_at < at)),
    ).where(Task.kind.in_(KINDS))
    if not scope.whole:
        query = query.where(Task.case_id.in_(within_scope(select(Case.id), scope)))
    rows = {row[0]: row for row in session.execute(query.group_by(Task.kind))}
    return [TaskLine(kind, *(int(value or 0) for value in rows[kind][1:])) for kind in KINDS if kind in rows]


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
