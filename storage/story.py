"""Stories: mentions that say the same thing again. The first one stands for all; copies are kept and counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Table, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.bulk import insert_rows
from storage.mention import Mention
from storage.schema import Row


class StoryBand(Row):
    """A part of the signature of a mention that may have copies. `method` names what made it: others never match."""

    __tablename__ = "story_band"

    method: Mapped[str] = mapped_column(primary_key=True)
    band: Mapped[str] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), primary_key=True, index=True)


class StoryCopy(Row):
    """A mention that repeats an earlier one."""

    __tablename__ = "story_copy"

    mention_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("mention.id"), index=True)
    why: Mapped[str]  # same_author, same_hour or passed_on
    joined_at: Mapped[datetime]


# Made once, and over the tables: every mention that may open a case comes through here.
_BAND, _COPY = cast(Table, StoryBand.__table__), cast(Table, StoryCopy.__table__)
_FIRSTS_LIKE = (
    select(StoryBand.mention_id)
    .join(Mention, Mention.id == StoryBand.mention_id)
    .where(StoryBand.method == bindparam("method"), StoryBand.band.in_(bindparam("bands", expanding=True)))
    .where(StoryBand.mention_id != bindparam("mention"), StoryBand.mention_id.not_in(select(StoryCopy.mention_id)))
    .where(Mention.first_seen_at >= bindparam("since"), Mention.gone_at.is_(None))
    .distinct()
    .order_by(StoryBand.mention_id)
)
_LEAVE_BANDS = delete(_BAND).where(_BAND.c.mention_id == bindparam("mention"))
_LEAVE_COPY = delete(_COPY).where(_COPY.c.mention_id == bindparam("mention"))


def firsts_like(session: Session, method: str, bands: Sequence[str], mention_id: int, since: datetime) -> list[int]:
    """Mentions first seen after `since` that share a band with this one and are no copies themselves, oldest first."""
    asked = {"method": method, "bands": bands, "mention": mention_id, "since": since}
    return list(session.scalars(_FIRSTS_LIKE, asked))


def remember_bands(session: Session, method: str, bands: Sequence[str], mention_id: int) -> None:
    """Notes the signature of a mention, by which later ones find it."""
    insert_rows(session, _BAND, [{"band": band} for band in bands], alike={"method": method, "mention_id": mention_id})


def leave_story(session: Session, mention_id: int) -> None:
    """Forgets what was known of a mention's text, before a newer one is looked at."""
    session.execute(_LEAVE_BANDS, {"mention": mention_id})
    session.execute(_LEAVE_COPY, {"mention": mention_id})


_COPIES = select(func.count()).where(StoryCopy.first_id == bindparam("first"))
_REACH = select(Mention.reach).where(StoryCopy.mention_id == Mention.id, StoryCopy.first_id == bindparam("first"))


def copies_of(session: Session, mention_id: int) -> int:
    """How many copies of this mention are known."""
    return session.scalar(_COPIES, {"first": mention_id}) or 0


def reach_of(session: Session, mention: Mention) -> int | None:
    """How many a mention reached with all its copies; a copy without a figure counts as one. None: nothing is known."""
    own = max(mention.reach.values(), default=None)
    copies = session.scalars(_REACH, {"first": mention.id}).all()
    if own is None and not copies:
        return None
    return int(own or 0) + sum(max(1, int(max(reach.values(), default=1))) for reach in copies)
