"""The Procrastinate applications of a worker process: the kinds of job, and what comes round of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg import OperationalError
from psycopg.errors import RaiseException

from kintsugi.engines.line import RANK
from kintsugi.engines.tasks import Tasks, lost
from kintsugi.pipeline import STEPS

log = structlog.get_logger(__name__)

NEWER = timedelta(seconds=30)  # what this version does not know waits so long for one that does
# How often what is looked at, as cron expressions whose sixth field are seconds.
COMES_ROUND = {
    "look": ("* * * * * */2", "alert"),
    "crawls": ("* * * * * */5", "alert"),
    "tick": ("* * * * * */30", "report"),
    "settle": ("* * * * * */30", "deliver"),
    "drafts": ("* * * * * */5", "report"),
}


def job_app(tasks: Tasks, conninfo: str, *, rounds: bool, stalled: float) -> App:
    """An application over all kinds of job; with `rounds` it also puts in line what comes round of itself.

    A process without a heartbeat for `stalled` seconds counts as dead.

    Any number of processes may do that: Procrastinate makes each round once for all of them.
    """
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4))
    app.job_manager = PatientManager(app)
    for name in STEPS:
        app.task(name=name, retry=_Retry(), pass_context=True)(partial(_step, tasks, name))
    app.task(name=RANK, retry=_Retry())(tasks.rank)
    app.task(name="deliver")(tasks.deliver)
    app.task(name="crawl")(tasks.crawl)
    for name, (cron, queue) in COMES_ROUND.items():
        # A lock and a queueing lock: one runs, one may wait.
        task = app.task(name=name, queue=queue, lock=name, queueing_lock=name, priority=100)(
            partial(_round, getattr(tasks, name))
        )
        if rounds:
            app.periodic(cron=cron)(task)
    # Without a lock: where the process that held it died, this is what lets go of it.
    found = app.task(name="stalled", queue="alert", queueing_lock="stalled", priority=1000, pass_context=True)(
        partial(_retry_stalled, stalled)
    )
    if rounds:
        app.periodic(cron=f"* * * * * */{max(1, int(stalled) // 3)}")(found)
    return app


def _step(tasks: Tasks, name: str, context: JobContext, subjects: list[int]) -> None:
    tasks.step(name, subjects, context.job.attempts)


def _round(look: Callable[[], None], timestamp: int) -> None:  # noqa: ARG001  # Procrastinate names the round
    look()


async def _retry_stalled(stalled: float, context: JobContext, timestamp: int) -> None:  # noqa: ARG001
    """Puts jobs back in line whose process sends no heartbeat any more."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=stalled):
        log.warning("a process ended in the middle", task=job.task_name, arguments=job.task_kwargs)
        try:
            await manager.retry_job(job)
        except ConnectorException as error:
            # The same is in line already, and must be let in.
            log.info("not put back", task=job.task_name, error=repr(error))
            await manager.finish_job(job, Status.FAILED, delete_job=True)


class _Retry(BaseRetryStrategy):
    """After 4, 16, 64 … seconds; soon where only the database was away. `Tasks.step` parks what fails too often."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """When the job is tried again."""
        return RetryDecision(retry_in={"seconds": 4 if lost(exception) else 4 ** (job.attempts + 1)})


class PatientManager(JobManager):
    """Says how a job ended even if the database was away at that moment.

    Without it the job would stay "doing" under a process that lives, and nobody would ever take it up again. Where
    the process was late with its heartbeat and counted as dead, the job is somebody else's by now, which is no error.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app.connector)
        self._known = app.tasks

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """As in JobManager, for as long as it takes. A job of a kind that only a newer version knows waits for one."""
        if job.task_name not in self._known:
            await self.retry_job(job, retry_at=datetime.now(UTC) + NEWER)
            return
        await _patiently(partial(super().finish_job, job, status, delete_job))

    async def retry_job(self, *given: Any, **named: Any) -> None:
        """As in JobManager, for as long as it takes."""
        await _patiently(partial(super().retry_job, *given, **named))


async def _patiently(say: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await say()
            return
        except ConnectorException as error:
            if isinstance(error.__cause__, RaiseException):
                log.info("no longer ours", error=str(error.__cause__).splitlines()[0])
                return
            if not isinstance(error.__cause__, OperationalError):
                raise
            log.warning("the database is away", error=str(error.__cause__))
            await asyncio.sleep(1.0)
