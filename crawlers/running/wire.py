"""How handovers travel from the crawling process to its parent: one JSON list a line."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from storage.item import Finished, Gone, Handover, Item, Refused, WindowRead

END = b"\n"  # after the last line of the jobs that were asked for

_FIELDS = tuple(Item.__slots__)
_MOMENTS = tuple(index for index, name in enumerate(_FIELDS) if name.endswith("_at"))
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat).encode


def write(key: str, entry: Handover) -> bytes:
    """One line, its end included."""
    if isinstance(entry, Item):
        values: Any = ["item", key, *[getattr(entry, name) for name in _FIELDS]]
    elif isinstance(entry, Refused):
        values = ["refused", key, entry.disposition, entry.reason, entry.external_id, entry.excerpt]
    elif isinstance(entry, Gone):
        values = ["gone", key, entry.external_id]
    elif isinstance(entry, WindowRead):
        values = ["window", key, entry.since, sorted(entry.ids)]
    else:
        values = ["finished", key, entry.cursor, entry.error, entry.retry_after, entry.refused, entry.requests]
    return _dump(values).encode("utf-8", "replace") + b"\n"


def read(line: bytes) -> tuple[str, Handover]:
    """What `write` wrote. Raises ValueError for anything else."""
    what, key, *values = json.loads(line)
    if what == "item":
        for index in _MOMENTS:
            if values[index] is not None:
                values[index] = datetime.fromisoformat(values[index])
        return key, Item(*values)
    if what == "refused":
        return key, Refused(*values)
    if what == "gone":
        return key, Gone(*values)
    if what == "window":
        return key, WindowRead(datetime.fromisoformat(values[0]), frozenset(values[1]))
    if what == "finished":
        return key, Finished(*values)
    raise ValueError(f"unknown line {what!r}")
