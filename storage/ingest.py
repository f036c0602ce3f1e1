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
from sqlalchemy import Select, Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from storage.author import Author, Tombstone
from storage.event import LOG_KEY
from storage.item import Gone, Item, Refused, WindowRead
from storage.mention import Mention, Revision
from storage.source import Crawl, Refusal, Source

# Plain tables: at this volume the bookkeeping of the mapper would cost more than the database does.
_AUTHOR = cast(Table, Author.__table__)
_MENTION = cast(Table, Mention.__table__)
_REVISION = cast(Table, Revision.__table__)
_REFUSAL = cast(Table, Refusal.__table__)

ERASED = "erased author"
EXCERPT = 500


@dataclass
class Ingested:
    """What a batch changed: ids that the next steps are about."""

    revisions: list[int] = field(default_factory=list)  # new revisions, to be assessed
    gone: list[int] = field(default_factory=list)  # mentions that are no longer there
    replied: list[int] = field(default_factory=list)  # mentions whose owner's reply on the site changed


def ingest(
    session: Session,
    source: Source,
    crawl: Crawl,
    batch: Iterable[Item | Refused | Gone | WindowRead],
    at: datetime,
) -> Ingested:
    """Stores a batch and adds it to the account of `crawl`. Batches of about 1,000 are fastest."""
    result = Ingested()
    items: dict[str, Item] = {}
    refused: list[Refused] = []
    for entry in batch:
        if isinstance(entry, Item):
            if entry.external_id in items:  # the same id twice in one batch: the first goes in before
                _store(session, source, crawl, items, at, result, refused)
                items = {}
            items[entry.external_id] = entry
        elif isinstance(entry, Refused):
            refused.append(entry)
        else:
            _store(session, source, crawl, items, at, result, refused)
            items = {}
            _notice_gone(session, source, crawl, entry, at, result)
    _store(session, source, crawl, items, at, result, refused)
    _store_refusals(session, crawl, refused)
    return result


def author_digest(session: Session, source_key: str, author_id: str) -> str:
    """The keyed digest by which an erased author is recognised."""
    key: bytes = session.info[LOG_KEY]
    return hmac.new(key, f"author\x00{source_key}\x00{author_id}".encode(), hashlib.sha256).hexdigest()


def _store(
    session: Session,
    source: Source,
    crawl: Crawl,
    items: dict[str, Item],
    at: datetime,
    result: Ingested,
    refused: list[Refused],
) -> None:
    if not items:
        return
    _leave_out_erased(session, source, items, refused)
    crawl.fetched += len(items)
    known = {
        row.external_id: row
        for row in session.execute(
            select(
                Mention.id,
                Mention.external_id,
                Mention.digest,
                Mention.missed_at,
                Mention.gone_at,
                Mention.reply_text,
            ).where(Mention.source_id == source.id, Mention.external_id.in_(list(items)))
        )
    }
    new, revised, touched = [], [], []
    for external_id, item in items.items():
        digest = content_digest(item)
        row = known.get(external_id)
        if row is None:
            new.append((item, digest))
            continue
        if row.digest.partition(".")[0] != digest.partition(".")[0]:
            revised.append((row.id, item))
        else:
            crawl.unchanged += 1
        if row.digest != digest or row.missed_at or row.gone_at:
            touched.append((row, item, digest))
    if new:
        _add(session, source, new, at, result)
    if revised:
        _revise(session, revised, at, result)
    if touched:
        _touch(session, touched, result)
    crawl.new += len(new)
    crawl.revised += len(revised)


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
    return (
        hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        + "."
        + hashlib.blake2b(beside.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    )


def _authors(session: Session, source: Source, items: Iterable[Item], at: datetime) -> dict[str, int]:
    """Row ids of the batch's authors by identity; authors never seen before are added."""
    seen = {identity: item for item in items if (identity := author_identity(item))}
    wanted = list(seen)
    ids: dict[str, int] = dict(session.execute(_pairs(source, wanted)).all())
    rows = [
        {
            "source_id": source.id,
            "external_id": identity,
            "name": item.author_name,
            "url": item.author_url,
            "first_seen_at": at,
        }
        for identity, item in seen.items()
        if identity not in ids
    ]
    if rows:
        session.execute(insert(_AUTHOR), rows)
        ids.update(session.execute(_pairs(source, [i for i in wanted if i not in ids])).all())
    return ids


def _pairs(source: Source, identities: Sequence[str]) -> Select[str, int]:
    return select(Author.external_id, Author.id).where(
        Author.source_id == source.id, Author.external_id.in_(identities)
    )


def _add(session: Session, source: Source, new: Sequence[tuple[Item, str]], at: datetime, result: Ingested) -> None:
    authors = _authors(session, source, (item for item, _ in new), at)
    rows = [
        {
            "source_id": source.id,
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
    session.execute(insert(_MENTION), rows)
    ids = dict(
        session.execute(
            select(Mention.external_id, Mention.id).where(
                Mention.source_id == source.id, Mention.external_id.in_([item.external_id for item, _ in new])
            )
        ).all()
    )
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
    before = session.scalar(select(func.max(Revision.id))) or 0
    session.execute(insert(_REVISION), rows)
    mentions = {row["mention_id"] for row in rows}
    result.revisions += session.scalars(
        select(Revision.id).where(Revision.id > before, Revision.mention_id.in_(mentions)).order_by(Revision.id)
    )


def _touch(
    session: Session, touched: Sequence[tuple[ResultRow[*tuple[Any, ...]], Item, str]], result: Ingested
) -> None:
    session.execute(
        update(_MENTION).where(_MENTION.c.id == bindparam("row_id")).values(missed_at=None, gone_at=None),
        [{"row_id": row.id, **_beside(item, digest)} for row, item, digest in touched],
    )
    result.replied += [row.id for row, item, _ in touched if item.reply_text != row.reply_text]


def _notice_gone(
    session: Session, source: Source, crawl: Crawl, entry: Gone | WindowRead, at: datetime, result: Ingested
) -> None:
    there = select(Mention).where(Mention.source_id == source.id, Mention.gone_at.is_(None))
    if isinstance(entry, Gone):
        lost = list(session.scalars(there.where(Mention.external_id == entry.external_id)))
    else:
        lost = []
        for mention in session.scalars(there.where(Mention.posted_at >= entry.since)):
            if mention.external_id in entry.ids:
                continue
            if mention.missed_at is None:
                mention.missed_at = at
            else:
                lost.append(mention)
    for mention in lost:
        mention.gone_at = at
        result.gone.append(mention.id)
    crawl.gone += len(lost)


def _store_refusals(session: Session, crawl: Crawl, refused: Sequence[Refused]) -> None:
    if not refused:
        return
    session.execute(
        insert(_REFUSAL),
        [
            {
                "crawl_id": crawl.id,
                "disposition": entry.disposition,
                "reason": entry.reason,
                "external_id": entry.external_id,
                "excerpt": entry.excerpt[:EXCERPT] if entry.excerpt else None,
            }
            for entry in refused
        ],
    )
    for entry in refused:
        crawl.fetched += 1
        if entry.disposition == "ignored":
            crawl.ignored += 1
        else:
            crawl.rejected += 1
