"""Hands the sources that are due to a crawling process, and hands on what it finds as it comes."""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO

from crawlers.running.job import CrawlJob
from crawlers.running.wire import END, read
from storage.item import Finished, Handover

_LOG = logging.getLogger(__name__)
GRACE = 10.0  # seconds from SIGTERM to SIGKILL
OVER = "the time for crawling was over"
_FRESH = 30.0  # seconds that an idle process is asked again; by itself it leaves after 60


def run_sources(
    jobs: Sequence[CrawlJob], timeout: timedelta, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Handover]]:
    """Crawls `jobs` in one child process and yields (source key, handover) as they come, in each source's order.

    Every source ends with exactly one Finished, whatever happens to the child: after `timeout` it is stopped
    (SIGTERM, then SIGKILL), and a crash becomes the error of each source that had not finished. The child dies with
    the thread that started it. A child that came to its end in peace waits a little for the next jobs, because
    importing Scrapy costs a second. `environment` is added to ours: tokens from .env.
    """
    if not jobs:
        return
    child = _take({**os.environ, **(environment or {})})
    limit = timeout.total_seconds()
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        child.process.terminate()

    clocks = [threading.Timer(limit, expire), threading.Timer(limit + GRACE, child.process.kill)]
    for clock in clocks:
        clock.daemon = True
        clock.start()
    unfinished = {job.key for job in jobs}
    in_peace = False
    try:
        child.send(jobs)
        for line in child.lines():
            if line == END:
                in_peace = not unfinished and not expired.is_set()
                break
            try:
                key, entry = read(line)
            except (ValueError, TypeError) as error:
                _LOG.error("the crawling process wrote a line that cannot be read: %s: %r", error, line[:200])
                continue
            if isinstance(entry, Finished):
                unfinished.discard(key)
            yield key, entry
        for key in sorted(unfinished):
            ending = OVER if expired.is_set() else f"the crawling process ended ({child.ending()})"
            yield key, Finished(error=f"{ending} before this source did end")
    finally:
        for clock in clocks:
            clock.cancel()
        if in_peace:
            _keep(child)
        else:
            child.stop()


def start_ahead(environment: Mapping[str, str] | None = None) -> None:
    """Starts the child that `run_sources` will want next, which takes a second to import Scrapy meanwhile."""
    _keep(_Child({**os.environ, **(environment or {})}))


class _Child:
    """One crawling process and the pipes to it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.surroundings = environment, Path.cwd()
        self.idle_since = 0.0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crawlers.running.run"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._listening = threading.Thread(target=self._log_lines, daemon=True)
        self._listening.start()

    def send(self, jobs: Sequence[CrawlJob]) -> None:
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # It is already dead: the end of its stdout says so for every source.
            self.process.stdin.write(json.dumps([job.as_json() for job in jobs]).encode() + b"\n")
            self.process.stdin.flush()

    def lines(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def ending(self) -> str:
        """How it ended: a signal or an exit code."""
        code = self.process.wait(timeout=GRACE)
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def is_ready(self) -> bool:
        return self.process.poll() is None and time.monotonic() - self.idle_since < _FRESH

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=GRACE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._listening.join(timeout=GRACE)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):  # What it did not read of its jobs.
                pipe.close()

    def _log_lines(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                _LOG.warning("crawling process: %s", line.decode("utf-8", "replace").rstrip())


_lock = threading.Lock()
_idle: list[_Child] = []


def _take(environment: dict[str, str]) -> _Child:
    """An idle child that was started with the same tokens and in the same folder, or a new one."""
    with _lock:
        kept, _idle[:] = list(_idle), []
    found = None
    for child in kept:
        if found is None and child.is_ready() and child.surroundings == (environment, Path.cwd()):
            found = child
        else:
            child.stop()
    return found or _Child(environment)


def _keep(child: _Child) -> None:
    child.idle_since = time.monotonic()
    with _lock:
        too_many, _idle[:] = list(_idle), [child]
    for other in too_many:
        other.stop()


@atexit.register
def _stop_all() -> None:
    with _lock:
        left, _idle[:] = list(_idle), []
    for child in left:
        child.stop()
