"""Durations as people write them: 30s, 15m, 2h, 3d, 1w, or several of them (1h30m); 1y and 100ms as Alertmanager."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_MILLISECONDS = {"ms": 1, **{unit: 1000 * seconds for unit, seconds in _SECONDS.items()}, "y": 365 * 86_400_000}
_PART = re.compile(r"(\d+)(ms|[smhdwy])")
_WHOLE = re.compile(f"(?:{_PART.pattern})+")


def parse_duration(value: Any) -> timedelta:
    """Reads `15m`, `1h30m`, `3d`, 0. Any other bare number has no unit and raises ValueError, as does anything else."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    if text == "0" and not isinstance(value, float):
        return timedelta(0)
    if not isinstance(value, str) or not _WHOLE.fullmatch(text):
        raise ValueError(f"{value!r} is no duration: write a number with its unit, such as 30s, 15m, 2h, 3d or 1w")
    try:
        return timedelta(milliseconds=sum(int(number) * _MILLISECONDS[unit] for number, unit in _PART.findall(text)))
    except OverflowError:
        raise ValueError(f"{text[:60]} is longer than two million years") from None


def write_duration(value: timedelta) -> str:
    """The shortest spelling that `parse_duration` reads back: 5400 s is `1h30m`."""
    rest = int(value.total_seconds())
    parts = []
    for unit, seconds in reversed(_SECONDS.items()):
        count, rest = divmod(rest, seconds)
        if count:
            parts.append(f"{count}{unit}")
    if value.microseconds:
        parts.append(f"{value.microseconds // 1000}ms")
    return "".join(parts) or "0s"


def say_duration(length: timedelta, language: str) -> str:
    """For a reader (`ja`, else English), in minutes: the largest unit, and the next one where that tells something.

    135 minutes are 2時間15分, 2 h 15 min; three days and more have no hours.
    """
    minutes = round(abs(length).total_seconds() / 60)
    days, hours = divmod(minutes // 60, 24)
    rest = minutes % 60
    units = ("日", "時間", "分") if language == "ja" else (" d", " h", " min")
    gap = "" if language == "ja" else " "
    if days >= 3:
        return f"{days}{units[0]}"
    if days:
        return f"{days}{units[0]}" + (f"{gap}{hours}{units[1]}" if hours else "")
    if hours:
        return f"{hours}{units[1]}" + (f"{gap}{rest}{units[2]}" if rest and hours < 6 else "")
    return f"{rest}{units[2]}"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(write_duration),
    WithJsonSchema({"type": "string", "examples": ["15m", "3d"]}),
]
