"""`kintsugi backup`: a proven copy of the database, made while the service runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, opened, say

ON_POSTGRES = """this installation is on PostgreSQL, which has tools of its own:
  pg_dump --format=custom --file=kintsugi.dump DATABASE
  pg_restore --create --dbname=postgres kintsugi.dump
docs/operate.md, "Backup", says how to prove the restored one"""


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(backup)


def backup(
    file: Annotated[Path, typer.Argument(help="The new file; an existing one is never overwritten.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Copy the database to FILE while the service runs, and prove the copy. Secrets (.env) are not in it."""
    from storage.copying import NotWhole, copy_database, prove
    from storage.log import read_roots

    app = opened(config)
    if app.settings.engine == "postgres":
        raise failed(ON_POSTGRES)
    source = app.database_file()  # not opened by us: a newer version would migrate it under a running service
    if not source.exists():
        raise failed(f"{source}: there is no database yet")
    unfinished = file.with_name(file.name + ".unfinished")
    if file.exists():
        raise failed(f"{file} is there already: name another file")
    unfinished.unlink(missing_ok=True)
    try:
        counts = copy_database(source, unfinished)
        proof = prove(unfinished, app.log_key(), counts, read_roots(app.roots_file))
        unfinished.rename(file)
    except (NotWhole, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise failed(f"no backup was made: {error}") from None
    say(f"{file}: {proof.rows} rows in {len(counts)} tables, {proof.events} events in {proof.chains} chains, all whole")
    say(f"keep beside it, somewhere else: {app.roots_file.name}, {config.name}, and .env (the log key) in a safe place")
