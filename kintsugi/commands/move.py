"""`kintsugi move`: from the SQLite file to PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, opened, say


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(move)


def move(
    to: Annotated[str, typer.Option(help="An empty database: postgresql://user@host/name")],
    config: Configuration = CONFIGURATION,
) -> None:
    """Copy this installation to PostgreSQL and prove that it arrived; may be run again until it is done."""
    from kintsugi.engines.embedded import locked
    from kintsugi.operating.moving import move as copy
    from storage.database import Database

    if not to.startswith("postgresql"):
        raise failed(f"--to: {to.split('@')[-1]!r} is no address like postgresql://user@host/name")
    app = opened(config)
    if app.settings.engine != "embedded":
        raise failed("this installation is on PostgreSQL already (engine: postgres)")
    source = app.database
    assert source.path is not None
    lock = locked(source.path)  # nobody may write what is being copied
    try:
        target = Database(to, app.log_key())
    except ModuleNotFoundError as error:
        raise failed(f"PostgreSQL needs {error.name}: pip install 'kintsugi-recovery[postgres]'") from None
    copy(source, target, app.log_key(), app.clock.now(), say)
    target.close()
    source.close()
    lock.close()
    say(f"all rows and every chain of events are there; now set in {config}: engine: postgres, and database:")
    say("the SQLite file was not changed: keep it until you trust the new one")
