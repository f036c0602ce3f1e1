"""Puts the rows of benchmarks/two_years.py into a database; on PostgreSQL by COPY, and the indexes at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Index, Table, func, insert, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex, DropIndex

from benchmarks.two_years import History
from storage.bulk import insert_rows
from storage.case import Case
from storage.database import Database
from storage.event import LOG_KEY
from storage.listing import Listing
from storage.tables import Row
from storage.tally import Tally

CHUNK = 20_000  # mentions a transaction
MEMORY = "256MB"  # of PostgreSQL, to make an index


def write_two_years(database: Database, mentions: int, seed: int = 20261116) -> None:
    """Fills an empty, migrated database."""
    with database.write() as session:
        key: bytes = session.info[LOG_KEY]
    history = History(seed, mentions, key)
    history.surroundings()
    with _without_indexes(database):
        with database.write() as session:
            _write(session, history)
        number, moments = 0, history.moments()
        while number < mentions:
            for at in moments:
                number += 1
                history.mention(number, at)
                if number % CHUNK == 0:
                    break
            with database.write() as session:
                _write(session, history)
            print(f"    {number:,} mentions, {os.times().user:.0f} s of CPU", flush=True)
    with database.write() as session:
        hours = select(Listing.hour, Listing.sentiment, func.count()).group_by(Listing.hour, Listing.sentiment)
        session.execute(insert(Tally).from_select(["hour", "sentiment", "change"], hours))
        ended = select(Case.mention_id).where(Case.cause.is_not(None))
        cause = select(Case.cause).where(Case.mention_id == Listing.mention_id).scalar_subquery()
        session.execute(update(Listing).where(Listing.mention_id.in_(ended)).values(cause=cause))
    _finish(database)


def _write(session: Session, history: History) -> None:
    """The rows that were drawn, in the order in which tables refer to each other, and what the search knows of them."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    if not on_sqlite:  # what refers to what is right as it is drawn, and looking it up is half of the work
        session.execute(text("SET LOCAL session_replication_role = replica"))
    for table, rows in history.rows.taken():
        if on_sqlite:
            insert_rows(session, table, rows)
        elif rows:
            _copy_rows(session.connection(), table, rows)
    if on_sqlite and history.words:
        learn = text("INSERT INTO search (rowid, body) VALUES (:id, :body)")
        session.execute(learn, [{"id": number, "body": body} for number, body in history.words])
    elif history.words:
        _copy(session.connection(), "search", ["id", "body"], ((one, _vector(body)) for one, body in history.words))
    history.words.clear()


def _copy_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    names = list(rows[0])
    convert = [table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in names]
    columns = [
        [row[name] for row in rows] if to is None else [to(row[name]) for row in rows]
        for name, to in zip(names, convert, strict=True)
    ]
    _copy(connection, table.name, names, zip(*columns, strict=True))


def _copy(connection: Connection, table: str, names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{name}"' for name in names)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def _vector(body: str) -> str:
    return " ".join(f"'{word}':{place}" for place, word in enumerate(body.split(), start=1))


@contextmanager
def _without_indexes(database: Database) -> Iterator[None]:
    """On PostgreSQL: what is not unique is indexed at the end, once, instead of a million times."""
    if database.path is not None:
        yield
        return
    indexes = [one for table in Row.metadata.sorted_tables for one in table.indexes if not one.unique]
    _each(database, [str(DropIndex(one, if_exists=True).compile()) for one in indexes] + ["DROP INDEX search_body"])
    yield
    gin = "CREATE INDEX search_body ON search USING gin (body)"
    _each(database, [f"SET maintenance_work_mem = '{MEMORY}'", *map(_made, indexes), gin])


def _made(index: Index) -> str:
    from sqlalchemy.dialects.postgresql import dialect

    return str(CreateIndex(index).compile(dialect=dialect()))  # type: ignore[no-untyped-call]  # of SQLAlchemy


def _each(database: Database, statements: Sequence[str]) -> None:
    with database.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()


def _finish(database: Database) -> None:
    """On PostgreSQL: the next numbers, and what autovacuum would have learnt long ago."""
    with database.connect() as connection:
        if connection.dialect.name == "sqlite":
            return
        for table in Row.metadata.sorted_tables:
            column = table.autoincrement_column
            if column is None or (last := connection.scalar(select(func.max(column)))) is None:
                continue
            name = connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
            connection.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": last})
        connection.commit()
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
