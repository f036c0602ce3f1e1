"""By what a mention and its author are known again when a source shows them another time."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from storage.item import Item


def author_identity(item: Item) -> str | None:
    """The source's id of the account; where it gives none, the name. Anonymous authors have no row."""
    return item.author_id or (f"name:{item.author_name}" if item.author_name else None)


def content_digest(item: Item) -> str:
    """`said.beside`: what the mention says, and the facts beside it (reply, reach, link …)."""
    said = f"{item.title}\x00{item.text}\x00{item.rating}\x00{item.rating_raw}\x00{item.rating_scale}"
    beside = f"{item.reply_text}\x00{item.reply_at}\x00{item.reach}\x00{item.url}\x00{item.location}"
    if item.served_by:
        beside += f"\x00{item.served_by}"
    return f"{_digest(said, 12)}.{_digest_beside(beside)}"


def _digest(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


@lru_cache(maxsize=256)
def _digest_beside(text: str) -> str:
    """Remembered, because in most sources nothing stands beside any text."""
    return _digest(text, 6)
