"""Copies of a SQLite database while others write it, and the proof that a copy is whole."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from storage.database import Database
from storage.log import Root, verify_log


class NotWhole(Exception):
    """A file is no whole database of this installation. Says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proven copy holds."""

    rows: int
    events: int
    chains: int
    last_event_id: int


def copy_database(source: Path, target: Path) -> dict[str, int]:
    """Writes one moment of `source` to the new file `target`, and returns the rows of each table at that moment.

    Writers of the source go on meanwhile. The file can be read by its owner only. Raises NotWhole, OSError.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(descriptor)
    with (
        contextlib.closing(sqlite3.connect(source, timeout=60, isolation_level=None)) as reading,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        try:
            # One view for the counts and the copy: else a copy that is written to meanwhile begins anew, for ever.
            reading.execute("BEGIN")
            counts = counted(reading)
            reading.backup(writing, pages=-1)
            writing.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        except sqlite3.OperationalError as error:
            raise OSError(f"{target}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise NotWhole(f"{source}: {error}") from None
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return counts


def prove(file: Path, log_key: bytes, counts: dict[str, int] | None = None, roots: list[Root] | None = None) -> Proof:
    """Reads a whole copy: its pages, what refers to what, its rows against `counts`, every chain of events.

    Of `roots` those are checked that are not younger than the copy. Raises NotWhole.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as reading:
            _pages_are_right(reading)
            rows = counted(reading)
            last = reading.execute("SELECT max(id) FROM event").fetchone()[0] or 0
            events, chains = reading.execute("SELECT count(*), count(DISTINCT case_id) FROM event").fetchone()
    except sqlite3.DatabaseError as error:
        raise NotWhole(f"{file}: {error}") from None
    if counts is not None and rows != counts:
        name = next(name for name in counts.keys() | rows.keys() if counts.get(name) != rows.get(name))
        raise NotWhole(f"{file}: {name} has {rows.get(name)} rows, and should have {counts.get(name)}")
    database = Database(f"sqlite:///{file.absolute()}", log_key)
    try:
        with database.read() as session:
            breaks = verify_log(session, [root for root in roots or [] if root.last_event_id <= last])
    finally:
        database.close()
        _one_file(file)
    if breaks:
        raise NotWhole(f"{file}: {breaks[0]}" + (f", and {len(breaks) - 1} more" if len(breaks) > 1 else ""))
    return Proof(sum(rows.values()), events, chains, last)


def counted(connection: sqlite3.Connection) -> dict[str, int]:
    """The rows of every table of ours; the tables of the search are made from them and not counted."""
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    mine = [name for (name,) in names if not name.startswith(("sqlite_", "search"))]
    counting = ((name, f'SELECT count(*) FROM "{name}"') for name in mine)  # noqa: S608  # nosec B608  # our own tables
    return {name: connection.execute(count).fetchone()[0] for name, count in counting}


def _pages_are_right(connection: sqlite3.Connection) -> None:
    said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise sqlite3.DatabaseError(said)
    dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    if dangling is not None:
        raise sqlite3.DatabaseError(f"a row of {dangling[0]} refers to one of {dangling[2]} that is not there")
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone() is None:
        raise sqlite3.DatabaseError("this is no database of Kintsugi")


def _one_file(file: Path) -> None:
    """Opening it for the proof turned the log on; a copy is one file again when that is folded back."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
