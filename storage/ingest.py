"""Stores what a crawl hands over, in batches, and keeps the crawl's account in the same transaction.

Nothing is stored twice, nothing is overwritten, nothing disappears: every item becomes new, revised, unchanged,
ignored or rejected. All batches are set operations, since a first import may hold millions of lines.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row as ResultRow
from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from storage.author import Tombstone
from storage.bulk import insert_rows
from storage.event import LOG_KEY
from storage.identity import author_identity, content_digest
from storage.ingest_rows import add_mentions, revise_mentions, touch_mentions
from storage.item import Gone, Item, Refused, WindowRead
from storage.listing import list_mentions
from storage.mention import LET_GO, Mention, Revision
from storage.presence import notice_gone
from storage.source import Crawl, Refusal, Source

# Plain tables: at this volume the bookkeeping of the mapper would cost more than the database does.
_MENTION = cast(Table, Mention.__table__)
_REVISION = cast(Table, Revision.__table__)
_REFUSAL = cast(Table, Refusal.__table__)

ERASED = "erased author"
_SAYS = ("title", "text", "rating", "rating_raw", "rating_scale", "edited_at")
EXCERPT = 500
_FILES = ("file", "drop")  # kinds whose exports overlap
_AWAY = _MENTION.c.missed_at.is_not(None) | _MENTION.c.gone_at.is_not(None)
# Made once: making a statement over a thousand ids costs more than asking it.
_KNOWN = select(_MENTION.c.external_id, _MENTION.c.id, _MENTION.c.digest, _AWAY).where(
    _MENTION.c.source_id == bindparam("source"), _MENTION.c.external_id.in_(bindparam("ids", expanding=True))
)
_SAID = (
    select(*(_REVISION.c[name] for name in ("mention_id", "seen_at", *_SAYS)))
    .where(_REVISION.c.mention_id.in_(bindparam("ids", expanding=True)))
    .order_by(_REVISION.c.number)
)


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
    rows = session.execute(_KNOWN, {"source": source.id, "ids": list(items)}).all()
    known = {external_id: (mention_id, digest, away) for external_id, mention_id, digest, away in rows}
    new: list[tuple[Item, str]] = []
    revised: list[tuple[int, Item]] = []
    touched: list[tuple[int, Item, str]] = []
    unchanged = 0
    for external_id, item in items.items():
        digest = content_digest(item)
        if external_id not in known:
            new.append((item, digest))
            continue
        mention_id, before, away = known[external_id]
        if before == LET_GO or (before == digest and not away):
            unchanged += 1
        elif before.partition(".")[0] == digest.partition(".")[0]:
            unchanged += 1
            touched.append((mention_id, item, digest))
        else:
            revised.append((mention_id, item))
            touched.append((mention_id, item, digest))
    if revised and source.kind in _FILES:
        repeated = _repeated(session, revised, crawl)
        unchanged += len(repeated)
        revised = [entry for entry in revised if entry[0] not in repeated]
        touched = [entry for entry in touched if entry[0] not in repeated]
    if new:
        result.revisions += add_mentions(session, source, new, at)
    if touched:
        result.replied += touch_mentions(session, touched)
        result.touched += [mention_id for mention_id, _, _ in touched]
    if revised:
        result.revisions += revise_mentions(session, revised, at)
    crawl.fetched += len(items)
    crawl.new += len(new)
    crawl.revised += len(revised)
    crawl.unchanged += unchanged


def _repeated(session: Session, revised: Sequence[tuple[int, Item]], crawl: Crawl) -> set[int]:
    """Mentions of which a file tells an older state again: reading the same export twice must change nothing.

    A file that tells every state of a mention is in order of time, so what this very crawl revised may change back.
    """
    said: dict[int, list[ResultRow[*tuple[Any, ...]]]] = {}
    for row in session.execute(_SAID, {"ids": [mention_id for mention_id, _ in revised]}).all():
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
