"""`kintsugi parked`: what could not be processed, with its error; and trying it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="What could not be processed.", no_args_is_help=True)
    group.command("list")(list_parked)
    group.command()(retry)
    app.add_typer(group, name="parked")


def list_parked(
    config: Configuration = CONFIGURATION,
    source: Annotated[str | None, typer.Option(help="Also the rejected items of this source.")] = None,
    json: AsJson = False,
) -> None:
    """List parked work, deliveries that were given up or are unclear, and rejected items."""
    from storage.parked import parked, rejected

    app = opened(config)
    with app.database.read() as session:
        rows = parked(session)
        items = rejected(session, source) if source else []
    for row in [*rows, *items]:
        if json:
            say_json(row)
        else:
            say(f"{row['name']}  {row['state']}  {row['error']}")
    if not rows and not items and not json:
        say("nothing is parked")


def retry(
    names: Annotated[list[str], typer.Argument(help="Names from `kintsugi parked list`, or all.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Put parked work and given-up deliveries in line again; `kintsugi run` then tries them."""
    from storage.parked import parked, put_back

    app = opened(config)
    at: datetime = app.clock.now()
    with app.database.write() as session:
        known = {row["name"] for row in parked(session)}
        wanted = sorted(known) if names == ["all"] else names
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise failed(f"{unknown[0]!r} is not parked: kintsugi parked list shows what is")
        for name in wanted:
            put_back(session, name, at)
    say(f"{len(wanted)} put back")
