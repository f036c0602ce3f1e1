"""Labelled mentions, from JSON lines or CSV: what training learns from and evaluation measures on."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentiment.assessment import EMOTIONS, INTENTS, SENTIMENTS, SEVERITIES, TOPICS


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text and what a person says of it; None where nobody has said anything."""

    text: str
    language: str = "und"
    sentiment: str | None = None
    topics: tuple[str, ...] | None = None
    emotion: str | None = None
    severity: str | None = None
    rating: float | None = None
    kind: str | None = None
    source: str = "own"
    intent: str | None = None


def read_labelled(path: Path) -> list[Labelled]:
    """The rows of one file (.jsonl, .csv) or of all such files below a folder, in the order of their names.

    Columns: text and at least one of sentiment (or label), topics (in CSV separated by blanks or commas),
    emotion, severity, intent; language (or lang), rating, kind, source as known. Raises ValueError naming file, line
    and the allowed values for a label that does not exist.
    """
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".jsonl", ".csv"))
    if not files:
        raise ValueError(f"{path}: no .jsonl or .csv file here")
    return [_labelled(row, f"{file}:{line}") for file in files for line, row in _rows(file)]


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        if file.suffix == ".csv":
            yield from enumerate(csv.DictReader(lines), 2)
            return
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{file}:{number}: not JSON: {error.msg}") from None
            yield number, row


def _labelled(row: dict[str, Any], where: str) -> Labelled:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{where}: no text")
    rating = row.get("rating")
    return Labelled(
        text=text,
        language=str(row.get("language") or row.get("lang") or "und"),
        sentiment=_one(row.get("sentiment") or row.get("label"), SENTIMENTS, where),
        topics=_topics(row.get("topics"), where),
        emotion=_one(row.get("emotion"), EMOTIONS, where),
        severity=_one(row.get("severity"), SEVERITIES, where),
        rating=float(rating) if rating not in (None, "") else None,
        kind=row.get("kind") or None,
        source=str(row.get("source") or "own"),
        intent=_one(row.get("intent"), INTENTS, where),
    )


def _one(value: Any, allowed: Iterable[str], where: str) -> str | None:
    if value in (None, ""):
        return None
    name = str(value).strip().lower()
    if name not in allowed:
        raise ValueError(f"{where}: {value!r} is not one of {', '.join(allowed)}")
    return name


def _topics(value: Any, where: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = value.replace(",", " ").split() if isinstance(value, str) else value
    for name in names:
        _one(name, TOPICS, where)
    return tuple(names)
