"""Several worker processes under one: as many as the work asks for, started again when they die, stopped with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client import Counter, Gauge

from kintsugi.app import App
from kintsugi.engines.room import room
from kintsugi.engines.sizing import Sizing
from kintsugi.metrics.backlog import DELIVER, backlog
from kintsugi.metrics.steps import REGISTRY

log = structlog.get_logger(__name__)

LOOK_EVERY, SIZE_EVERY = 1.0, 5.0  # seconds
GROWN = 30.0  # seconds after which a worker surely listens to signals
# After a death the next start waits: twice as long each time, and nothing after a life that was long enough.
FIRST_WAIT, LONGEST_WAIT, LONG_ENOUGH = 1.0, 60.0, 60.0

RUNNING = Gauge("kintsugi_workers", "Worker processes that this process keeps and that live.", registry=REGISTRY)
WANTED = Gauge("kintsugi_workers_wanted", "How many it wants: by what waits, cores and memory.", registry=REGISTRY)
DEATHS = Counter("kintsugi_worker_deaths", "Worker processes that ended without being asked to.", registry=REGISTRY)


@dataclass(slots=True)
class _Place:
    """One worker's place; while it is empty, from when on somebody may be started there."""

    number: int
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    start_at: float = 0.0
    wait: float = FIRST_WAIT

    def put_off(self, now: float) -> None:
        self.start_at, self.wait = now + self.wait, min(2 * self.wait, LONGEST_WAIT)


class Workforce:
    """Keeps workers of one installation on engine postgres. Only `look` starts and ends them: call it every second."""

    def __init__(self, app: App, sizing: Sizing) -> None:
        self._app, self._sizing = app, sizing
        self._places = [_Place(number) for number in range(1, sizing.least + 1)]
        self._leaving: list[subprocess.Popen[bytes]] = []
        self._size_at = 0.0

    def processes(self) -> list[int]:
        """Ids of the workers that live and were not asked to end."""
        return [place.process.pid for place in self._places if place.process and place.process.poll() is None]

    def look(self) -> None:
        """Starts what is missing, notices what died, and now and then decides how many there should be."""
        now = time.monotonic()
        if now >= self._size_at:
            self._size_at = now + SIZE_EVERY
            self._size()
        for place in self._places:
            self._bury(place, now)
            if place.process is None and now >= place.start_at:
                self._start(place, now)
        self._leaving = [one for one in self._leaving if one.poll() is None]
        RUNNING.set(len(self.processes()))
        WANTED.set(len(self._places))

    def reload(self) -> None:
        """Has them read their configuration at once. Who has just been started reads it as it is, and would die."""
        grown = time.monotonic() - GROWN
        for place in self._places:
            if place.process is not None and place.began < grown and place.process.poll() is None:
                place.process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """Asks all to finish what is in hand, and returns when they did."""
        here = [place.process for place in self._places if place.process is not None]
        living = [one for one in (*here, *self._leaving) if one.poll() is None]
        for process in living:
            process.terminate()
        for process in living:
            process.wait()
        RUNNING.set(0)

    def _size(self) -> None:
        try:
            waited = self._waited()
        except Exception as error:  # the database is away: the workers wait for it themselves
            log.warning("how much waits is not known", error=error)
            return
        before = len(self._places)
        decided = self._sizing.decide(self._app.clock.now(), before, waited, room())
        seconds = int(waited.total_seconds()) if waited is not None else 0
        if decided.workers > before:
            self._places.append(_Place(before + 1))
            log.info("one worker more", why=decided.why, workers=decided.workers, waited_seconds=seconds)
        elif decided.workers < before:
            log.info("one worker less", why=decided.why, workers=decided.workers)
            self._dismiss(self._places.pop())
        elif decided.why != "steady":
            log.info("no worker more", why=decided.why, workers=before, waited_seconds=seconds)

    def _waited(self) -> timedelta | None:
        """How long the oldest has waited, for any step. More workers make no receiver faster: deliveries count not."""
        at = self._app.clock.now()
        with self._app.database.read() as session:
            waiting = [one for one in backlog(session, at, jobs=True) if one.items and one.step != DELIVER]
        return max((at - one.since for one in waiting if one.since is not None), default=None)

    def _dismiss(self, place: _Place) -> None:
        if place.process is not None and place.process.poll() is None:
            place.process.terminate()
            self._leaving.append(place.process)

    def _bury(self, place: _Place, now: float) -> None:
        if place.process is None or (code := place.process.poll()) is None:
            return
        if now - place.began >= LONG_ENOUGH:
            place.wait = FIRST_WAIT
        log.error("a worker ended", worker=place.number, process=place.process.pid, code=code, again_in=place.wait)
        DEATHS.inc()
        place.process = None
        place.put_off(now)

    def _start(self, place: _Place, now: float) -> None:
        program = [sys.executable, "-m", "kintsugi", "run", "--role", "worker"]
        ours = ["--place", str(place.number), "--keeper", str(os.getpid())]
        try:
            # Our own program, with words of our own and the operator's path.
            place.process = subprocess.Popen([*program, *ours, "--config", str(self._app.configuration)])  # noqa: S603
        except OSError as error:  # no memory or no process left: those that live go on
            log.error("a worker could not be started", worker=place.number, error=error, again_in=place.wait)
            place.put_off(now)
            return
        place.began = now
        log.info("worker started", worker=place.number, process=place.process.pid)


def keep_workers(app: App, sizing: Sizing) -> None:
    """Keeps workers until SIGTERM or SIGINT, which they are told too; SIGHUP is passed on to them."""
    from kintsugi.service import Doors

    app.database  # noqa: B018  # migrated once, before they come
    workforce, stopping = Workforce(app, sizing), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    signal.signal(signal.SIGHUP, lambda *_: workforce.reload())
    doors = Doors(app, ())
    try:
        doors.open()
        while not stopping.is_set():
            workforce.look()
            stopping.wait(LOOK_EVERY)
    finally:
        log.info("stopping the workers after what is in hand")
        workforce.stop()
        doors.close()
        app.database.close()
