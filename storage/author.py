"""Authors: the accounts that write, per source, and the tombstones of those who asked to be erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Row


class Author(Row):
    """One account on one source. Linked across sources only where it can be shown, never guessed."""

    __tablename__ = "author"
    __table_args__ = (UniqueConstraint("source_id", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    # The source's own id of the account; where it gives none, the name (see crawlers.item).
    external_id: Mapped[str]
    name: Mapped[str | None]
    url: Mapped[str | None]
    first_seen_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Tombstone(Row):
    """A keyed digest of an erased author: a later crawl recognises the account and stores nothing of it."""

    __tablename__ = "tombstone"

    digest: Mapped[str] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime]
