"""The PostgreSQL engine: any number of processes on any number of machines, over one database.

Every step is a Procrastinate job that was put in line in the transaction of the rows it is about. A process that
dies is noticed by its missing heartbeat, and what it had in hand is taken up by another; every job may run twice.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import make_url

from kintsugi.app import App
from kintsugi.engines.jobs import job_app
from kintsugi.engines.line import ProcrastinateLine
from kintsugi.engines.tasks import Tasks
from storage.database import GIVES_UP

log = structlog.get_logger(__name__)
STALLED = 30.0  # seconds


@dataclass(frozen=True)
class Crew:
    """Queues that share so many threads."""

    queues: tuple[str, ...]
    threads: int
    rounds: bool = False


def crews_of(roles: Collection[str], cores: int) -> list[Crew]:
    """What a process of these roles works on. Assessment takes one thread: a core more is a process more."""
    crews = []
    if "worker" in roles:
        crews.append(Crew(("alert", "deliver", "publish", "report"), 6, rounds=True))
        crews.append(Crew(("assess",), 1))
    if "crawler" in roles:
        crews.append(Crew(("crawl",), 2 * cores))
    return crews


class PostgresEngine:
    """Works on the queues of some roles until it is told to stop.

    `stalled` seconds without a heartbeat are a death. Without `rounds` somebody else says when to look at what is due.
    """

    def __init__(self, app: App, roles: Collection[str], *, stalled: float = STALLED, rounds: bool = True) -> None:
        self._app, self._stalled, self._rounds = app, stalled, rounds
        self._crews = crews_of(roles, len(os.sched_getaffinity(0)))
        self._tasks = Tasks(app, ProcrastinateLine())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine")
        self._working: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins to work, in a thread of its own."""
        if any("assess" in crew.queues for crew in self._crews):
            context = self._app.context()
            context.assessor()  # a missing model must stop the start, not park every mention
            context.playbooks()
        assert self._app.database.path is None  # opened, migrated and with its job tables before anything works
        if self._crews:  # of the role web alone nothing works here
            self._thread.start()

    def stop(self) -> None:
        """Takes nothing new, finishes what is in hand, and returns."""
        if not self._crews:
            self._loop.close()
            return
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()

    def _cancel(self) -> None:
        for work in self._working:
            work.cancel()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # One thread for each job that may run; the crawling children live as long as the thread that started them.
        self._loop.set_default_executor(ThreadPoolExecutor(max(1, sum(crew.threads for crew in self._crews))))
        self._working = [self._loop.create_task(self._work(crew)) for crew in self._crews]
        try:
            self._loop.run_until_complete(asyncio.gather(*self._working, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()

    async def _work(self, crew: Crew) -> None:
        """Works until cancelled. Where the database goes away, it waits until it is there again."""
        while True:
            app = job_app(
                self._tasks,
                conninfo(self._app.database.url),
                rounds=crew.rounds and self._rounds,
                stalled=self._stalled,
            )
            try:
                async with app.open_async():
                    await app.run_worker_async(
                        queues=list(crew.queues),
                        concurrency=crew.threads,
                        delete_jobs="always",  # what failed for good is parked as a row of ours
                        install_signal_handlers=False,
                        update_heartbeat_interval=self._stalled / 6,
                        stalled_worker_timeout=self._stalled,
                    )
            except Exception as error:
                log.warning("the database is away", queues=crew.queues, error=error)
            await asyncio.sleep(1.0)


def conninfo(url: str) -> str:
    """What libpq calls the database of this SQLAlchemy URL."""
    bare = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return make_conninfo(bare, **GIVES_UP)
