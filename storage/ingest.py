"""Stores what a crawl hands over, in batches, and keeps the crawl's account in the same transaction.

Nothing is stored twice, nothing is overwritten, nothing disappears: every item becomes new, revised, unchanged,
ignored or rejected. All batches are set operations, since a first import may hold millions of lines.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row as ResultRow
from sqlalchemy import Select, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.author import Author, Tombstone
from storage.bulk import insert_rows
from storage.event import LOG_KEY
from storage.item import Gone, Item, Refused, WindowRead
from storage.listing import list_mentions
from storage.mention import LET_GO, Mention, Revision
from storage.presence import notice_gone
from storage.source import Crawl, Refusal, Source

# Plain tables: at this volume the bookkeeping of the mapper would cost more than the database does.
_AUTHOR = cast(Table, Author.__table__)
_MENTION = cast(Table, Mention.__table__)
_REVISION = cast(Table, Revision.__table__)
_REFUSAL = cast(Table, Refusal.__table__)

ERASED = "erased author"
_SAYS = ("title", "text", "rating", "rating_raw", "rating_scale", "edited_at")
EXCERPT = 500
_FILES = ("file", "drop")  # kinds whose exports overlap


@dataclass
class Ingested:
    """What a batch changed: ids that the next steps are about."""

    revisions: list[int] = field(default_factory=list)  # new revisions, to be assessed
    gone: list[int] = field(default_factory=list)  # mentions that are no longer there
    replied: list[int] = field(default_factory=list)  # mentions whose owner's reply on the site changed
    touched: list[int] = field(default_factory=list)  # mentions of which facts beside the text changed


def ingest(
    session: Session,
    source: Source,
    crawl: Crawl,
    batch: Iterable[Item | Refused | Gone | WindowRead],
    at: datetime,
) -> Ingested:
    """Stores a batch and adds it to the account of `crawl`. Batches of about 1,000 are fastest."""
    result = Ingested()
    items: list[Item] = []
    refused: list[Refused] = []
    for entry in batch:
        if isinstance(entry, Item):
            items.append(entry)
        elif isinstance(entry, Refused):
            refused.append(entry)
        else:
            _store_all(session, source, crawl, items, at, result, refused)
            items = []
            result.gone += notice_gone(session, source, crawl, entry, at)
    _store_all(session, source, crawl, items, at, result, refused)
    _store_refusals(session, crawl, refused)
    # What is new is listed when the model has read it: an import of millions does not wait for that.
    list_mentions(session, [*result.gone, *result.touched], words=False)
    return result


def author_digest(session: Session, source_key: str, author_id: str) -> str:
    """The keyed digest by which an erased author is recognised."""
    key: bytes = session.info[LOG_KEY]
    return hmac.new(key, f"author\x00{source_key}\x00{author_id}".encode(), hashlib.sha256).hexdigest()


def _store_all(
    session: Session,
    source: Source,
    crawl: Crawl,
    items: Sequence[Item],
    at: datetime,
    result: Ingested,
    refused: list[Refused],
) -> None:
    """Where an id stands twice in a batch, its later states are stored after the first ones."""
    while items:
        first: dict[str, Item] = {}
        later = [item for item in items if first.setdefault(item.external_id, item) is not item]
        _store(session, source, crawl, first, at, result, refused)
        items = later


def _store(
    session: Session,
    source: Source,
    crawl: Crawl,
    items: dict[str, Item],
    at: datetime,
    result: Ingested,
    refused: list[Refused],
) -> None:
    _leave_out_erased(session, source, items, refused)
    known = {row.external_id: row for row in session.execute(_known(source, list(items))).all()}
    new: list[tuple[Item, str]] = []
    revised: list[tuple[int, Item]] = []
    touched: list[tuple[int, Item, str]] = []
    unchanged = 0
    for external_id, item in items.items():
        digest = content_digest(item)
        row = known.get(external_id)
        if row is None:
            new.append((item, digest))
        elif row.digest == LET_GO or (row.digest == digest and not row.away):
            unchanged += 1
        elif row.digest.partition(".")[0] == digest.partition(".")[0]:
            unchanged += 1
            touched.append((row.id, item, digest))
        else:
            revised.append((row.id, item))
            touched.append((row.id, item, digest))
    if revised and source.kind in _FILES:
        repeated = _repeated(session, revised, crawl)
        unchanged += len(repeated)
        revised = [entry for entry in revised if entry[0] not in repeated]
        touched = [entry for entry in touched if entry[0] not in repeated]
    if new:
        _add(session, source, new, at, result)
    if touched:
        _touch(session, touched, result)
    if revised:
        _revise(session, revised, at, result)
    crawl.fetched += len(items)
    crawl.new += len(new)
    crawl.revised += len(revised)
    crawl.unchanged += unchanged


def _known(source: Source, external_ids: Sequence[str]) -> Select[int, str, str, bool]:
    away = _MENTION.c.missed_at.is_not(None) | _MENTION.c.gone_at.is_not(None)
    return select(_MENTION.c.id, _MENTION.c.external_id, _MENTION.c.digest, away.label("away")).where(
        _MENTION.c.source_id == source.id, _MENTION.c.external_id.in_(external_ids)
    )


def _repeated(session: Session, revised: Sequence[tuple[int, Item]], crawl: Crawl) -> set[int]:
    """Mentions of which a file tells an older state again: reading the same export twice must change nothing.

    A file that tells every state of a mention is in order of time, so what this very crawl revised may change back.
    """
    said: dict[int, list[ResultRow[*tuple[Any, ...]]]] = {}
    columns = [_REVISION.c[name] for name in ("mention_id", "seen_at", *_SAYS)]
    wanted = [mention_id for mention_id, _ in revised]
    for row in session.execute(select(*columns).where(_REVISION.c.mention_id.in_(wanted)).order_by(_REVISION.c.number)):
        said.setdefault(row.mention_id, []).append(row)
    return {
        mention_id
        for mention_id, item in revised
        if said[mention_id][-1].seen_at < crawl.started_at
        and tuple(getattr(item, name) for name in _SAYS) in [tuple(row[2:]) for row in said[mention_id]]
    }


def _leave_out_erased(session: Session, source: Source, items: dict[str, Item], refused: list[Refused]) -> None:
    erased = session.info.get("tombstones")
    if erased is None:
        erased = set(session.scalars(select(Tombstone.digest)))
        session.info["tombstones"] = erased
    if not erased:
        return
    for external_id, item in list(items.items()):
        identity = author_identity(item)
        if identity and author_digest(session, source.key, identity) in erased:
            del items[external_id]
            refused.append(Refused("ignored", ERASED))


def author_identity(item: Item) -> str | None:
    """The source's id of the account; where it gives none, the name. Anonymous authors have no row."""
    return item.author_id or (f"name:{item.author_name}" if item.author_name else None)


