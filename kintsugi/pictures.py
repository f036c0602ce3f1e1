"""Draws the pictures that messages carry, and keeps them beside the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from alerts.spikes.telling import Chart
from config.clock import Clock
from config.settings import Settings

log = structlog.get_logger(__name__)


def spike_pictures(settings: Settings, folder: Path, clock: Clock) -> Chart:
    """Draws the volume of an incident into `folder`. A picture that cannot be drawn never holds up its message."""

    def draw(name: str, title: str, points: Sequence[Sequence[Any]]) -> str | None:
        from reports.charts import png, volume_chart

        now: datetime = clock.now()
        offset = now.astimezone(settings.brand.zone).utcoffset()
        assert offset is not None, "a brand has a time zone"
        language = "ja" if settings.brand.languages[0] == "ja" else "en"
        try:
            picture = png(volume_chart(title, points, language, offset))
        except RuntimeError as error:
            log.error("chart", incident=name, error=str(error))
            return None
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        path.write_bytes(picture)
        return str(path)

    return draw
