"""What a customer told a colleague in person or by telephone becomes a mention of the source `staff`."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select

from kintsugi.app import App
from kintsugi.steps.crawling import store_items
from storage.item import Item
from storage.mention import Mention
from storage.source import Source

SOURCE = "staff"  # the name of the source and its kind
LONGEST = 10_000  # characters
LONGEST_PLACE = 200
HEARD = ("in_person", "seen", "phone")  # how somebody knows of it


def record_staff_entry(
    app: App,
    text: str,
    place: str | None,
    happened_at: datetime,
    actor: str,
    language: str | None,
    *,
    heard: str = "in_person",
    customer: str | None = None,
) -> int:
    """Stores it and puts it in line to be assessed; the id of its mention. The same entry again is the same mention.

    `place`: one of brand.locations or any name; `actor`: who wrote it down; `heard`: one of HEARD; `customer`: who it
    happened to, as far as that is known. A moment to come counts as now.
    ValueError where there is no text, or too much of it, and for another `heard`.
    """
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise ValueError(f"write what the customer said: at least one word, at most {LONGEST} characters")
    if heard not in HEARD:
        raise ValueError(f"{heard!r}: use one of {', '.join(HEARD)}")
    at = app.clock.now()
    where = (place or "").strip()[:LONGEST_PLACE] or None
    said_at = min(happened_at, at)
    name = hashlib.sha256(
        f"{actor}\x00{where}\x00{said_at.isoformat()}\x00{customer or ''}\x00{words}".encode()
    ).hexdigest()[:32]
    item = Item(
        external_id=name,
        kind="review",  # a customer speaks of what they had from us, though no site shows it
        text=words,
        author_id=name if customer else None,  # names are shared: nobody is taken for somebody else
        author_name=customer,
        location=where,
        posted_at=said_at,
        language=language,
        why=f"written down by {actor} ({heard})",
    )
    store_items(app.database, SOURCE, SOURCE, [item], at)
    return stored_mention(app, SOURCE, name)


def stored_mention(app: App, source: str, external_id: str) -> int:
    """The id of a mention that was stored before."""
    with app.database.read() as session:
        return session.scalars(
            select(Mention.id).join(Source).where(Source.key == source, Mention.external_id == external_id)
        ).one()
