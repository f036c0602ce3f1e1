"""`kintsugi spikes --csv FILE --json`: the score of every row of a `timestamp,value` file, strictly in order."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from math import isfinite
from typing import NamedTuple

from alerts.spikes.detector import Detector, seconds_of

COLUMNS = ("timestamp", "value")
MISSING = ("", "nan", "null", "none", "na", "n/a", "-")
# As Excel writes it; text of ISO 8601 and seconds or milliseconds since 1970 are read besides.
_SLASHES = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_EPOCH = re.compile(r"(\d{9,10}|\d{12,13})(?:\.\d+)?")


class Row(NamedTuple):
    """One line of the file that holds a row."""

    line: int
    written: str
    moment: datetime
    value: float | None


def spikes_csv(lines: Iterable[str]) -> Iterator[dict[str, str | float | bool | None]]:
    """One `{timestamp, value, expected, score, spike}` a row, from that row and earlier ones only.

    The interval is that between the first two moments; `spike` is true only on the row that opens one. Other columns
    are passed over. A row without a value, or not later than all before it (a clock set back, a line twice), is
    answered with score 0 and taught to nobody. Reads no further than to the second moment, and only at the start.
    Raises ValueError, one line that names the line of the file.
    """
    rows = _rows(lines)
    read, interval = _start(rows)
    detector = Detector(interval)
    last, expected = float("-inf"), 0.0
    for row in chain(read, rows):
        at, score, opens = seconds_of(row.moment), 0.0, False
        if row.value is not None and at > last:
            last = at
            reading = detector.update(row.moment, row.value)
            expected, score, opens = reading.expected, reading.score, reading.opens
        value = row.value
        yield {
            "timestamp": row.written,
            "value": int(value) if value is not None and value.is_integer() else value,
            "expected": round(expected, 3),
            "score": round(score, 6),
            "spike": opens,
        }


def _start(rows: Iterator[Row]) -> tuple[list[Row], timedelta]:
    """The rows up to the first that is later than the first one, and the time between the two."""
    read: list[Row] = []
    for row in rows:
        read.append(row)
        seconds = seconds_of(row.moment) - seconds_of(read[0].moment)
        if seconds > 0:
            return read, timedelta(seconds=seconds)
    if not read:
        raise ValueError("the file has no rows: expected `timestamp,value`, then one row an interval")
    return read, timedelta(hours=1)  # a single moment has none; any will do


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    """Each row as it is written; empty lines are passed over."""
    reader = csv.reader(lines)
    header = next(reader, None)
    if header is None:
        return
    names = [name.strip().lower().lstrip("\ufeff") for name in header]
    if any(names.count(name) != 1 for name in COLUMNS):
        raise ValueError(f"line 1: expected the header `timestamp,value`, found `{','.join(header)[:80]}`")
    time, count = (names.index(name) for name in COLUMNS)
    zoned: bool | None = None
    for row in reader:
        if not any(row):
            continue
        line = reader.line_num
        if len(row) != len(names):
            raise ValueError(f"line {line}: expected `{','.join(header)[:80]}`, found {len(row)} columns")
        moment, value = _moment(row[time], line), _count(row[count], line)
        if zoned is not None and zoned != (moment.tzinfo is not None):
            raise ValueError(f"line {line}: {row[time]!r}: give every row a time zone, or none")
        zoned = moment.tzinfo is not None
        yield Row(line, row[time], moment, value)


def _moment(written: str, line: int) -> datetime:
    text = written.strip()
    try:
        if slashes := _SLASHES.fullmatch(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in slashes.groups())
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # no zone is written
        if epoch := _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(float(text) / (1000 if len(epoch[1]) > 10 else 1), UTC)
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"line {line}: {written!r} is no timestamp: write it like 2026-11-22 09:05:00") from None


def _count(written: str, line: int) -> float | None:
    if written.strip().lower() in MISSING:
        return None
    try:
        value = float(written)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < 0:
        raise ValueError(f"line {line}: {written!r} is no count: write a number from 0 up")
    return value
