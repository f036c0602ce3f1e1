"""`kintsugi demo --serve`: the pages over the demo's installation, until Ctrl-C."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import typer

from kintsugi.app import App


class GoingClock:
    """A clock that goes on from a moment: whoever works in the demo's pages lives right after its last day."""

    def __init__(self, at: datetime) -> None:
        self._at, self._began = at, time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._began)


def keep_open(app: App) -> None:
    """Serves the pages and prints the link that makes an account. Raises ConfigurationError when the port is taken."""
    from kintsugi.web.accounts import set_up_link
    from kintsugi.web.app import web_app
    from kintsugi.web.server import WebServer

    app.clock = GoingClock(app.clock.now())
    server = WebServer(web_app(app), app.settings.web)
    try:
        typer.echo(f"{app.settings.web.address} shows its pages; Ctrl-C ends")
        typer.echo(f"open this link once and choose a name and a password: {set_up_link(app)}")
        threading.Event().wait()
    except KeyboardInterrupt:
        typer.echo()
    finally:
        server.close()
