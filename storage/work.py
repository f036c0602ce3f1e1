"""Work: what there is to do, as rows. A step may run twice; it must not have a second effect.

An engine with a line of its own (storage.line) takes it from there; then only what was parked has a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import BindParameter, Index, Table, UniqueConstraint, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.bulk import insert_rows
from storage.line import line_of
from storage.schema import Row

CLAIM = timedelta(minutes=10)
PARK_AFTER = 5  # failures
FIRST, NEW, MIDDLE, LAST = range(4)  # ranks: what waits for one step is taken in this order; new has none yet


class Work(Row):
    """One subject that one step has to process."""

    __tablename__ = "work"
    __table_args__ = (UniqueConstraint("step", "subject"), Index(None, "state", "step", "rank", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    subject: Mapped[int]  # id of the row that the step is about
    rank: Mapped[int] = mapped_column(default=NEW)
    state: Mapped[str] = mapped_column(default="due")  # due, claimed, parked
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]


_WORK = cast(Table, Work.__table__)
# Statements over the table, since no session holds these rows as objects; made once, since each batch asks them.
_C = _WORK.c
_AT: BindParameter[datetime] = bindparam("at")
_OURS = (_C.step == bindparam("of")) & _C.subject.in_(bindparam("subjects", expanding=True))
_WAITING = (_C.state == "due") & (_C.due_at <= _AT)
_FORSAKEN = (_C.state == "claimed") & (_C.claimed_until <= _AT)
_DUE_STEPS = select(_C.step).where(_WAITING | _FORSAKEN).distinct()
_NOT_RANKED = (
    select(_C.subject)
    .where(_C.state == "due", _C.step == bindparam("of"), _C.rank == NEW)
    .order_by(_C.due_at, _C.id)
    .limit(bindparam("most"))
)
_RANK = update(_WORK).where(_OURS, _C.state == "due").values(rank=bindparam("place"))
_NEXT = [  # one after the other, so that each follows the index
    select(_C.subject)
    .where(_C.step == bindparam("of"), state)
    .order_by(_C.rank, _C.due_at, _C.id)
    .limit(bindparam("most"))
    for state in (_WAITING, _FORSAKEN)
]
_CLAIM = (
    update(_WORK)
    .where(_OURS, _WAITING | _FORSAKEN)
    .values(state="claimed", claimed_until=bindparam("until"), attempts=_C.attempts + 1)
    .returning(_C.subject)
)
_FINISH = delete(_WORK).where(_OURS)


def add_work(session: Session, step: str, subjects: Iterable[int], due_at: datetime) -> None:
    """Puts subjects in line for a step. One that waits already is left as it is."""
    line = line_of(session)
    if line is not None:
        line.put(session, step, list(subjects))
        return
    alike = {"step": step, "rank": NEW, "state": "due", "due_at": due_at, "attempts": 0}
    insert_rows(session, _WORK, [{"subject": subject} for subject in subjects], alike=alike, skip_known=True)


def due_steps(session: Session, at: datetime) -> set[str]:
    """The steps that have something to do now."""
    return set(session.scalars(_DUE_STEPS, {"at": at}))


def not_ranked(session: Session, step: str, limit: int) -> list[int]:
    """The oldest subjects that wait for a step and have no rank yet."""
    return list(session.scalars(_NOT_RANKED, {"of": step, "most": limit}))


def rank_work(session: Session, step: str, subjects: Iterable[int], rank: int) -> None:
    """What still waits of these subjects is taken in this rank."""
    session.execute(_RANK, {"of": step, "subjects": list(subjects), "place": rank})


def claim_work(session: Session, step: str, at: datetime, limit: int) -> list[int]:
    """Subjects that this process now holds for a step: by rank, then oldest first. Commit, then work on them."""
    subjects: list[int] = []
    for some in _NEXT:
        subjects += session.scalars(some, {"of": step, "at": at, "most": limit - len(subjects)})
    taken = {"of": step, "subjects": subjects, "at": at, "until": at + CLAIM}
    claimed = set(session.scalars(_CLAIM, taken))
    return [subject for subject in subjects if subject in claimed]


def finish_work(session: Session, step: str, subjects: Iterable[int]) -> None:
    """Done: the rows go. Call it in the transaction of the step's own effect."""
    session.execute(_FINISH, {"of": step, "subjects": list(subjects)})


def release_claims(session: Session) -> None:
    """At the start of the only process of a database: nobody else can hold a claim."""
    session.execute(update(Work).where(Work.state == "claimed").values(state="due", claimed_until=None))


def fail_work(session: Session, step: str, subject: int, at: datetime, error: str) -> None:
    """Tries again after a growing wait, and parks the subject with its error after PARK_AFTER failures."""
    work = session.scalars(select(Work).where(Work.step == step, Work.subject == subject)).one()
    work.error = error
    work.claimed_until = None
    if work.attempts >= PARK_AFTER:
        work.state = "parked"
    else:
        work.state = "due"
        work.due_at = at + timedelta(seconds=5 * 4**work.attempts)


def park_work(session: Session, step: str, subject: int, at: datetime, error: str) -> None:
    """Parks what an engine with a line of its own could not process."""
    finish_work(session, step, [subject])
    session.add(Work(step=step, subject=subject, state="parked", due_at=at, attempts=PARK_AFTER, error=error))


def take_due_work(session: Session, at: datetime, limit: int = 1000) -> dict[str, list[int]]:
    """Takes due rows away for good and returns their subjects by step, for an engine that puts them in its own line."""
    rows = session.scalars(
        select(Work)
        .where(Work.state != "parked", Work.due_at <= at)
        .order_by(Work.due_at, Work.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    taken: dict[str, list[int]] = {}
    for work in rows:
        taken.setdefault(work.step, []).append(work.subject)
        session.delete(work)
    return taken
