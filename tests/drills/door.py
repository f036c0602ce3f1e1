"""The web process of a drill: `kintsugi run --role web` on the test's clock. Argument: folder."""

from __future__ import annotations

import sys
from pathlib import Path

from kintsugi.app import open_app
from kintsugi.operating.observe import configure_logging
from kintsugi.service import serve
from tests.engines.worker import SharedClock


def main() -> None:
    folder = Path(sys.argv[1])
    app = open_app(folder / "kintsugi.yaml", SharedClock(folder / "now"))
    configure_logging(app.settings.log)
    serve(app, ("web",))


if __name__ == "__main__":
    main()
