"""How the sources are: when each was last read, what came of it, whether it is paused or late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kintsugi.steps.pressure import Pressure, pressure
from storage.source import Crawl, Source

if TYPE_CHECKING:
    from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Health:
    """One source. `word`: fine, new (not read yet), failing, paused, late, pushed (others send to it), put_off.

    `behind`: the later step for which a source is put off.
    """

    key: str
    kind: str
    word: str
    last: datetime | None
    due_at: datetime | None
    paused_until: datetime | None
    why: str | None
    crawl: Crawl | None
    behind: Pressure | None = None

    @property
    def health(self) -> str:
        """How it is marked."""
        return {
            "fine": "fine",
            "pushed": "fine",
            "failing": "failed",
            "late": "late",
            "paused": "late",
            "put_off": "late",
        }.get(self.word, "")


def healths(session: Session, settings: Settings, at: datetime) -> list[Health]:
    """Every configured source, in the order of the settings."""
    rows = {row.key: row for row in session.scalars(select(Source))}
    # The last crawl of each source by its own jump into the index: crawls are many.
    last = select(func.max(Crawl.id)).where(Crawl.source_id == Source.id).correlate(Source).scalar_subquery()
    crawls = {row.source_id: row for row in session.scalars(select(Crawl).join(Source, Crawl.id == last))}
    behind = pressure(session, settings, at)
    found = []
    for key, source in settings.sources.items():
        row = rows.get(key)
        crawl = crawls.get(row.id) if row else None
        health = _health(key, source.kind, row, crawl, at, late=source.every)
        if behind is not None and health.word in ("fine", "new", "late") and (health.due_at or at) <= at:
            health = replace(health, word="put_off", why=str(behind), behind=behind)
        found.append(health)
    return found


def _health(key: str, kind: str, row: Source | None, crawl: Crawl | None, at: datetime, late: timedelta) -> Health:
    word, why = "fine", None
    if kind == "webhook":
        word = "pushed"
    elif row is None or crawl is None:
        word = "new"
    elif row.paused_until is not None and row.paused_until > at:
        word, why = "paused", row.paused_why
    elif row.failures:
        word, why = "failing", crawl.error
    elif row.due_at is not None and at > row.due_at + late:
        word = "late"
    return Health(
        key=key,
        kind=kind,
        word=word,
        last=(crawl.finished_at or crawl.started_at) if crawl else None,
        due_at=row.due_at if row else None,
        paused_until=row.paused_until if row else None,
        why=why,
        crawl=crawl,
    )
