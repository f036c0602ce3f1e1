"""Tasks of a case: the cause is removed (process recovery), the people who faced it are helped (employee recovery)."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from responder.cases.refused import Refused
from storage.case import Case
from storage.event import append_event, text_digest
from storage.task import TASK_KINDS, Task

LONGEST = 2000  # characters


def add_task(
    session: Session,
    case: Case,
    words: str,
    *,
    actor: str,
    at: datetime,
    kind: str = "process",
    assignee: str | None = None,
    due_at: datetime | None = None,
) -> Task | Refused:
    """Something to do for this case. It may stay open when the case is closed: removing a cause takes longer."""
    if kind not in TASK_KINDS:
        return Refused("unknown_kind", f"{kind!r} is no kind of task: use one of {', '.join(TASK_KINDS)}")
    if not words.strip():
        return Refused("empty", "the task is empty: say what to do")
    if len(words) > LONGEST:
        return Refused("too_long", f"the task has {len(words)} characters: at most {LONGEST} are kept")
    task = Task(
        case_id=case.id,
        kind=kind,
        text=words.strip(),
        salt=secrets.token_hex(8),
        assignee=assignee,
        due_at=due_at,
        made_by=actor,
        made_at=at,
    )
    session.add(task)
    session.flush()
    data = {"task": task.id, "kind": kind, "assignee": assignee, "text": text_digest(task.text, task.salt)}
    append_event(session, case.id, "task_added", actor=actor, at=at, data=data)
    return task


def finish_task(session: Session, task: Task, *, actor: str, at: datetime) -> Task:
    """It is done. Saying so twice changes nothing."""
    if task.done_at is None:
        task.done_at, task.done_by = at, actor
        append_event(session, task.case_id, "task_done", actor=actor, at=at, data={"task": task.id, "kind": task.kind})
    return task
