"""Looks at the rows: at once when something was stored, and every so often for what only time makes due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Thread

import structlog

log = structlog.get_logger(__name__)


class Looks:
    """Looks beside each other, each in a thread of its own, so that none waits for another.

    Nothing that is stored while a look is on its way is missed: it is followed by another. One that fails is told, and
    made again no sooner than after `every` seconds: rows keep what was not done.
    """

    def __init__(self, looks: Sequence[Callable[[], object]], due: Callable[[], bool], every: float) -> None:
        """due: whether there is something to do, whoever stored it; cheap, and asked every so many seconds."""
        self._due, self._every = due, every
        self._stopping = Event()
        self._woken = [Event() for _ in looks]
        asking = Thread(target=self._ask, name="look:due", daemon=True)
        self._threads = [asking] + [
            Thread(target=self._go_on, args=(look, woken), name=f"look:{look.__name__}", daemon=True)
            for look, woken in zip(looks, self._woken, strict=True)
        ]

    def start(self) -> None:
        """Looks for the first time, beside the caller."""
        self.wake()
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Something was stored. Cheap, and may be called by any thread, also by one that looks."""
        for woken in self._woken:
            woken.set()

    def stop(self) -> None:
        """Makes no further look, and returns when those on their way have ended."""
        self._stopping.set()
        self.wake()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _ask(self) -> None:
        while not self._stopping.wait(self._every):
            survived(self._wake_when_due)

    def _wake_when_due(self) -> None:
        if self._due():
            self.wake()

    def _go_on(self, look: Callable[[], object], woken: Event) -> None:
        while True:
            woken.wait()
            if self._stopping.is_set():
                return
            woken.clear()
            if not survived(look):
                self._stopping.wait(self._every)


def survived(look: Callable[[], object]) -> bool:
    """Whether the look came to its end; what stopped it is logged."""
    try:
        look()
    except Exception as error:
        log.error("look failed", look=look.__name__, error=error, exc_info=error)
        return False
    return True
