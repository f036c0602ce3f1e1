"""`kintsugi run`: the service."""

from __future__ import annotations

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, opened, say


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(run)


def run(config: Configuration = CONFIGURATION) -> None:
    """Run the service until it is told to stop (SIGTERM, Ctrl-C); what is in hand is finished first."""
    from kintsugi.service import serve

    app = opened(config)
    say(f"watching {app.settings.brand.name}: {', '.join(app.settings.sources) or 'no sources yet'}")
    serve(app)
    say("stopped; nothing is lost, the next start goes on from here")
