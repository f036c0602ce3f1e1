"""Rows of benchmarks/two_years.py on their way into a database, and draws that cost next to nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Table

from storage.tables import Row

T = TypeVar("T")
END = datetime(2026, 11, 16, tzinfo=UTC)
DAYS = 730
BEGIN = END - timedelta(days=DAYS)


class Rows:
    """Rows by table, with every column that the table has; written in the order in which tables refer to each other."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._blank = {table.name: _blank(table) for table in Row.metadata.sorted_tables}

    def add(self, model: type[Row], /, **values: Any) -> None:
        """One row; what is not given takes the default of its column."""
        name = model.__tablename__
        self._rows.setdefault(name, []).append({**self._blank[name], **values})

    def taken(self) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
        """Hands them over table by table, and forgets them."""
        for table in Row.metadata.sorted_tables:
            yield table, self._rows.pop(table.name, [])


def _blank(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in table.columns:
        if column is table.autoincrement_column:
            continue  # given, or left to the database
        default: Any = column.default.arg if column.default is not None else None
        found[column.name] = default(None) if callable(default) else default
    return found


def drawn(weighted: Sequence[tuple[T, float]]) -> list[T]:
    """A thousand of them by weight: drawing one is one multiplication."""
    whole = sum(weight for _, weight in weighted)
    return [one for one, weight in weighted for _ in range(round(1000 * weight / whole))]


def one_of(draw: random.Random, among: Sequence[T]) -> T:
    return among[int(draw.random() * len(among))]
