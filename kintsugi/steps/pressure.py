"""Whether crawls are put off: where a later step is behind, what more is read would only stand in line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from config.settings import Settings
from kintsugi.metrics.backlog import backlog


@dataclass(frozen=True, slots=True)
class Pressure:
    """Why no crawl is started: so much waits for this step, and crawls go on below the limit."""

    step: str
    waiting: int
    limit: int

    def __str__(self) -> str:
        return f"put off: {self.waiting:,} wait for the step {self.step}; crawls go on below {self.limit:,}"


def pressure(session: Session, settings: Settings, at: datetime) -> Pressure | None:
    """What is furthest behind, if it is behind by crawlers.put_off_at or more; None: crawls may begin.

    A crawl that has begun goes on to its end: it would lose its place.
    """
    limit = settings.crawlers.put_off_at
    most = max(backlog(session, at, jobs=settings.engine == "postgres"), key=lambda one: one.items)
    return Pressure(most.step, most.items, limit) if most.items >= limit else None
