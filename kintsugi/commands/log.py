"""`kintsugi log verify`: proves that the event log is whole."""

from __future__ import annotations

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, opened, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="The event log.", no_args_is_help=True)
    group.command()(verify)
    app.add_typer(group, name="log")


def verify(config: Configuration = CONFIGURATION, json: AsJson = False) -> None:
    """Check the chain of every case, and the daily roots kept outside the database."""
    from sqlalchemy import func, select

    from storage.event import Event
    from storage.log import read_roots, verify_log

    app = opened(config)
    roots = read_roots(app.roots_file) if app.roots_file.exists() else []
    with app.database.read() as session:
        breaks = verify_log(session, roots)
        events = session.scalar(select(func.count()).select_from(Event)) or 0
        chains = session.scalar(select(func.count(func.distinct(Event.case_id)))) or 0
    if json:
        say_json({"events": events, "chains": chains, "roots": len(roots), "breaks": [str(one) for one in breaks]})
    else:
        for one in breaks:
            say(str(one))
        say(
            f"{events} events in {chains} chains, {len(roots)} daily roots: "
            + (f"{len(breaks)} broken" if breaks else "whole")
        )
    if breaks:
        raise typer.Exit(1)
