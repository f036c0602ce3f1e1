"""The text that Prometheus scrapes."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from kintsugi.metrics.rows import registry_of
from kintsugi.metrics.steps import REGISTRY

if TYPE_CHECKING:
    from kintsugi.app import App

__all__ = ["CONTENT_TYPE_LATEST", "MetricsPage"]
FRESH = 10.0  # seconds for which what the rows said is said again: scrapers must not be able to load the database


class MetricsPage:
    """This process's own figures, and those of the rows."""

    def __init__(self, app: App) -> None:
        self._rows = registry_of(app)
        self._lock, self._said, self._at = threading.Lock(), b"", -FRESH

    def text(self) -> bytes:
        """In the format of CONTENT_TYPE_LATEST. Raises what the database raises."""
        with self._lock:
            if time.monotonic() - self._at >= FRESH:
                self._said, self._at = generate_latest(self._rows), time.monotonic()
            return generate_latest(REGISTRY) + self._said
