"""Processes that are at work at once: forks of one that has imported everything, which takes longer than most lives."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "alerts.receivers.opening",
        "crawlers.running.child",
        "crawlers.registry",
        "kintsugi.app",
        "kintsugi.engines.postgres",
        "kintsugi.service",
        "kintsugi.web.server",
        "responder.cases.opening",
        "sentiment.assessor",
        "slack_sdk",
        "tests.drills.door",
        "tests.engines.worker",
    ]
)


def begun(life: Callable[..., None], *given: object, log: Path) -> ForkServerProcess:
    """Calls `life` in a process of its own, which writes to `log` what it says and ends with us."""
    process = _FORKS.Process(target=_live, args=(life, given, log), daemon=True)
    process.start()
    return process


def _live(life: Callable[..., None], given: tuple[object, ...], log: Path) -> None:
    with log.open("ab") as said:
        for stream in (1, 2):
            os.dup2(said.fileno(), stream)
    life(*given)
