"""`kintsugi run`: the service."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, opened, say

if TYPE_CHECKING:
    from kintsugi.app import App


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(run)


def run(
    config: Configuration = CONFIGURATION,
    role: Annotated[
        str, typer.Option(help="What this process does: web, worker, crawler (comma-separated), or all.")
    ] = "all",
    workers: Annotated[
        str | None,
        typer.Option(help="With --role worker: keep so many of them, 3, or 1-4 by what waits, cores and memory."),
    ] = None,
    place: Annotated[int, typer.Option(hidden=True)] = 0,
    keeper: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    """Run the service until it is told to stop (SIGTERM, Ctrl-C); what is in hand is finished first."""
    app = opened(config)
    if role == "all" and app.settings.engine == "embedded":
        from kintsugi.steps.crawling import start_crawler

        start_crawler(app)  # it gets ready on another core, while this process imports what it needs
    from kintsugi.service import ROLES, serve

    roles = [one.strip() for one in role.split(",")] if role != "all" else list(ROLES)
    unknown = [one for one in roles if one not in ROLES]
    if unknown:
        raise failed(f"--role: there is no role {unknown[0]!r}: use {', '.join(ROLES)} or all")
    if workers is not None:
        _keep(app, roles, workers)
        return
    say(f"watching {app.settings.brand.name}: {', '.join(app.settings.sources) or 'no sources yet'}")
    serve(app, roles, place, keeper, running=partial(_invite, app, roles))
    say("stopped; nothing is lost, the next start goes on from here")


def _invite(app: App, roles: list[str]) -> None:
    """The way in, while there is no account."""
    from kintsugi.web.accounts import set_up_link

    if "web" in roles and (link := set_up_link(app)):
        say(f"nobody can sign in yet: open this link, once, and make the first administrator: {link}")


def _keep(app: App, roles: list[str], workers: str) -> None:
    """Worker processes under this one."""
    from kintsugi.engines.sizing import sizing_of

    if roles != ["worker"] or app.settings.engine != "postgres":
        raise failed("--workers: for `--role worker` with engine: postgres; one process does everything on SQLite")
    try:
        sizing = sizing_of(workers)
    except ValueError as error:
        raise failed(f"--workers: {error}") from None
    from kintsugi.engines.workforce import keep_workers

    say(f"keeping {workers} worker(s) for {app.settings.brand.name}")
    keep_workers(app, sizing)
    say("stopped; nothing is lost, the next start goes on from here")