def content_digest(item: Item) -> str:
    """`said.beside`: what the mention says, and the facts beside it (reply, reach, link …)."""
    said = f"{item.title}\x00{item.text}\x00{item.rating}\x00{item.rating_raw}\x00{item.rating_scale}"
    beside = f"{item.reply_text}\x00{item.reply_at}\x00{item.reach}\x00{item.url}\x00{item.location}"
    if item.served_by:
        beside += f"\x00{item.served_by}"
    return (
        hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        + "."
        + hashlib.blake2b(beside.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    )


def _authors(session: Session, source: Source, items: Iterable[Item], at: datetime) -> dict[str, int]:
    """Row ids of the batch's authors by identity; authors never seen before are added."""
    source_id = source.id
    seen = {identity: item for item in items if (identity := author_identity(item))}
    ids: dict[str, int] = dict(
        session.execute(
            select(_AUTHOR.c.external_id, _AUTHOR.c.id).where(
                _AUTHOR.c.source_id == source.id, _AUTHOR.c.external_id.in_(list(seen))
            )
        ).all()
    )
    rows = [
        {
            "source_id": source_id,
            "external_id": identity,
            "name": item.author_name,
            "url": item.author_url,
            "first_seen_at": at,
        }
        for identity, item in seen.items()
        if identity not in ids
    ]
    if rows:
        before = _insert(session, _AUTHOR, rows)
        ids |= _added(session, _AUTHOR, source, before)
    return ids


def _insert(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Adds rows. Returns the highest id before: ours are greater, and with them those of workers beside us."""
    before: int = session.scalar(select(func.max(table.c.id))) or 0
    insert_rows(session, table, rows)
    return before


def _added(session: Session, table: Table, source: Source, before: int) -> dict[str, int]:
    """Row ids by external id, of what was added to this source after the row `before`.

    The source is compared here: asked for it, SQLite would walk through all rows of the source instead.
    """
    rows = session.execute(select(table.c.external_id, table.c.id, table.c.source_id).where(table.c.id > before)).all()
    ours = source.id
    return {external_id: row_id for external_id, row_id, source_id in rows if source_id == ours}


def _add(session: Session, source: Source, new: Sequence[tuple[Item, str]], at: datetime, result: Ingested) -> None:
    source_id = source.id
    authors = _authors(session, source, (item for item, _ in new), at)
    rows = [
        {
            "source_id": source_id,
            "external_id": item.external_id,
            "author_id": authors.get(author_identity(item) or ""),
            "kind": item.kind,
            "posted_at": item.posted_at,
            "language_hint": item.language,
            "why": item.why,
            "first_seen_at": at,
            **_beside(item, digest),
        }
        for item, digest in new
    ]
    before = _insert(session, _MENTION, rows)
    ids = _added(session, _MENTION, source, before)
    _write_revisions(session, [_said(ids[item.external_id], 1, item, at) for item, _ in new], result)


def _beside(item: Item, digest: str) -> dict[str, Any]:
    return {
        "digest": digest,
        "url": item.url,
        "location": item.location,
        "product_version": item.product_version,
        "reach": item.reach,
        "reply_text": item.reply_text,
        "reply_at": item.reply_at,
        "served_by": item.served_by,
    }


def _said(mention_id: int, number: int, item: Item, at: datetime) -> dict[str, Any]:
    return {
        "mention_id": mention_id,
        "number": number,
        "title": item.title,
        "text": item.text,
        "rating": item.rating,
        "rating_raw": item.rating_raw,
        "rating_scale": item.rating_scale,
        "edited_at": item.edited_at,
        "seen_at": at,
        "salt": secrets.token_hex(8),
    }


def _revise(session: Session, revised: Sequence[tuple[int, Item]], at: datetime, result: Ingested) -> None:
    last: dict[int, int] = {}
    for mention_id, number in session.execute(
        select(Revision.mention_id, Revision.number)
        .where(Revision.mention_id.in_([mention_id for mention_id, _ in revised]))
        .order_by(Revision.number)
    ):
        last[mention_id] = number
    rows = [_said(mention_id, last[mention_id] + 1, item, at) for mention_id, item in revised]
    _write_revisions(session, rows, result)


def _write_revisions(session: Session, rows: Sequence[dict[str, Any]], result: Ingested) -> None:
    before = _insert(session, _REVISION, rows)
    ours = {row["mention_id"] for row in rows}
    written = select(_REVISION.c.id, _REVISION.c.mention_id).where(_REVISION.c.id > before).order_by(_REVISION.c.id)
    result.revisions += [
        revision_id for revision_id, mention_id in session.execute(written).all() if mention_id in ours
    ]


def _touch(session: Session, touched: Sequence[tuple[int, Item, str]], result: Ingested) -> None:
    """What stands beside the text follows the source, and what had been missed is there again."""
    shown = dict(
        session.execute(
            select(_MENTION.c.id, _MENTION.c.reply_text).where(_MENTION.c.id.in_([row_id for row_id, _, _ in touched]))
        ).all()
    )
    session.execute(
        update(_MENTION).where(_MENTION.c.id == bindparam("row_id")),
        [
            {"row_id": row_id, "missed_at": None, "gone_at": None, **_beside(item, digest)}
            for row_id, item, digest in touched
        ],
    )
    result.replied += [row_id for row_id, item, _ in touched if item.reply_text != shown[row_id]]
    result.touched += [row_id for row_id, _, _ in touched]


def _store_refusals(session: Session, crawl: Crawl, refused: Sequence[Refused]) -> None:
    if not refused:
        return
    insert_rows(
        session,
        _REFUSAL,
        [
            {
                "crawl_id": crawl.id,
                "disposition": entry.disposition,
                "reason": entry.reason,
                "external_id": entry.external_id,
                # PostgreSQL keeps no zero byte in a text.
                "excerpt": entry.excerpt[:EXCERPT].replace("\x00", "") if entry.excerpt else None,
            }
            for entry in refused
        ],
    )
    ignored = sum(entry.disposition == "ignored" for entry in refused)
    crawl.fetched += len(refused)
    crawl.ignored += ignored
    crawl.rejected += len(refused) - ignored
