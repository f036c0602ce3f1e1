"""`kintsugi restore`: puts a backup in the place of the database, and the database aside."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, opened, say


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(restore)


def restore(
    file: Annotated[Path, typer.Argument(help="What `kintsugi backup` wrote.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Put a backup in place after proving it; the service must be stopped. The old database is kept aside."""
    from kintsugi.commands.backup import ON_POSTGRES
    from kintsugi.engines.embedded import locked
    from storage.copying import NotWhole, copy_database, prove
    from storage.log import read_roots

    app = opened(config)
    if app.settings.engine == "postgres":
        raise failed(ON_POSTGRES)
    target = app.database_file()
    if not file.is_file():
        raise failed(f"{file}: there is no such file")
    if file.resolve() == target.resolve():
        raise failed(f"{file} is the database itself")
    with locked(target):  # a running service would go on writing the old file
        fresh = target.with_name(target.name + ".restoring")
        fresh.unlink(missing_ok=True)
        roots = read_roots(app.roots_file)
        try:
            proof = prove(fresh, app.log_key(), copy_database(file, fresh), roots)
        except (NotWhole, OSError) as error:
            fresh.unlink(missing_ok=True)
            raise failed(f"nothing was changed: {error}") from None
        aside = _aside(target, app.clock.now())
        fresh.replace(target)
        younger = [root for root in roots if root.last_event_id > proof.last_event_id]
        if younger:  # they prove events that this database never had
            _keep_roots(app.roots_file, len(roots) - len(younger), app.clock.now())
    say(f"{target}: {proof.rows} rows, {proof.events} events in {proof.chains} chains, all whole")
    if aside is not None:
        say(f"the database that was there is now {aside.name}; delete it when you no longer need it")
    if younger:
        say(f"{len(younger)} daily roots are younger than the backup: all of them are kept in the file beside it")
    say("next: kintsugi check, then kintsugi run")


def _aside(target: Path, at: datetime) -> Path | None:
    """A second name for the old database, which is about to be replaced, with what stands in its log."""
    import contextlib
    import sqlite3

    if not target.exists():
        return None
    with (
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as connection,
        contextlib.suppress(
            sqlite3.DatabaseError  # broken, perhaps: then its log is kept beside it as it is
        ),
    ):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = target.with_name(f"{target.name}.before-{at:%Y%m%d-%H%M%S}")
    aside.hardlink_to(target)  # the place is never empty: a start would make a new database there
    for ending in ("-wal", "-shm"):
        part = target.with_name(target.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _keep_roots(file: Path, count: int, at: datetime) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.rename(file.with_name(f"{file.name}.before-{at:%Y%m%d-%H%M%S}"))
    file.write_text("".join(lines[:count]), encoding="utf-8")
