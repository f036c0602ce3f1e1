"""Runs a folder of recorded answers through a kind and shows what it finds. Needs no configuration."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawlers.kind import Kind
from crawlers.parsing.normal import normalise
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable
from crawlers.registry import kind_named
from storage.item import Gone, Item, Refused

_MOST_UNPACKED = 16 * 2**20


def replay(folder: Path, kind: str, at: datetime | None = None) -> Iterator[dict[str, Any]]:
    """The mentions in every file of `folder`, in the shape of `crawl --print`, each once a file.

    A file of another kind, an error body, or an entry that is refused gives one line on stderr and no mention.
    Raises ConfigurationError for an unknown kind and FileNotFoundError for a folder that is not there.
    """
    found = kind_named(kind)
    at = at or datetime.now(UTC)
    for path in _files(folder):
        seen: set[tuple[str, str]] = set()
        said = _read(path, found)
        if isinstance(said, str):
            _tell(path, said)
            continue
        items = [_item(entry, at) for entry in said]
        if not any(isinstance(item, Item) for item in items):
            _tell(path, _nothing(items))
            continue
        for item in items:
            if isinstance(item, Gone):
                _tell(path, f"{item.external_id} was deleted")
            elif isinstance(item, Refused):
                _tell(path, f"{item.disposition}: {item.reason}")
            elif (key := (item.external_id, f"{item.text}\x00{item.rating}")) not in seen:
                seen.add(key)
                yield as_json(item, path.name, kind)


def as_json(item: Item, source: str, kind: str) -> dict[str, Any]:
    """One mention as `crawl --print` shows it: what is absent is null."""
    reply = {"text": item.reply_text, "at": _iso(item.reply_at)} if item.reply_text else None
    return {
        "source": source,
        "kind": kind,
        "id": item.external_id,
        "author": item.author_name or item.author_id,
        "title": item.title,
        "text": item.text,
        "rating": item.rating,
        "rating_raw": item.rating_raw,
        "rating_scale": item.rating_scale,
        "language": item.language,
        "url": item.url,
        "posted_at": _iso(item.posted_at),
        "edited_at": _iso(item.edited_at),
        "reach": item.reach,
        "location": item.location,
        "product_version": item.product_version,
        "reply": reply,
        "gone_at": None,
        "why": item.why,
    }


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: there is no such folder")
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".meta", ".md"))


def _read(path: Path, kind: Kind) -> list[Parsed] | str:
    try:
        return list(kind.parse(_unpacked(path.read_bytes()), Page()))
    except Unreadable as error:
        return str(error)


def _unpacked(body: bytes) -> bytes:
    """An answer that was recorded as it came (gzip), as far as a crawl would read it."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, _MOST_UNPACKED)
    except zlib.error as error:
        raise Unreadable(f"not gzip, though it begins so: {error}") from None


def _item(entry: Parsed, at: datetime) -> Item | Refused | Gone:
    return normalise(entry, at) if isinstance(entry, Raw) else entry


def _nothing(items: list[Item | Refused | Gone]) -> str:
    gone = [item.external_id for item in items if isinstance(item, Gone)]
    refused = [item.reason for item in items if isinstance(item, Refused)]
    told = [f"deleted: {', '.join(gone)}"] if gone else []
    told += [f"{len(refused)} refused, the first: {refused[0]}"] if refused else []
    return "no mention" + (f" ({'; '.join(told)})" if told else "")


def _tell(path: Path, said: str) -> None:
    sys.stderr.write(f"{path.name}: {' '.join(said.split())[:300]}\n")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
