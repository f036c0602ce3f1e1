"""Inserts many rows at once, at the speed of the driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Dialect, TableClause, insert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.orm import Session

_Convert = Callable[[Any], Any]


def insert_rows(
    session: Session,
    table: TableClause,
    rows: Sequence[Mapping[str, Any]],
    *,
    alike: Mapping[str, Any] = MappingProxyType({}),
    skip_known: bool = False,
) -> None:
    """What `session.execute(insert(table), rows)` does, in a quarter of the time.

    `alike` are columns in which all rows hold the same. All rows must have the same keys, and every column without a
    default in the database must be among them. SQLAlchemy converts row by row; here the statement is compiled once and
    the values are converted column by column.
    """
    if not rows:
        return
    connection = session.connection()
    sql, positions, converters = _compiled(table, (*rows[0], *alike), skip_known, connection.dialect)
    columns = [
        _converted([alike[name]] * len(rows) if name in alike else [row[name] for row in rows], convert)
        for name, convert in zip(positions, converters, strict=True)
    ]
    values = zip(*columns, strict=True)
    if connection.dialect.positional:
        connection.exec_driver_sql(sql, list(values))
    else:
        connection.exec_driver_sql(sql, [dict(zip(positions, one, strict=True)) for one in values])


@lru_cache(maxsize=64)
def _compiled(
    table: TableClause, names: tuple[str, ...], skip_known: bool, dialect: Dialect
) -> tuple[str, tuple[str, ...], tuple[_Convert | None, ...]]:
    """The statement that inserts these columns, its parameters in order, and what turns a value into the driver's."""
    statement = insert(table)
    if skip_known:
        postgres = dialect.name == "postgresql"
        statement = postgres_insert(table).on_conflict_do_nothing() if postgres else statement.prefix_with("OR IGNORE")
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    positions = tuple(compiled.positiontup or names)
    converters = tuple(compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in positions)
    return str(compiled), positions, converters


def _converted(values: list[Any], convert: _Convert | None) -> list[Any]:
    """The values as the driver takes them; in many columns all rows hold one and the same object."""
    if convert is None:
        return values
    if len(set(map(id, values))) == 1:
        return [convert(values[0])] * len(values)
    return [convert(value) for value in values]
