"""A process of the PostgreSQL engine on the test's clock, killed at its n-th commit or outgoing call."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from pathlib import Path

from kintsugi.app import open_app
from kintsugi.engines.postgres import PostgresEngine
from kintsugi.operating.observe import configure_logging
from tests.drills.dying import die_at


class SharedClock:
    """A clock whose hands are a file, so that processes agree on the moment."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.fromisoformat(self._file.read_text())

    def set(self, at: datetime) -> None:
        part = self._file.with_suffix(".part")
        part.write_text(at.isoformat())
        part.replace(self._file)


def work(folder: Path, dies_at: int, stalled: float) -> None:
    """Until SIGTERM, or event `dies_at` (0: none). `stalled` seconds without a heartbeat count as a death."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    app = open_app(folder / "kintsugi.yaml", SharedClock(folder / "now"))
    configure_logging(app.settings.log)
    die_at(app.receivers.values(), dies_at)
    engine = PostgresEngine(app, ("worker", "crawler"), stalled=stalled, rounds=False)
    engine.start()
    stopping.wait()
    engine.stop()
    app.database.close()
