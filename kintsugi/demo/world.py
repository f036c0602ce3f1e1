"""What people said about the sample brand, and how it stands at any moment of its 21 days."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Tokyo")
START = datetime(2025, 11, 10, tzinfo=ZONE)  # a Monday: the script speaks of weekdays and of autumn
LENGTH = timedelta(days=21)
SCRIPT = Path(__file__).with_name("script")
SOURCES = ("app-store", "mastodon", "news", "guest-book")


@dataclass(frozen=True, slots=True)
class Said:
    """One mention as its site shows it at one moment: the last edit counts. `edited_at` is None before the first."""

    source: str
    id: str
    author: str | None
    author_id: str | None
    language: str
    country: str | None
    title: str | None
    text: str
    rating: int | None
    location: str | None
    version: str | None
    likes: int
    written: str | None  # a date as somebody typed it, where it is not that of `posted_at`
    posted_at: datetime
    edited_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        """When it was written or last edited."""
        return self.edited_at or self.posted_at


class World:
    """The script, told against a beginning. Lines count their hours from `start`, which must be aware."""

    def __init__(self, lines: Iterable[Mapping[str, Any]], start: datetime = START) -> None:
        self._start = start
        self._lines: dict[str, list[Mapping[str, Any]]] = {}
        for line in lines:
            self._lines.setdefault(line["source"], []).append(line)

    def seen(self, source: str, at: datetime) -> list[Said]:
        """What a site shows at that moment, the oldest first: written by then, edited as by then, not deleted."""
        hours = (at - self._start) / timedelta(hours=1)
        return [
            self._said(line, hours)
            for line in self._lines.get(source, [])
            if line["at"] <= hours and hours < line.get("deleted_at", float("inf"))
        ]

    def _said(self, line: Mapping[str, Any], hours: float) -> Said:
        edits = [edit for edit in line.get("edits", []) if edit["at"] <= hours]
        now: dict[str, Any] = dict(line)
        for edit in edits:
            now |= edit
        return Said(
            source=line["source"],
            id=line["id"],
            author=line["author"],
            author_id=line.get("author_id"),
            language=line["language"],
            country=line.get("country"),
            title=now.get("title"),
            text=now["text"],
            rating=now.get("rating"),
            location=line.get("location"),
            version=line.get("version"),
            likes=line.get("likes", 0),
            written=line.get("written"),
            posted_at=self._moment(line["at"]),
            edited_at=self._moment(edits[-1]["at"]) if edits else None,
        )

    def _moment(self, hours: float) -> datetime:
        return self._start + timedelta(seconds=round(hours * 3600))


def read_script(folder: Path = SCRIPT) -> list[dict[str, Any]]:
    """All lines of the script, by source and time."""
    return [
        json.loads(line)
        for source in SOURCES
        for line in (folder / f"{source}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
