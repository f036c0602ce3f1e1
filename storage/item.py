"""What a crawl hands over to be stored: items, and what it has to say besides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Item:
    """One mention as its source shows it now, already normalised and about the brand.

    `rating` is on 1 to 5; `rating_raw` of `rating_scale` is what the source said. All moments are aware.
    What the source does not say is None (never "now", never an empty string).
    """

    external_id: str
    kind: str  # review or post
    text: str
    title: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    rating: float | None = None
    rating_raw: float | None = None
    rating_scale: float | None = None
    language: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    location: str | None = None
    product_version: str | None = None
    reach: dict[str, int] = field(default_factory=dict)  # likes, reposts, replies, followers
    reply_text: str | None = None
    reply_at: datetime | None = None
    served_by: str | None = None  # who served the customer, as the source names them
    why: str | None = None


@dataclass(slots=True)
class Refused:
    """One item that was read and is not stored. `disposition` is ignored (not about us) or rejected (unusable)."""

    disposition: str
    reason: str
    external_id: str | None = None
    excerpt: str | None = None


@dataclass(slots=True)
class Gone:
    """The source itself says that a mention is gone: its own address answers 404 or 410, or a delete event."""

    external_id: str


@dataclass(slots=True)
class WindowRead:
    """A complete read of everything posted from `since` on. What should be in `ids` and is not was missed.

    Two such reads in a row make a mention gone. An error page, a cut-off page or a feed that scrolls is no
    complete read.
    """

    since: datetime
    ids: frozenset[str]


@dataclass(slots=True)
class Finished:
    """The end of a source's crawl: the cursor to keep, or what went wrong (then the old cursor stays)."""

    cursor: dict[str, Any] | None = None
    error: str | None = None
    retry_after: float | None = None  # seconds that the site asked us to wait
    refused: bool = False  # the site does not want us: pause and tell the operator
    requests: int = 0  # what was asked of the site


Handover = Item | Refused | Gone | WindowRead | Finished
