"""The listing: one slim row a mention with what lists filter and figures count by, derived from the other tables.

A million mentions are filtered and counted without touching their texts. Every row can be made anew from mention,
latest revision, assessment, corrections and case at any time (`list_mentions`); nothing is stored only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BindParameter, ForeignKey, Index, Select, Table, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.assessment import Assessment
from storage.bulk import insert_rows
from storage.case import Case
from storage.correction import Correction
from storage.mention import Mention, Revision
from storage.schema import Row
from storage.search import index_texts
from storage.tally import tally

BATCH = 500  # below SQLite's limit of variables in one statement
_CAUSED = text("cause IS NOT NULL")


class Listing(Row):
    """What a mention says now, as far as lists and figures need it. What is gone stays, with `gone`."""

    __tablename__ = "listing"
    __table_args__ = (
        Index(None, "at", "mention_id"),
        Index("ix_listing_source", "source_id", "at"),
        Index("ix_listing_location", "location", "at"),
        Index("ix_listing_sentiment", "sentiment", "at"),
        Index("ix_listing_topic", "topic", "at"),
        Index("ix_listing_language", "language", "at"),
        Index("ix_listing_stars", "stars", "at"),
        Index("ix_listing_severity", "severity", "at"),
        Index("ix_listing_hour", "hour", "sentiment", "topic", "location", "source_id"),
        # What is counted over a year: a count within these costs a fifteenth of a row that is read.
        Index("ix_listing_mood", "sentiment", "hour"),
        Index("ix_listing_complaints", "sentiment", "topic", "location", "hour"),
        Index("ix_listing_topics", "topics", "at"),
        Index("ix_listing_cause", "cause", "topic", "at", sqlite_where=_CAUSED, postgresql_where=_CAUSED),
    )

    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    searched_id: Mapped[int | None]  # the revision whose words the search knows
    at: Mapped[datetime]  # posted, or first seen where the source gives no date
    hour: Mapped[int]  # `at` in whole hours since 1970: figures are counted by it
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    kind: Mapped[str]
    location: Mapped[str | None]
    product_version: Mapped[str | None]
    stars: Mapped[int | None]  # the rating, rounded
    language: Mapped[str | None]
    # As the model said, or as a person corrected it; None: not assessed yet.
    sentiment: Mapped[str | None]
    severity: Mapped[str | None]
    topic: Mapped[str | None]  # the strongest
    topics: Mapped[str] = mapped_column(default="")  # all, each between commas: ",food,staff,"
    gone: Mapped[bool] = mapped_column(default=False)
    cause: Mapped[str | None]  # of its case: why the failure happened


_LISTING = cast(Table, Listing.__table__)


def list_mentions(session: Session, mention_ids: Sequence[int], *, words: bool = True) -> None:
    """Makes the rows of these mentions anew. `words`: the search learns their texts as well."""
    for start in range(0, len(mention_ids), BATCH):
        _list_batch(session, sorted(set(mention_ids[start : start + BATCH])), words=words)


def list_revisions(session: Session, revision_ids: Sequence[int], *, words: bool = True) -> None:
    """The same, by the ids of revisions."""
    for start in range(0, len(revision_ids), BATCH):
        theirs = select(Revision.mention_id).where(Revision.id.in_(revision_ids[start : start + BATCH])).distinct()
        _list_batch(session, sorted(session.scalars(theirs)), words=words)


def forget_words(session: Session, mention_ids: Sequence[int]) -> None:
    """Takes the texts of these mentions out of the search. Call it while their revisions still say what they said."""
    for start in range(0, len(mention_ids), BATCH):
        theirs = _LISTING.c.mention_id.in_(mention_ids[start : start + BATCH])
        known = session.execute(select(_LISTING.c.mention_id, _LISTING.c.searched_id).where(theirs)).all()
        index_texts(session, [(mention, searched, None) for mention, searched in known if searched is not None])
        session.execute(update(_LISTING).where(theirs).values(searched_id=None))


def _list_batch(session: Session, mention_ids: Sequence[int], *, words: bool) -> None:
    session.flush()
    columns = (_LISTING.c.mention_id, _LISTING.c.searched_id, _LISTING.c.hour, _LISTING.c.sentiment)
    listed = session.execute(select(*columns).where(_LISTING.c.mention_id.in_(mention_ids))).all()
    known = {row.mention_id: row.searched_id for row in listed}
    found = session.execute(_TRUE, {"ids": mention_ids}).all()
    corrected = _corrections(session, [row.revision_id for row in found])
    rows = [_row(row, corrected.get(row.revision_id, {}), known.get(row.mention_id)) for row in found]
    if words:
        changed = [row for row in rows if row["searched_id"] != row["revision_id"]]
        index_texts(session, [(row["mention_id"], row["searched_id"], row["revision_id"]) for row in changed])
        for row in changed:
            row["searched_id"] = row["revision_id"]
    if known:
        session.execute(delete(_LISTING).where(_LISTING.c.mention_id.in_(list(known))))
    insert_rows(session, _LISTING, rows)
    tally(
        session,
        before=((row.hour, row.sentiment) for row in listed),
        now=((row["hour"], row["sentiment"]) for row in rows),
    )


def _sources_of_truth() -> Select[*tuple[Any, ...]]:
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    newest = (
        select(Revision.mention_id, func.max(Revision.number).label("number"))
        .where(Revision.mention_id.in_(ids))
        .group_by(Revision.mention_id)
        .subquery()
    )
    return (
        select(
            Mention.id.label("mention_id"),
            Mention.posted_at,
            Mention.first_seen_at,
            Mention.source_id,
            Mention.kind,
            Mention.location,
            Mention.product_version,
            Mention.language_hint,
            Mention.gone_at,
            Case.cause,
            Revision.id.label("revision_id"),
            Revision.rating,
            Assessment.language,
            Assessment.sentiment,
            Assessment.severity,
            Assessment.topics,
        )
        .join(newest, newest.c.mention_id == Mention.id)
        .join(Revision, (Revision.mention_id == newest.c.mention_id) & (Revision.number == newest.c.number))
        .outerjoin(Assessment, Assessment.revision_id == Revision.id)
        .outerjoin(Case, Case.mention_id == Mention.id)
    )


# Made once: making a statement costs more than asking it.
_TRUE = _sources_of_truth()


def _corrections(session: Session, revision_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    rows = select(Correction).where(Correction.revision_id.in_(revision_ids)).order_by(Correction.id)
    for row in session.scalars(rows):
        found.setdefault(row.revision_id, {})[row.field] = row.after["value"]
    return found


def _row(row: Any, corrected: dict[str, Any], searched_id: int | None) -> dict[str, Any]:
    at: datetime = row.posted_at or row.first_seen_at
    topics: list[str] = corrected.get("topics") or [topic["name"] for topic in row.topics or []]
    return {
        "mention_id": row.mention_id,
        "revision_id": row.revision_id,
        "searched_id": searched_id,
        "at": at,
        "hour": int(at.timestamp()) // 3600,
        "source_id": row.source_id,
        "kind": row.kind,
        "location": row.location,
        "product_version": row.product_version,
        "stars": None if row.rating is None else max(1, min(5, round(row.rating))),
        "language": row.language or row.language_hint,
        "sentiment": corrected.get("sentiment") or row.sentiment,
        "severity": corrected.get("severity") or row.severity,
        "topic": topics[0] if topics else None,
        "topics": f",{','.join(topics)}," if topics else "",
        "gone": row.gone_at is not None,
        "cause": row.cause,
    }
