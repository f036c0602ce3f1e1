"""How many workers there should be: one more when what waits is old, one less when nothing has waited for long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

BEHIND = timedelta(minutes=1)  # that something has waited: one more
IDLE = timedelta(minutes=10)  # that nothing has waited: one less
SETTLING = timedelta(minutes=1)  # before what the last change did can be judged
WORKER_MB = 450  # of a process with the model and what it works on (docs/scale.md)


@dataclass(frozen=True, slots=True)
class Room:
    """What the machine has: cores for this process, and MB that are free; None where it does not say."""

    cores: int
    free_mb: float | None


@dataclass(frozen=True, slots=True)
class Decision:
    """So many workers from now on, and why: behind, idle, steady, at_most, no_core, no_memory."""

    workers: int
    why: str


class Sizing:
    """Between `least` and `most` workers, and beyond `least` no more than there are cores. One change at a time."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most
        self._changed: datetime | None = None
        self._nothing_since: datetime | None = None

    def decide(self, at: datetime, workers: int, waited: timedelta | None, room: Room) -> Decision:
        """`waited`: how long the oldest of what waits has waited; None where nothing does."""
        if waited is not None:
            self._nothing_since = None
        elif self._nothing_since is None:
            self._nothing_since = at
        if self._changed is not None and at - self._changed < SETTLING:
            return Decision(workers, "steady")
        if waited is not None and waited > BEHIND:
            return self._one_more(at, workers, room)
        if self._nothing_since is not None and at - self._nothing_since >= IDLE and workers > self.least:
            self._changed = self._nothing_since = at  # the next one goes after as long again
            return Decision(workers - 1, "idle")
        return Decision(workers, "steady")

    def _one_more(self, at: datetime, workers: int, room: Room) -> Decision:
        if workers >= self.most:
            return Decision(workers, "at_most")
        if workers >= room.cores:
            return Decision(workers, "no_core")
        if room.free_mb is not None and room.free_mb < WORKER_MB:
            return Decision(workers, "no_memory")
        self._changed = at
        return Decision(workers + 1, "behind")


def sizing_of(text: str) -> Sizing:
    """`3`: always three; `1-4`: between one and four. Raises ValueError with what is wrong."""
    found = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3}))?", text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no number of workers: write 3, or 1-4")
    least, most = int(found[1]), int(found[2] or found[1])
    if not 1 <= least <= most:
        raise ValueError(f"{text!r}: at least 1, and the second number no smaller than the first")
    return Sizing(least, most)
