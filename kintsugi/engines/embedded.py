"""The embedded engine: one process, work as rows, claimed a batch at a time.

A tick only asks the rows what is due. A crash loses nothing: claims of a process that died are released when the
next one starts, and every step may run twice.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import IO

import structlog

from kintsugi.app import App
from kintsugi.context import Context
from kintsugi.engines.already_running import AlreadyRunning
from kintsugi.engines.memory import give_back
from kintsugi.metrics.steps import measured
from kintsugi.pipeline import STEPS, Next, read_ahead
from kintsugi.steps.crawling import close_cut_crawls, crawl_due
from kintsugi.steps.pressure import pressure
from kintsugi.steps.ranking import AT_ONCE, ranked, ranked_by_severity
from kintsugi.steps.sender import send_due, settle_unclear
from kintsugi.ticks import tick
from kintsugi.views.subjects import ids_of
from storage.database import Database
from storage.delivery import due_deliveries, stale_claims
from storage.group import due_groups
from storage.work import (
    add_work,
    claim_work,
    due_steps,
    fail_work,
    finish_work,
    not_ranked,
    rank_work,
    release_claims,
)

log = structlog.get_logger(__name__)
AFTER = tuple(step for step in STEPS if step != "assess")
BATCH = 64
# Subjects of one transaction. The model reads texts of like length together: many at once cost less each. A case takes
# long to open, and whoever presses a button meanwhile waits for the end of the transaction.
SIZES = {"assess": 256, "open": 8}


RANKED = {"assess": ranked, "qualify": ranked_by_severity}


class EmbeddedEngine:
    """Runs the steps of one installation. `start` before anything else, `stop` at the end."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock: IO[str] | None = None
        self._stopping = False
        self._claiming = Lock()  # what one ranks and takes, the other need not look at

    def start(self) -> None:
        """Takes the database for this process and picks up what an earlier one left. Raises AlreadyRunning."""
        database = self._app.database
        if database.path is not None:
            self._lock = locked(database.path)
        context = self._app.context()
        context.assessor()  # a missing model must stop the start, not park every mention
        context.playbooks()  # nor may a misspelt one, and the first case must not wait for them
        with database.write() as session:
            release_claims(session)
            close_cut_crawls(session, context.at)
        settle_unclear(database, self._app.receivers, context, all_claims=True)

    def stop(self) -> None:
        """Asks loops to end after what is in hand."""
        self._stopping = True

    def close(self) -> None:
        """Lets go of the database."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def crawl(self) -> int:
        """Crawls the sources that are due, unless a later step is behind. Returns how many there were."""
        with self._app.database.read() as session:
            behind = pressure(session, self._app.settings, self._app.clock.now())
        if behind is not None:
            log.warning("no crawl is started", step=behind.step, waiting=behind.waiting, limit=behind.limit)
            return 0
        return crawl_due(self._app)

    def work(self) -> int:
        """One batch of each step that has something to do, in their order. Returns how many subjects were done."""
        return self._work("assess") + self._work(*AFTER)

    def _work(self, *steps: str) -> int:
        done, due = 0, self._due()
        for step in steps:
            if step in due and not self._stopping:
                done += self._work_on(step)
                due = self._due()  # what was done may be what the next step is about
        return done

    def _due(self) -> set[str]:
        with self._app.database.read() as session:
            return due_steps(session, self._app.clock.now())

    def deliver(self) -> int:
        """Sends what is due. Returns how many deliveries were tried.

        Who could not even write down what came of a delivery (the disk was full) left a claim behind: asked about here.
        """
        sent = settle_unclear(self._app.database, self._app.receivers, self._app.context(), all_claims=False)
        while not self._stopping:
            count = send_due(self._app.database, self._app.receivers, self._app.context())
            sent += count
            if not count:
                break
        return sent

    def tick(self) -> None:
        """Notices what time alone brings: missed clocks, follow-ups, silence, reports, the daily root."""
        tick(self._app)

    def due(self) -> bool:
        """Whether any of the rows asks for something now."""
        at = self._app.clock.now()
        with self._app.database.read() as session:
            return bool(
                due_steps(session, at)
                or due_groups(session, at, limit=1)
                or due_deliveries(session, at, limit=1)
                or stale_claims(session, at)
            )

    def flush(self) -> int:
        """Tells the groups whose time has come. Returns the number of deliveries made."""
        from alerts.routing.flush import flush_due
        from alerts.spikes.watch import incidents

        context = self._app.context()
        with self._app.database.read() as session:
            if not due_groups(session, context.at):
                return 0
        with self._app.database.write() as session:
            going_on = incidents(session, context.settings)
            return len(flush_due(session, context.tree(), context.settings, context.at, going_on))

    def assess(self) -> None:
        """Has the model read until nothing waits for it. Raises as `settle`, like the next one.

        Two threads may call it at once: while one writes down what it found, the model reads for the other.
        """
        if self._until_nothing_is_due(lambda: self._work("assess")):
            self._rest()

    def advance(self) -> None:
        """Does what comes after the model, and flushes, until nothing is due."""
        if self._until_nothing_is_due(lambda: self._work(*AFTER), self.flush):
            self._rest()

    def settle(self) -> None:
        """Works, flushes and delivers until nothing is due. Raises the first failure when all three had their turn."""
        if self._until_nothing_is_due(self.work, self.flush, self.deliver):
            self._rest()

    def _rest(self) -> None:
        self._app.database.rest()
        give_back()

    def _until_nothing_is_due(self, *parts: Callable[[], int]) -> int:
        done, all_done, failed = 1, 0, None
        while done and failed is None and not self._stopping:
            done = 0
            for part in parts:
                try:
                    done += part()
                except Exception as error:
                    log.error("part failed", error=error, exc_info=error)
                    failed = failed or error
            all_done += done
        if failed is not None:
            raise failed
        return all_done

    def _rank(self, step: str) -> None:
        """Decides about the order of what is new in line, where there is more of it than one batch takes."""
        database = self._app.database
        with database.read() as session:
            new = not_ranked(session, step, AT_ONCE)
            if len(new) <= BATCH:
                return
            ranks = RANKED[step](session, new)
        with database.write() as session:
            for rank, subjects in ranks.items():
                rank_work(session, step, subjects, rank)

    def _work_on(self, step: str) -> int:
        database, context = self._app.database, self._app.context()
        with self._claiming:
            if step in RANKED:
                self._rank(step)
            with database.write() as session:
                subjects = claim_work(session, step, context.at, SIZES.get(step, BATCH))
        if not subjects:
            return 0
        try:
            run_step(database, step, subjects, context)
        except Exception as error:
            if len(subjects) == 1:
                _failed(database, step, subjects[0], context, error)
            else:
                self._one_by_one(step, subjects, context)
        return len(subjects)

    def _one_by_one(self, step: str, subjects: list[int], context: Context) -> None:
        """One bad subject must not hold up its neighbours."""
        for subject in subjects:
            try:
                run_step(self._app.database, step, [subject], context)
            except Exception as error:
                _failed(self._app.database, step, subject, context, error)


def run_step(database: Database, step: str, subjects: list[int], context: Context) -> None:
    """One step over some subjects, with what follows from it, in one transaction.

    The model reads before that: nobody else could write meanwhile.
    """
    with measured(database, context.traces, step, subjects):
        if step == "assess":
            with database.read() as session:
                context = read_ahead(session, subjects, context)
        with database.write() as session:
            following: Next = STEPS[step](session, subjects, context)
            finish_work(session, step, subjects)
            for name, ids in following.items():
                add_work(session, name, ids, context.at)


def _failed(database: Database, step: str, subject: int, context: Context, error: Exception) -> None:
    with database.write() as session:
        about = ids_of(session, step, subject)
        log.warning("step failed", step=step, **about, error=error, exc_info=error)
        fail_work(session, step, subject, context.at, f"{type(error).__name__}: {error}")


def locked(database: Path) -> IO[str]:
    """A lock that the operating system takes back when the process ends, however it ends. Raises AlreadyRunning."""
    file = database.with_name(database.name + ".lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip() or "unknown"
        file.close()
        raise AlreadyRunning(
            f"{database} is in use by process {owner}: stop that one first, or give this one another database"
        ) from None

    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
