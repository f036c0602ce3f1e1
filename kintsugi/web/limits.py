"""How often somebody may try: a sliding window in memory, by client address."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

MOST_KEYS = 10_000


class Limit:
    """At most `times` in `seconds` for each key. Uses the machine's own seconds, which no clock of a demo stops."""

    def __init__(self, times: int, seconds: float) -> None:
        self._times, self._seconds = times, seconds
        self._tried: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> int:
        """Counts a try and returns 0; or counts nothing and returns how many seconds to wait."""
        now = time.monotonic()
        with self._lock:
            tried = self._tried.setdefault(key, deque())
            self._tried.move_to_end(key)
            while len(self._tried) > MOST_KEYS:
                self._tried.popitem(last=False)
            while tried and tried[0] <= now - self._seconds:
                tried.popleft()
            if len(tried) >= self._times:
                return int(tried[0] + self._seconds - now) + 1
            tried.append(now)
            return 0
