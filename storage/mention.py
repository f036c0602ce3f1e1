"""Mentions: what somebody said in public, and every version of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.author import Author
from storage.schema import Row
from storage.source import Source

# In place of the digest of a mention whose text was let go when its time was over: what the site says is left there.
LET_GO = "let_go"
KEPT = f"digest != '{LET_GO}'"
EDITED = text("number = 2")


class Mention(Row):
    """One public utterance: a review (can carry a rating) or a post. Unique by (source, external id)."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        Index(
            "ix_mention_kept",
            "source_id",
            "posted_at",
            sqlite_where=text(KEPT),
            postgresql_where=text(KEPT),
        ),
        Index(None, "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    external_id: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    kind: Mapped[str]  # review or post
    url: Mapped[str | None]
    posted_at: Mapped[datetime | None]
    language_hint: Mapped[str | None]
    location: Mapped[str | None]
    product_version: Mapped[str | None]
    reach: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # The owner's reply as the source shows it, ours or one that was typed on the site.
    reply_text: Mapped[str | None]
    reply_at: Mapped[datetime | None]
    served_by: Mapped[str | None]  # who served the customer, as the source names them
    why: Mapped[str | None]  # why this is about the brand
    # Digest of what the source says now; equal digest means unchanged (see storage.identity).
    digest: Mapped[str]
    first_seen_at: Mapped[datetime]
    missed_at: Mapped[datetime | None]  # the first complete read that should have held it and did not
    gone_at: Mapped[datetime | None]

    source: Mapped[Source] = relationship()
    author: Mapped[Author | None] = relationship()


class Revision(Row):
    """What a mention said at one time. An edit adds one; nothing is overwritten."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("mention_id", "number"),
        # Few mentions are ever edited: this finds them without a look at the others.
        Index("ix_revision_edited", "seen_at", "mention_id", sqlite_where=EDITED, postgresql_where=EDITED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"))
    number: Mapped[int]  # 1, 2, 3 …
    title: Mapped[str | None]
    text: Mapped[str]
    rating: Mapped[float | None]  # 1 to 5
    rating_raw: Mapped[float | None]
    rating_scale: Mapped[float | None]  # the best value of the source's own scale
    edited_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    # Salt of digests that events keep of this text; erased with it, so that no digest can be guessed back.
    salt: Mapped[str]

    mention: Mapped[Mention] = relationship()


_REVISIONS = select(Revision).where(Revision.mention_id == bindparam("mention")).order_by(Revision.number)
_LATEST = _REVISIONS.order_by(None).order_by(Revision.number.desc()).limit(1)


def latest_revision(session: Session, mention_id: int) -> Revision:
    """What the mention says now."""
    return session.scalars(_LATEST, {"mention": mention_id}).one()


def revisions_of(session: Session, mention_id: int) -> list[Revision]:
    """Every version of a mention, oldest first."""
    return list(session.scalars(_REVISIONS, {"mention": mention_id}))
