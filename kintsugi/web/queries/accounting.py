"""The account of the crawls: what was read, what became of it, and what was refused for which reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.delivery import Delivery
from storage.source import Crawl, Refusal, Source

FIGURES = ("fetched", "new", "revised", "unchanged", "ignored", "rejected")
CRAWLS, REASONS, EXAMPLES, CANARIES = 30, 20, 3, 10


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over crawls. `whole` is False where something disappeared between reading and storing."""

    crawls: int = 0
    failed: int = 0
    fetched: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    ignored: int = 0
    rejected: int = 0

    @property
    def whole(self) -> bool:
        """Whether the account adds up."""
        return self.fetched == self.new + self.revised + self.unchanged + self.ignored + self.rejected


@dataclass(frozen=True, slots=True)
class Refused:
    """Why items were read and not stored, how often, and how some of them began."""

    disposition: str
    reason: str
    count: int
    examples: list[str]


@dataclass(frozen=True, slots=True)
class Canary:
    """What the operator was told about a source."""

    at: datetime
    title: str
    lines: list[str]


def totals_since(session: Session, since: datetime) -> dict[str, Totals]:
    """The account of each source from a moment on, by its name."""
    failed = func.sum((Crawl.state == "failed").cast(Crawl.fetched.type))
    sums = [func.sum(getattr(Crawl, name)) for name in FIGURES]
    rows = session.execute(
        select(Source.key, func.count(), failed, *sums)
        .join(Source, Source.id == Crawl.source_id)
        .where(Crawl.started_at >= since)
        .group_by(Source.key)
    )
    return {key: Totals(*(int(value or 0) for value in values)) for key, *values in rows}


def crawls_of(session: Session, source_id: int) -> Sequence[Crawl]:
    """The last crawls, the newest first."""
    query = select(Crawl).where(Crawl.source_id == source_id).order_by(Crawl.id.desc()).limit(CRAWLS)
    return session.scalars(query).all()


def refusals_of(session: Session, crawls: Sequence[Crawl]) -> list[Refused]:
    """The reasons of these crawls, the most frequent first."""
    ids = [crawl.id for crawl in crawls]
    rows = session.execute(
        select(Refusal.disposition, Refusal.reason, func.count())
        .where(Refusal.crawl_id.in_(ids))
        .group_by(Refusal.disposition, Refusal.reason)
        .order_by(func.count().desc())
        .limit(REASONS)
    ).all()
    found = []
    for disposition, reason, count in rows:
        some = (
            select(Refusal.excerpt)
            .where(Refusal.crawl_id.in_(ids), Refusal.disposition == disposition, Refusal.reason == reason)
            .where(Refusal.excerpt.is_not(None))
            .limit(EXAMPLES)
        )
        found.append(Refused(disposition, reason, count, [one for one in session.scalars(some) if one]))
    return found


def canaries_of(session: Session, key: str | None = None) -> list[Canary]:
    """The last times that a source was reported: silent, without authors, refused. `key` None: any source."""
    start = "canary:" if key is None else f"canary:{key}:"
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.key.startswith(start, autoescape=True))
        .order_by(Delivery.id.desc())
        .limit(CANARIES)
    )
    return [
        Canary(row.made_at, str(row.payload.get("title", "")), [str(one) for one in row.payload.get("lines", [])])
        for row in rows
    ]
