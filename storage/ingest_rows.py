"""The rows that a batch of a crawl adds and changes, all in set operations."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.author import Author
from storage.bulk import insert_rows
from storage.identity import author_identity
from storage.item import Item
from storage.mention import Mention, Revision
from storage.source import Source

# Plain tables: at this volume the bookkeeping of the mapper would cost more than the database does.
_AUTHOR = cast(Table, Author.__table__)
_MENTION = cast(Table, Mention.__table__)
_REVISION = cast(Table, Revision.__table__)

_SALT = 8  # bytes
_NO_REACH: dict[str, int] = {}  # one for all, so that it is written as JSON once a batch
# Made once: making a statement over a thousand ids costs more than asking it.
_AUTHORS = select(_AUTHOR.c.external_id, _AUTHOR.c.id).where(
    _AUTHOR.c.source_id == bindparam("source"), _AUTHOR.c.external_id.in_(bindparam("ids", expanding=True))
)
_LAST_NUMBERS = (
    select(_REVISION.c.mention_id, func.max(_REVISION.c.number))
    .where(_REVISION.c.mention_id.in_(bindparam("ids", expanding=True)))
    .group_by(_REVISION.c.mention_id)
)
_REPLIES = select(_MENTION.c.id, _MENTION.c.reply_text).where(_MENTION.c.id.in_(bindparam("ids", expanding=True)))


def add_mentions(session: Session, source: Source, new: Sequence[tuple[Item, str]], at: datetime) -> list[int]:
    """Adds mentions that were never seen, each with its digest. Returns the ids of their first revisions."""
    authors = _authors(session, source, (item for item, _ in new), at)
    rows = [
        {
            "external_id": item.external_id,
            "author_id": authors.get(author_identity(item) or ""),
            "kind": item.kind,
            "posted_at": item.posted_at,
            "language_hint": item.language,
            "why": item.why,
            **_beside(item, digest),
        }
        for item, digest in new
    ]
    before = _highest(session, _MENTION)
    insert_rows(session, _MENTION, rows, alike={"source_id": source.id, "first_seen_at": at})
    ids = _added(session, _MENTION, source, before)
    return _add_revisions(session, [(ids[item.external_id], 1, item) for item, _ in new], at)


def revise_mentions(session: Session, revised: Sequence[tuple[int, Item]], at: datetime) -> list[int]:
    """Adds what these mentions say now to what they said before. Returns the ids of the revisions."""
    ids = [mention_id for mention_id, _ in revised]
    last: dict[int, int] = dict(session.execute(_LAST_NUMBERS, {"ids": ids}).all())
    return _add_revisions(session, [(mention_id, last[mention_id] + 1, item) for mention_id, item in revised], at)


def touch_mentions(session: Session, touched: Sequence[tuple[int, Item, str]]) -> list[int]:
    """What stands beside the text follows the source, and what had been missed is there again.

    Returns the ids of the mentions whose owner's reply is another one than before.
    """
    shown = dict(session.execute(_REPLIES, {"ids": [row_id for row_id, _, _ in touched]}).all())
    session.execute(
        update(_MENTION).where(_MENTION.c.id == bindparam("row_id")),
        [
            {"row_id": row_id, "missed_at": None, "gone_at": None, **_beside(item, digest)}
            for row_id, item, digest in touched
        ],
    )
    return [row_id for row_id, item, _ in touched if item.reply_text != shown[row_id]]


def _authors(session: Session, source: Source, items: Iterable[Item], at: datetime) -> dict[str, int]:
    """Row ids of the batch's authors by identity; authors never seen before are added."""
    seen = {identity: item for item in items if (identity := author_identity(item))}
    ids: dict[str, int] = dict(session.execute(_AUTHORS, {"source": source.id, "ids": list(seen)}).all())
    rows = [
        {"external_id": identity, "name": item.author_name, "url": item.author_url}
        for identity, item in seen.items()
        if identity not in ids
    ]
    if rows:
        before = _highest(session, _AUTHOR)
        insert_rows(session, _AUTHOR, rows, alike={"source_id": source.id, "first_seen_at": at})
        ids |= _added(session, _AUTHOR, source, before)
    return ids


def _highest(session: Session, table: Table) -> int:
    """The highest id: what is added from now on has greater ones, and so has what workers beside us add."""
    return session.scalar(select(func.max(table.c.id))) or 0


def _added(session: Session, table: Table, source: Source, before: int) -> dict[str, int]:
    """Row ids by external id, of what was added to this source after the row `before`.

    The source is compared here: asked for it, SQLite would walk through all rows of the source instead.
    """
    rows = session.execute(select(table.c.external_id, table.c.id, table.c.source_id).where(table.c.id > before)).all()
    ours = source.id
    return {external_id: row_id for external_id, row_id, source_id in rows if source_id == ours}


def _beside(item: Item, digest: str) -> dict[str, Any]:
    return {
        "digest": digest,
        "url": item.url,
        "location": item.location,
        "product_version": item.product_version,
        "reach": item.reach or _NO_REACH,
        "reply_text": item.reply_text,
        "reply_at": item.reply_at,
        "served_by": item.served_by,
    }


def _add_revisions(session: Session, said: Sequence[tuple[int, int, Item]], at: datetime) -> list[int]:
    """Adds what is said: by which mention, its how manieth revision. Returns the ids of the revisions."""
    salts = secrets.token_hex(_SALT * len(said))
    rows = [
        {
            "mention_id": mention_id,
            "number": number,
            "title": item.title,
            "text": item.text,
            "rating": item.rating,
            "rating_raw": item.rating_raw,
            "rating_scale": item.rating_scale,
            "edited_at": item.edited_at,
            "salt": salts[2 * _SALT * place : 2 * _SALT * (place + 1)],
        }
        for place, (mention_id, number, item) in enumerate(said)
    ]
    before = _highest(session, _REVISION)
    insert_rows(session, _REVISION, rows, alike={"seen_at": at})
    ours = {mention_id for mention_id, _, _ in said}
    written = select(_REVISION.c.id, _REVISION.c.mention_id).where(_REVISION.c.id > before).order_by(_REVISION.c.id)
    return [revision_id for revision_id, mention_id in session.execute(written).all() if mention_id in ours]
