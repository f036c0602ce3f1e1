"""Connections of clients that dawdle: a thousand of them, each sending a byte now and then, must not cost the others.

A request's head has to be there soon, and an answer has to be read: who stops halfway is cut off. How long a body may
take stands in kintsugi/web/guard.py.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD_WITHIN = 10.0  # seconds for a request's head, and between two requests
READ_WITHIN = 60.0  # seconds in which nothing of an answer is read


class Impatience(H11Protocol):
    """One connection. uvicorn alone would wait for ever."""

    _looks: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _seen: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as H11Protocol has it
        """Begins to look at it."""
        super().connection_made(transport)
        self._looks = self.loop.call_later(HEAD_WITHIN, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops looking."""
        super().connection_lost(exc)
        for timer in (self._looks, self._unread):
            if timer is not None:
                timer.cancel()

    def pause_writing(self) -> None:
        """The client reads more slowly than it is told."""
        super().pause_writing()
        self._unread = self.loop.call_later(READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """It caught up."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()

    def _look(self) -> None:
        cycle: Any = self.cycle
        if cycle is self._seen and (cycle is None or cycle.response_complete):
            self.transport.abort()  # since the last look no request has come, whatever came of one
            return
        self._seen = cycle
        self._looks = self.loop.call_later(HEAD_WITHIN, self._look)
