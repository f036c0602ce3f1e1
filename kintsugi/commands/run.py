"""`kintsugi run`: the service."""

from __future__ import annotations

from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, opened, say


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(run)


def run(
    config: Configuration = CONFIGURATION,
    role: Annotated[
        str, typer.Option(help="What this process does: web, worker, crawler (comma-separated), or all.")
    ] = "all",
) -> None:
    """Run the service until it is told to stop (SIGTERM, Ctrl-C); what is in hand is finished first."""
    from kintsugi.service import ROLES, serve
    from kintsugi.web.accounts import set_up_link

    roles = [one.strip() for one in role.split(",")] if role != "all" else list(ROLES)
    unknown = [one for one in roles if one not in ROLES]
    if unknown:
        raise failed(f"--role: there is no role {unknown[0]!r}: use {', '.join(ROLES)} or all")
    app = opened(config)
    say(f"watching {app.settings.brand.name}: {', '.join(app.settings.sources) or 'no sources yet'}")
    if "web" in roles and (link := set_up_link(app)):
        say(f"nobody can sign in yet: open this link, once, and make the first administrator: {link}")
    serve(app, roles)
    say("stopped; nothing is lost, the next start goes on from here")
