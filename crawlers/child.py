"""Starts the crawling process for the sources that are due, and hands on what it finds as it comes."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from crawlers.job import CrawlJob
from crawlers.wire import read
from storage.item import Finished, Handover

_LOG = logging.getLogger(__name__)
GRACE = 10.0  # seconds from SIGTERM to SIGKILL
OVER = "the time for crawling was over"


def run_sources(
    jobs: Sequence[CrawlJob], timeout: timedelta, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Handover]]:
    """Crawls `jobs` in one child process and yields (source key, handover) as they come, in each source's order.

    Every source ends with exactly one Finished, whatever happens to the child: after `timeout` it is stopped
    (SIGTERM, then SIGKILL), and a crash becomes the error of each source that had not finished. The child dies with
    the thread that started it. `environment` is added to ours: tokens from .env.
    """
    if not jobs:
        return
    child = subprocess.Popen(
        [sys.executable, "-m", "crawlers.run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    listening = threading.Thread(target=_log_lines, args=(child,), daemon=True)
    listening.start()
    limit = timeout.total_seconds()
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        child.terminate()

    clocks = [threading.Timer(limit, expire), threading.Timer(limit + GRACE, child.kill)]
    for clock in clocks:
        clock.daemon = True
        clock.start()
    unfinished = {job.key for job in jobs}
    try:
        _send(child, jobs)
        for line in child.stdout:
            try:
                key, entry = read(line)
            except (ValueError, TypeError) as error:
                _LOG.error("the crawling process wrote a line that cannot be read: %s: %r", error, line[:200])
                continue
            if isinstance(entry, Finished):
                unfinished.discard(key)
            yield key, entry
        child.wait(timeout=GRACE)
        for key in sorted(unfinished):
            ending = OVER if expired.is_set() else f"the crawling process ended ({_ending(child.returncode)})"
            yield key, Finished(error=f"{ending} before this source did end")
    finally:
        for clock in clocks:
            clock.cancel()
        _stop(child)
        listening.join(timeout=GRACE)
        child.stdout.close()


def _send(child: subprocess.Popen[bytes], jobs: Sequence[CrawlJob]) -> None:
    assert child.stdin is not None
    try:
        with child.stdin as pipe:
            pipe.write(json.dumps([job.as_json() for job in jobs]).encode())
    except BrokenPipeError:
        pass  # It is already dead: the end of its stdout says so for every source.


def _log_lines(child: subprocess.Popen[bytes]) -> None:
    assert child.stderr is not None
    with child.stderr as lines:
        for line in lines:
            _LOG.warning("crawling process: %s", line.decode("utf-8", "replace").rstrip())


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _ending(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
