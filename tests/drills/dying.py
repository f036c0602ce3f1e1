"""Lets a process die at a commit, or just before or after an outgoing call."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterable

from sqlalchemy import Engine, event

from alerts.receivers.receiver import Receiver


def die_at(receivers: Iterable[Receiver], dies_at: int) -> None:
    """Counts commits, and outgoing calls before and after they are made; at the wanted one the process is gone."""

    counted = itertools.count(1)

    def count(*_: object) -> None:
        if next(counted) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "commit", count)
    for receiver in set(receivers):
        told = receiver.deliver

        def deliver(*given: object, _told: object = told, **named: object) -> object:
            count()
            result = _told(*given, **named)  # type: ignore[operator]
            count()
            return result

        receiver.deliver = deliver
