"""`kintsugi spikes --csv FILE --json`: the score of every row of a `timestamp,value` file, strictly in order."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from math import isfinite

from alerts.spikes.detector import Detector, seconds_of

HEADER = ["timestamp", "value"]


def spikes_csv(lines: Iterable[str]) -> Iterator[dict[str, str | float | bool]]:
    """One `{timestamp, value, expected, score, spike}` a row, from that row and earlier ones only.

    The interval is that between the first two rows; `spike` is true only on the row that opens one. Reads no further
    than one row ahead, and only at the start. Raises ValueError, one line that names the line of the file.
    """
    rows = _rows(lines)
    first = next(rows, None)
    if first is None:
        raise ValueError("the file has no rows: expected `timestamp,value`, then one row an interval")
    second = next(rows, None)
    interval = timedelta(hours=1)  # a single row has none; any will do
    if second is not None:
        interval = timedelta(seconds=seconds_of(second[2]) - seconds_of(first[2]))
        if interval <= timedelta(0):
            raise ValueError(
                f"line {second[0]}: {second[1]} is not later than the row before it; sort the file by time"
            )
    detector = Detector(interval)
    for line, written, moment, value in chain([first], [] if second is None else [second], rows):
        try:
            reading = detector.update(moment, value)
        except ValueError:
            raise ValueError(
                f"line {line}: {written} is not later than the row before it; sort the file by time"
            ) from None
        yield {
            "timestamp": written,
            "value": int(value) if value.is_integer() else value,
            "expected": round(reading.expected, 3),
            "score": round(reading.score, 6),
            "spike": reading.opens,
        }


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, str, datetime, float]]:
    """Line number, timestamp as written, moment and count of each row; empty lines are passed over."""
    reader = csv.reader(lines)
    header = next(reader, None)
    if header is None:
        return
    if [name.strip().lower().lstrip("\ufeff") for name in header] != HEADER:
        raise ValueError(f"line 1: expected the header `timestamp,value`, found `{','.join(header)[:80]}`")
    zoned: bool | None = None
    for row in reader:
        if not row:
            continue
        line = reader.line_num
        if len(row) != len(HEADER):
            raise ValueError(f"line {line}: expected `timestamp,value`, found {len(row)} columns")
        moment, value = _moment(row[0], line), _count(row[1], line)
        if zoned is not None and zoned != (moment.tzinfo is not None):
            raise ValueError(f"line {line}: {row[0]!r}: give every row a time zone, or none")
        zoned = moment.tzinfo is not None
        yield line, row[0], moment, value


def _moment(written: str, line: int) -> datetime:
    try:
        return datetime.fromisoformat(written.strip())
    except ValueError:
        raise ValueError(f"line {line}: {written!r} is no timestamp: write it like 2026-11-22 09:05:00") from None


def _count(written: str, line: int) -> float:
    try:
        value = float(written)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < 0:
        raise ValueError(f"line {line}: {written!r} is no count: write a number from 0 up")
    return value
