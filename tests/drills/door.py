"""The web process of a drill: `kintsugi run --role web` on the test's clock."""

from __future__ import annotations

from pathlib import Path

from kintsugi.app import open_app
from kintsugi.operating.observe import configure_logging
from kintsugi.service import serve
from tests.engines.worker import SharedClock


def listen(folder: Path) -> None:
    """Until SIGTERM."""
    app = open_app(folder / "kintsugi.yaml", SharedClock(folder / "now"))
    configure_logging(app.settings.log)
    serve(app, ("web",))
