"""What the PostgreSQL engine does when a job comes up: the steps, deliveries, crawls, and the looks at what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from sqlalchemy import String, cast, literal, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kintsugi.app import App
from kintsugi.context import Context
from kintsugi.engines.line import BATCH, JOBS, ProcrastinateLine, absorb, job, ranked_jobs
from kintsugi.metrics.steps import measured
from kintsugi.pipeline import STEPS, Next
from kintsugi.steps.crawling import close_cut_crawls, crawl, due_sources
from kintsugi.steps.improving import improve_drafts
from kintsugi.steps.pressure import pressure
from kintsugi.steps.ranking import ranked
from kintsugi.steps.sender import send, settle_unclear
from kintsugi.ticks import tick
from kintsugi.views.subjects import ids_of
from storage.alone import alone
from storage.delivery import Delivery
from storage.work import PARK_AFTER, add_work, park_work, take_due_work

log = structlog.get_logger(__name__)

LONGEST = timedelta(hours=1)  # that a crawl, or an intake of mentions, may take
DEATHS = 2 * PARK_AFTER  # of processes that worked on one job
TRIES = 3  # at once, when two transactions were in each other's way
# What looks at other cases or groups before it decides.
_ALONE = {"qualify": "cases", "withdraw": "cases", "answered": "cases", "route": "groups"}
# serialization_failure, deadlock_detected, unique_violation: another transaction was first, and now we can see it.
_IN_THE_WAY = ("40001", "40P01", "23505")


class Tasks:
    """The work of one installation, a function a kind of job. All may run twice."""

    def __init__(self, app: App, line: ProcrastinateLine) -> None:
        self._app, self._line = app, line

    def step(self, name: str, subjects: list[int], attempts: int) -> None:
        """One step. Raises what went wrong, to be tried again later; parks a subject that failed PARK_AFTER times."""
        if len(subjects) > 1:
            self._together(name, subjects, attempts)
            return
        try:
            if attempts >= DEATHS:
                raise RuntimeError(f"the process ended {attempts} times while it worked on this")
            self._run(name, subjects)
        except Exception as error:
            if lost(error) or attempts + 1 < PARK_AFTER:
                raise
            context = self._app.context()
            with self._app.database.write() as session:
                about = ids_of(session, name, subjects[0])
                log.error("parked", step=name, **about, error=error, exc_info=error)
                park_work(session, name, subjects[0], context.at, f"{type(error).__name__}: {error}")

    def rank(self, subjects: list[int]) -> None:
        """Puts in order what many new revisions ask of the model: what may be grave comes first."""
        with self._app.database.write() as session:
            self._line.defer(session, list(ranked_jobs(ranked(session, subjects))))

    def deliver(self, delivery: int) -> None:
        """Sends one delivery, unless another sender got there first."""
        send(self._app.database, self._app.receivers, self._app.context(), delivery)

    def crawl(self, source: str) -> None:
        """Crawls one source. Its lock is ours: what an earlier process left running was cut."""
        app = self._app
        if source not in app.settings.sources:
            return
        with app.database.write() as session:
            close_cut_crawls(session, app.clock.now(), source)
        crawl(app, [source])

    def look(self) -> None:
        """Puts in line what became due: deliveries, groups, and work that was left as rows (retried, or moved here)."""
        context = self._app.context()
        with self._app.database.write() as session:
            self._line.announce(session, _unannounced(session, context))
            for step, subjects in take_due_work(session, context.at).items():
                add_work(session, step, subjects, context.at)
        self._flush(context)

    def crawls(self) -> None:
        """Puts the sources in line whose time has come, unless the slowest stage is behind already."""
        with self._app.database.write() as session:
            # What was sent to a process that died is sent again, as another crawl; nobody would close the first one.
            close_cut_crawls(session, self._app.clock.now(), begun_before=self._app.clock.now() - LONGEST)
            behind = pressure(session, self._app.settings, self._app.clock.now())
            if behind is not None:
                log.warning("no crawl is started", step=behind.step, waiting=behind.waiting, limit=behind.limit)
                return
            crawling = set(session.scalars(select(JOBS.c.args["source"].astext).where(JOBS.c.task_name == "crawl")))
            due = due_sources(session, self._app.settings, self._app.clock.now())
            self._line.defer(session, [_crawl_job(key) for key in due if key not in crawling])

    def tick(self) -> None:
        """Notices what time alone brings."""
        tick(self._app)

    def drafts(self) -> None:
        """Asks a language model for better drafts, where one is configured."""
        improve_drafts(self._app)

    def settle(self) -> None:
        """Asks what became of deliveries whose sender did not come back."""
        settle_unclear(self._app.database, self._app.receivers, self._app.context(), all_claims=False)

    def _run(self, step: str, subjects: Sequence[int]) -> None:
        """One step with what follows from it in one transaction; assessment fills its batch from other sources."""
        for left in reversed(range(TRIES)):
            context, database, taken = self._app.context(), self._app.database, list(subjects)
            try:
                with measured(database, context.traces, step, taken), database.write() as session:
                    if step in _ALONE:
                        alone(session, _ALONE[step])
                    if step == "assess":
                        taken += absorb(session, step, BATCH - len(taken))
                    following: Next = STEPS[step](session, taken, context)
                    for name, ids in following.items():
                        add_work(session, name, ids, context.at)
                return
            except (DBAPIError, ConnectorException) as error:
                if not left or _state(error) not in _IN_THE_WAY:
                    raise

    def _together(self, step: str, subjects: list[int], attempts: int) -> None:
        """A batch; where it fails, each of its subjects for itself: a bad one must not hold up its neighbours."""
        try:
            if attempts < PARK_AFTER:
                self._run(step, subjects)
                return
        except Exception as error:
            if lost(error):
                raise
            log.warning("batch failed", step=step, subjects=len(subjects), error=error, exc_info=error)
        with self._app.database.write() as session:
            self._line.defer(session, [job(step, "alert", {"subjects": [subject]}) for subject in subjects])

    def _flush(self, context: Context) -> None:
        from alerts.routing.flush import flush_due
        from alerts.spikes.watch import incidents
        from storage.group import due_groups

        with self._app.database.read() as session:
            if not due_groups(session, context.at):
                return
        with self._app.database.write() as session:
            alone(session, _ALONE["route"])
            going_on = incidents(session, context.settings)
            flush_due(session, context.tree(), context.settings, context.at, going_on)


def _unannounced(session: Session, context: Context) -> list[int]:
    """Due deliveries for which no job waits: failed ones whose wait is over, and those made for later."""
    name = literal("delivery:") + cast(Delivery.id, String)
    waiting = select(JOBS.c.id).where(JOBS.c.queueing_lock == name, JOBS.c.status == "todo").exists()
    return list(
        session.scalars(
            select(Delivery.id)
            .where(Delivery.state == "due", Delivery.due_at <= context.at, ~waiting)
            .order_by(Delivery.priority.desc(), Delivery.id)
            .limit(500)
        )
    )


def _crawl_job(key: str) -> Job:
    lock = f"source:{key}"
    return job("crawl", "crawl", {"source": key}, lock=lock, queueing_lock=lock)


def _state(error: BaseException) -> str | None:
    """The SQLSTATE behind an error of SQLAlchemy or Procrastinate."""
    cause = error.orig if isinstance(error, DBAPIError) else error.__cause__
    return getattr(cause, "sqlstate", None)


def lost(error: BaseException) -> bool:
    """Whether the database was away, which is nobody's failure."""
    state = _state(error) if isinstance(error, DBAPIError | ConnectorException) else ""
    return (
        state is None or state[:2] in ("08", "57") or (isinstance(error, DBAPIError) and error.connection_invalidated)
    )
