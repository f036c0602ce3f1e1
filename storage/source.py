"""Sources: the places that are watched, what was seen there, and the account of every crawl."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.schema import Row


class Source(Row):
    """One place that is watched. `key` is its name in kintsugi.yaml."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    # What the crawler wants back next time: newest id, ETag, page token … Its own business.
    cursor: Mapped[dict[str, Any]] = mapped_column(default=dict)
    due_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    paused_why: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)


class Crawl(Row):
    """One crawl of one source, with its account: fetched = new + revised + unchanged + ignored + rejected."""

    __tablename__ = "crawl"
    # PostgreSQL finds the last crawl of a source by one jump only where its number stands in the index.
    __table_args__ = (Index("ix_crawl_source_id", "source_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    # running, done, failed (the source could not be read), cut (the process ended before the crawl did)
    state: Mapped[str] = mapped_column(default="running")
    fetched: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    revised: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    ignored: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    requests: Mapped[int] = mapped_column(default=0)  # what was asked of the site, for the daily budget
    error: Mapped[str | None]

    def adds_up(self) -> bool:
        """Whether nothing disappeared between reading and storing."""
        return self.fetched == self.new + self.revised + self.unchanged + self.ignored + self.rejected


class Refusal(Row):
    """One item that a crawl read and did not store, with its reason."""

    __tablename__ = "refusal"
    __table_args__ = (Index(None, "crawl_id", "disposition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawl.id"))
    disposition: Mapped[str]  # ignored (not about us, erased author, spam rule) or rejected (unusable)
    reason: Mapped[str]
    external_id: Mapped[str | None]
    excerpt: Mapped[str | None]  # at most 500 characters of the raw item; never for an erased author


def source_by_key(session: Session, key: str, kind: str) -> Source:
    """The row of a configured source, made on first use. The kind follows the configuration."""
    source = session.scalar(select(Source).where(Source.key == key))
    if source is None:
        try:
            with session.begin_nested():
                source = Source(key=key, kind=kind, cursor={}, failures=0)
                session.add(source)
        except IntegrityError:  # another transaction was first, and we waited for it
            source = session.scalars(select(Source).where(Source.key == key)).one()
    elif source.kind != kind:
        source.kind = kind
    return source
