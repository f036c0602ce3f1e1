"""Kills crawling processes while they crawl."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

WATCH = 10.0  # seconds


class Sniper:
    """Looks for children of some processes that crawl, and kills one shortly after it is seen."""

    def __init__(self, parents: Callable[[], list[int]]) -> None:
        self._parents = parents
        self.killed = 0

    def kill_one(self, delay: float) -> None:
        """The next crawling process that begins to work dies `delay` seconds later, if there is one soon."""
        threading.Thread(target=self._wait_and_kill, args=(delay,), daemon=True).start()

    def _wait_and_kill(self, delay: float) -> None:
        deadline = time.monotonic() + WATCH
        while time.monotonic() < deadline:
            for child in (one for parent in self._parents() for one in crawling_below(parent)):
                time.sleep(delay)
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                    self.killed += 1
                return
            time.sleep(0.02)


def crawling_below(process: int) -> list[int]:
    """The crawling processes that this process started."""
    found = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                if b"crawlers.running.run" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(child)
    return found
