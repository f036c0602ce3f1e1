"""The line of the PostgreSQL engine: work as Procrastinate jobs, deferred on the connection of the rows it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from procrastinate import App, SyncPsycopgConnector
from procrastinate.jobs import Job
from sqlalchemy import column, delete, func, select, table
from sqlalchemy.dialects.postgresql import ENUM, JSONB
from sqlalchemy.orm import Session

from kintsugi.steps.ranking import AT_ONCE, ranked_by_severity
from storage.delivery import Delivery
from storage.work import FIRST, NEW

BATCH = 64
MANY = 4 * BATCH  # subjects
RANK = "rank"  # the kind of job that puts what is to be assessed in order
# Steps whose subjects are processed together; of others each subject is a job, behind the lock that keeps its order.
TOGETHER = ("assess", "qualify")
LOCKS = {"route": "case", "refresh": "case"}
URGENT = 10  # nothing that was assessed waits for what was not
FIRST_OF_ALL = 10  # more: what is critical is decided about before what is not
DRAWING = timedelta(seconds=5)  # a picture is drawn after the commit that announces its message

# What we look at ourselves of Procrastinate's table.
JOBS = table(
    "procrastinate_jobs",
    column("id"),
    column("task_name"),
    column("status", ENUM("todo", "doing", name="procrastinate_job_status", create_type=False)),
    column("priority"),
    column("queue_name"),
    column("queueing_lock"),
    column("args", JSONB),
)


class ProcrastinateLine:
    """Puts jobs in line inside the caller's transaction: rolled back with it, seen by the workers when it commits."""

    def __init__(self) -> None:
        # Never opened: it only writes on the connections of our sessions.
        self._manager = App(connector=SyncPsycopgConnector()).job_manager

    def put(self, session: Session, step: str, subjects: Sequence[int]) -> None:
        """See storage.line."""
        jobs: list[Job] = []
        for rank, some in (ranked_by_severity(session, subjects) if step == "qualify" else {NEW: subjects}).items():
            jobs += step_jobs(step, some, before=FIRST_OF_ALL if rank == FIRST else 0)
        self.defer(session, jobs)

    def announce(self, session: Session, deliveries: Iterable[int]) -> None:
        """See storage.line."""
        rows = session.execute(
            select(Delivery.id, Delivery.case_id, Delivery.customer_facing, Delivery.priority, Delivery.payload).where(
                Delivery.id.in_(list(deliveries))
            )
        )
        later = datetime.now(UTC) + DRAWING
        self.defer(
            session,
            [
                job(
                    "deliver",
                    "publish" if row.customer_facing else "deliver",
                    {"delivery": row.id},
                    lock=f"case:{row.case_id}" if row.case_id is not None else None,
                    queueing_lock=f"delivery:{row.id}",
                    priority=URGENT + row.priority,
                    scheduled_at=later if "image" in row.payload else None,
                )
                for row in rows
            ],
        )

    def defer(self, session: Session, jobs: list[Job]) -> None:
        """Puts these jobs in line with the session's commit."""
        if jobs:
            session.flush()
            self._manager.batch_defer_jobs(jobs, connection=session.connection().connection.driver_connection)


def job(
    task: str,
    queue: str,
    arguments: dict[str, object],
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    priority: int = 0,
    scheduled_at: datetime | None = None,
) -> Job:
    """One job, not in line yet."""
    return Job(
        id=None,
        queue=queue,
        lock=lock,
        queueing_lock=queueing_lock,
        task_name=task,
        task_kwargs=arguments,  # type: ignore[arg-type]  # our arguments are JSON
        priority=priority,
        scheduled_at=scheduled_at,
    )


def step_jobs(step: str, subjects: Sequence[int], *, before: int = 0) -> Iterator[Job]:
    """The jobs of a step over these subjects, as much more urgent as `before` says.

    Many that come at once are first put in order, by a job of its own.
    """
    if step == "assess" and len(subjects) > MANY:
        for at in range(0, len(subjects), AT_ONCE):
            yield job(RANK, "assess", {"subjects": list(subjects[at : at + AT_ONCE])}, priority=NEW - FIRST)
        return
    if step in TOGETHER:
        queue, priority = ("assess", 0) if step == "assess" else ("alert", URGENT + before)
        for at in range(0, len(subjects), BATCH):
            yield job(step, queue, {"subjects": list(subjects[at : at + BATCH])}, priority=priority)
        return
    for subject in subjects:
        lock = f"{LOCKS.get(step, 'mention')}:{subject}"
        yield job(step, "alert", {"subjects": [subject]}, lock=lock, priority=URGENT)


def ranked_jobs(ranks: Mapping[int, Sequence[int]]) -> Iterator[Job]:
    """The jobs of an assessment whose order is decided; those without a rank stand between the first and the rest."""
    for rank, subjects in ranks.items():
        for at in range(0, len(subjects), BATCH):
            yield job("assess", "assess", {"subjects": list(subjects[at : at + BATCH])}, priority=NEW - rank)


def absorb(session: Session, step: str, limit: int) -> list[int]:
    """Subjects of further waiting jobs of this step, taken over in this transaction: batches go across sources."""
    if limit <= 0:
        return []
    waiting = (
        select(JOBS.c.id, func.jsonb_array_length(JOBS.c.args["subjects"]).label("size"))
        .where(JOBS.c.task_name == step, JOBS.c.status == "todo")
        .order_by(JOBS.c.priority.desc(), JOBS.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    chosen = []
    for job_id, size in session.execute(waiting):
        if size > limit:
            break
        chosen.append(job_id)
        limit -= size
    if not chosen:
        return []
    taken = session.scalars(delete(JOBS).where(JOBS.c.id.in_(chosen)).returning(JOBS.c.args["subjects"]))
    return [subject for subjects in taken for subject in subjects]
