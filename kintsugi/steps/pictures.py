"""Draws the pictures that messages carry, and keeps them beside the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from config.settings import Settings

log = structlog.get_logger(__name__)

Points = Sequence[Sequence[Any]]  # rows of [start, mentions, negative, expected, upper edge]


class Pictures:
    """Pictures of incidents: noted inside a transaction, drawn after it, since drawing takes seconds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._noted: dict[str, tuple[str, Points]] = {}

    def note(self, name: str, title: str, points: Points) -> str | None:
        """The path at which the picture will be."""
        self._noted[name] = (title, points)
        return str(self._path(name))

    def draw(self, settings: Settings, at: datetime) -> None:
        """Draws what was noted. A picture that cannot be drawn never holds up its message."""
        from reports.charts import png, volume_chart

        language = "ja" if settings.brand.languages[0] == "ja" else "en"
        offset = at.astimezone(settings.brand.zone).utcoffset()
        assert offset is not None, "a brand has a time zone"
        while self._noted:
            name, (title, points) = self._noted.popitem()
            try:
                picture = png(volume_chart(title, points, language, offset))
            except RuntimeError as error:
                log.error("chart", incident=name, error=str(error))
                continue
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path(name).write_bytes(picture)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.png"
