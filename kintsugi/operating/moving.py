"""Copies a SQLite installation to PostgreSQL, row by row as it is, and proves that it arrived.

May be cut at any moment and run again: a batch that is there already is compared and left alone, what differs is
written anew, what the source no longer has is taken away. Nothing is overwritten once the move is done.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from config.mistakes import ConfigurationError
from storage.database import Database
from storage.listing import Listing
from storage.log import verify_log
from storage.schema import Moment
from storage.search import index_texts
from storage.tables import Row

BATCH = 2000
Said = Callable[[str], None]
Key = tuple[Any, ...]

# Whose move a database is, and how far it came. Ours alone, and no table of the installation.
MOVED = Table(
    "kintsugi_move",
    MetaData(),
    Column("installation", String, primary_key=True),
    Column("begun_at", Moment, nullable=False),
    Column("done_at", Moment),
)


def move(source: Database, target: Database, log_key: bytes, at: datetime, said: Said, *, batch: int = BATCH) -> None:
    """Copies everything from `source` (SQLite) to `target` (PostgreSQL). Raises ConfigurationError, one line each.

    `said` is told what was done, table by table. The source must not be written meanwhile.
    """
    installation = hmac.new(log_key, b"installation", hashlib.sha256).hexdigest()[:32]
    done_at = _prepare(target, installation, at)
    if done_at is not None:
        said(f"this installation was moved there on {done_at:%Y-%m-%d %H:%M} UTC; nothing was written")
        return
    tables = Row.metadata.sorted_tables
    with source.connect() as reading, target.connect() as writing:
        for table in tables:
            copied, there = _copy(reading, writing, table, batch)
            if copied or there:
                said(f"{table.name}: {copied} rows copied" + (f", {there} were there already" if there else ""))
        for table in reversed(tables):
            _take_away(reading, writing, table, batch)
        for table in tables:
            _count(reading, writing, table)
            _set_sequence(writing, table)
        writing.commit()
    _learn_words(target)
    _prove_events(target)
    with target.connect() as writing:
        writing.execute(update(MOVED).where(MOVED.c.installation == installation).values(done_at=at))
        writing.commit()


def _prepare(target: Database, installation: str, at: datetime) -> datetime | None:
    """Migrates an empty database and marks it as ours. The moment at which the move was done, if it was."""
    with target.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        if MOVED.name in names:
            known = connection.execute(select(MOVED)).one()
            if known.installation != installation:
                raise ConfigurationError(["--to: another installation (another KINTSUGI_LOG_KEY) was moved there"])
            done_at: datetime | None = known.done_at
            if done_at is not None:
                return done_at
        elif names:
            some = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
            raise ConfigurationError(
                [f"--to: the database is not empty ({len(names)} tables: {some}): give an empty one"]
            )
        else:
            MOVED.create(connection)
            connection.execute(insert(MOVED).values(installation=installation, begun_at=at))
            connection.commit()
    if target.behind():
        target.migrate()
    return None


def _copy(reading: Connection, writing: Connection, table: Table, batch: int) -> tuple[int, int]:
    """Copies a table batch by batch, each committed. Returns how many rows were written, and how many were there."""
    copied = there = 0
    later = _self_reference(table)
    pending: list[tuple[Key, Any]] = []
    for rows in _batches(reading, table, batch):
        known = _rows_of(writing, table, [_key(table, row) for row in rows])
        wanted = [row for row in rows if known.get(_key(table, row)) != row]
        there += len(rows) - len(wanted)
        copied += len(wanted)
        if not wanted:
            continue
        if later is not None:  # what it refers to may come in a later batch
            pending += [(_key(table, row), row[later]) for row in wanted if row[later] is not None]
            wanted = [{**row, later: None} for row in wanted]
        statement = postgres_insert(table)
        changed = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
        keys = [column.name for column in table.primary_key]
        writing.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=changed)
            if changed
            else statement.on_conflict_do_nothing(index_elements=keys),
            wanted,
        )
        writing.commit()
    for key, value in pending:
        writing.execute(update(table).where(_is(table, key)).values({later: value}))
    writing.commit()
    return copied, there


def _take_away(reading: Connection, writing: Connection, table: Table, batch: int) -> None:
    """What an earlier, cut move brought and the source has no longer."""
    if _size(reading, table) == _size(writing, table):
        return
    for rows in _batches(writing, table, batch):
        keys = [_key(table, row) for row in rows]
        gone = set(keys) - set(_rows_of(reading, table, keys))
        for key in gone:
            writing.execute(delete(table).where(_is(table, key)))
    writing.commit()


def _count(reading: Connection, writing: Connection, table: Table) -> None:
    here, there = _size(reading, table), _size(writing, table)
    if here != there:
        raise ConfigurationError(
            [f"{table.name}: {here} rows here and {there} there: was something written meanwhile? run it again"]
        )


def _learn_words(target: Database) -> None:
    """The search keeps its words in a shape of its own in each database."""
    after = 0
    while True:
        with target.write() as session:
            known = session.execute(
                select(Listing.mention_id, Listing.searched_id)
                .where(Listing.mention_id > after, Listing.searched_id.is_not(None))
                .order_by(Listing.mention_id)
                .limit(BATCH)
            ).all()
            index_texts(session, [(mention, None, searched) for mention, searched in known])
        if not known:
            return
        after = known[-1][0]


def _prove_events(target: Database) -> None:
    with target.read() as session:
        breaks = verify_log(session)
    if breaks:
        raise ConfigurationError([f"the event log did not arrive whole: {line}" for line in breaks])


def _set_sequence(writing: Connection, table: Table) -> None:
    """New rows are numbered after the copied ones."""
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer):
        return
    name = writing.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
    last = writing.scalar(select(func.max(column)))
    if name is not None and last is not None:
        writing.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": last})


def _batches(connection: Connection, table: Table, size: int) -> Iterator[Sequence[dict[str, Any]]]:
    """All rows in the order of their keys, as the driver's types, without zero bytes, which PostgreSQL cannot keep."""
    keys = list(table.primary_key)
    after: Key | None = None
    while True:
        query = select(table).order_by(*keys).limit(size)
        if after is not None:
            query = query.where(tuple_(*keys) > tuple_(*after, types=[key.type for key in keys]))
        rows = [_clean(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        yield rows
        after = _key(table, rows[-1])


def _rows_of(connection: Connection, table: Table, keys: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    columns = list(table.primary_key)
    wanted = columns[0].in_([key[0] for key in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)
    rows = [_clean(row) for row in connection.execute(select(table).where(wanted)).mappings()]
    return {_key(table, row): row for row in rows}


def _clean(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _without_zero(value) for name, value in row.items()}


def _without_zero(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_zero(one) for one in value]
    if isinstance(value, dict):
        return {_without_zero(name): _without_zero(one) for name, one in value.items()}
    return value


def _key(table: Table, row: Mapping[str, Any]) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _is(table: Table, key: Key) -> Any:
    return tuple_(*table.primary_key) == tuple_(*key, types=[column.type for column in table.primary_key])


def _self_reference(table: Table) -> str | None:
    """The column that refers to another row of the same table; tables have one at most."""
    return next((column.name for column in table.columns if column.references(next(iter(table.primary_key)))), None)


def _size(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
