"""What waits for each step, and for how long: work rows, jobs of the PostgreSQL engine, deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, column, func, select, table
from sqlalchemy.orm import Session

from kintsugi.pipeline import STEPS
from storage.delivery import Delivery
from storage.work import Work

DELIVER = "deliver"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many subjects wait for a step, and since when the oldest could have been taken."""

    step: str
    items: int
    since: datetime | None


def backlog(session: Session, at: datetime, *, jobs: bool) -> Iterator[Waiting]:
    """Every step, with nothing waiting too. `jobs`: work also waits as Procrastinate jobs."""
    found: dict[str, list[Waiting]] = {}
    rows = session.execute(
        select(Work.step, func.count(), func.min(Work.due_at)).where(Work.state != "parked").group_by(Work.step)
    )
    for step, items, since in rows:
        found.setdefault(step, []).append(Waiting(step, items, since))
    items, since = session.execute(
        select(func.count(), func.min(Delivery.due_at)).where(Delivery.state == "due", Delivery.due_at <= at)
    ).one()
    found[DELIVER] = [Waiting(DELIVER, items, since)]
    for one in _jobs(session) if jobs else ():
        found.setdefault(one.step, []).append(one)
    for step in (*STEPS, DELIVER):
        parts = found.get(step, [])
        moments = [one.since for one in parts if one.since is not None]
        yield Waiting(step, sum(one.items for one in parts), min(moments, default=None))


def _jobs(session: Session) -> Iterator[Waiting]:
    """Jobs in line for the steps; deliveries have rows of their own and are counted by them."""
    from kintsugi.engines.line import JOBS, RANK

    events = table("procrastinate_events", column("job_id"), column("type"), column("at"))
    rows = session.execute(
        select(JOBS.c.task_name, func.sum(func.jsonb_array_length(JOBS.c.args["subjects"])), func.min(events.c.at))
        .join(events, (events.c.job_id == JOBS.c.id) & (cast(events.c.type, Text) == "deferred"))
        .where(JOBS.c.status == "todo", JOBS.c.task_name.in_([*STEPS, RANK]))
        .group_by(JOBS.c.task_name)
    )
    for name, items, since in rows:
        yield Waiting("assess" if name == RANK else name, int(items), since)
