"""Whether a mention is still where it was seen: the source says that it is gone, or two complete reads miss it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from storage.item import Gone, WindowRead
from storage.mention import Mention
from storage.source import Crawl, Source

_MENTION = cast(Table, Mention.__table__)


def notice_gone(session: Session, source: Source, crawl: Crawl, entry: Gone | WindowRead, at: datetime) -> list[int]:
    """Marks what is gone and what was missed for the first time. Returns the ids of the mentions that are gone."""
    there = select(_MENTION.c.id, _MENTION.c.external_id, _MENTION.c.missed_at).where(
        _MENTION.c.source_id == source.id, _MENTION.c.gone_at.is_(None)
    )
    if isinstance(entry, Gone):
        lost = [row.id for row in session.execute(there.where(_MENTION.c.external_id == entry.external_id))]
    else:
        posted = session.execute(there.where(_MENTION.c.posted_at >= entry.since)).all()
        absent = [row for row in posted if row.external_id not in entry.ids]
        lost = [row.id for row in absent if row.missed_at is not None]
        _mark(session, "missed_at", [row.id for row in absent if row.missed_at is None], at)
    _mark(session, "gone_at", lost, at)
    crawl.gone += len(lost)
    return lost


def _mark(session: Session, column: str, mention_ids: Sequence[int], at: datetime) -> None:
    if mention_ids:
        session.execute(
            update(_MENTION).where(_MENTION.c.id == bindparam("row_id")).values({column: at}),
            [{"row_id": mention_id} for mention_id in mention_ids],
        )
