"""JSON answers of APIs, read without trust."""

from __future__ import annotations

import json
from typing import Any

from crawlers.parsing.raw import Unreadable


def load(body: bytes) -> Any:
    """The value of a JSON body, control characters inside strings allowed. Raises Unreadable."""
    try:
        return json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        shown = body[:80].decode("utf-8", "replace")
        raise Unreadable(f"no JSON: {shown!r}" if body.strip() else "an empty answer") from None


def read_line(line: str | bytes) -> Any:
    """One line of a stream as JSON, or None."""
    try:
        return json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return None


def listed(found: Any, *names: str) -> list[Any]:
    """The first of the lists called `names` in an answer. Raises Unreadable with what the answer says instead."""
    if isinstance(found, dict):
        for name in names:
            if isinstance(found.get(name), list):
                entries: list[Any] = found[name]
                return entries
    raise Unreadable(said(found))


def changes_in(found: Any) -> list[tuple[Any, Any]]:
    """The changes that a webhook of Meta tells, each with the entry that holds it."""
    return [
        (change, entry)
        for entry in dig(found, "entry")
        for change in (dig(entry, "changes") if isinstance(dig(entry, "changes"), list) else ())
    ]


def by_id(found: Any) -> list[Any] | None:
    """The objects of an answer to a question for several ids: {"1": {"id": "1", …}, …}; None for anything else."""
    if not isinstance(found, dict) or not found:
        return None
    several = all(isinstance(entry, dict) and str(entry.get("id")) == name for name, entry in found.items())
    return list(found.values()) if several else None


def expect(entries: list[Any], *names: str) -> list[Any]:
    """The entries of a list, when any of them has one of these keys; otherwise they are something else's.

    An empty list is of every kind. Raises Unreadable.
    """
    if entries and not any(isinstance(entry, dict) and any(name in entry for name in names) for entry in entries):
        raise Unreadable(f"entries of another kind: {said(entries[0])}")
    return entries


def dig(found: Any, *path: str | int) -> Any:
    """The value at a path of keys and positions, or None where there is none."""
    for step in path:
        if isinstance(step, str):
            found = found.get(step) if isinstance(found, dict) else None
        else:
            found = found[step] if isinstance(found, list) and -len(found) <= step < len(found) else None
    return found


def said(found: Any) -> str:
    """What an error body says, in the words of any of the usual envelopes."""
    error = dig(found, "error")
    for text in (
        dig(error, "message"), dig(found, "errors", 0, "detail"), dig(found, "errors", 0, "message"),
        dig(found, "error_message"), dig(found, "message"), dig(found, "detail"), error, dig(found, "status"),
    ):  # fmt: skip
        if isinstance(text, str) and text:
            return f"an error: {text[:200]}"
    names = ", ".join(list(found)[:8]) if isinstance(found, dict) else type(found).__name__
    return f"nothing of this kind in it ({names})"


def seconds(stamp: Any) -> float | None:
    """Google's {seconds: "…", nanos: …} or [seconds, nanos] as epoch seconds."""
    whole, nanos = (
        (stamp.get("seconds"), stamp.get("nanos")) if isinstance(stamp, dict) else (dig(stamp, 0), dig(stamp, 1))
    )
    if isinstance(whole, bool) or not isinstance(whole, int | str):
        return None
    return int(whole) + (nanos / 1e9 if isinstance(nanos, int) else 0.0)
