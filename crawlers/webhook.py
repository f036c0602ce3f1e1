"""Mentions that other programs send to us: internal signals, forms, tools of your own. It is told, never crawled."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

from pydantic import Field

from config.section import Section
from crawlers.fetching.visit import Visit
from crawlers.file import Reader
from crawlers.kind import Kind
from crawlers.parsing.raw import Page, Parsed, Unreadable, excerpt
from crawlers.parsing.rows import Row
from storage.item import Item, Refused, WindowRead

MOST = 1_000  # mentions in one body


class Options(Section):
    """The secret of the signature is in the variable `secret_env`. `columns` maps our words to the sender's."""

    secret_env: str = "WEBHOOK_SECRET"  # noqa: S105 (the name of a variable)
    columns: dict[str, str] = {}
    rating_scale: float | None = Field(default=None, gt=0)
    max_kb: int = Field(default=1024, ge=1, le=16_384)


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """What a body holds: one mention, a list of them, or {"mentions": […]}. Raises Unreadable, which says why."""
    options = page.options if isinstance(page.options, Options) else Options()
    reader = Reader(options.columns, rating_scale=options.rating_scale)
    for row in _rows(body):
        yield reader.raw(row) if isinstance(row, Row) else row


def _rows(body: bytes) -> Iterator[Row | Refused]:
    """The mentions, all with the same keys: what one of them does not have is null."""
    entries = _entries(body)
    names = {name: None for entry in entries if isinstance(entry, dict) for name in entry}
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, dict):
            yield Row(names | entry, number)
        else:
            yield Refused("rejected", f"line {number}: no JSON object", None, excerpt(entry))


def _entries(body: bytes) -> list[object]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {error}") from None
    entries = given.get("mentions", [given]) if isinstance(given, dict) else given
    if not isinstance(entries, list):
        raise Unreadable('neither a mention, a list of mentions, nor {"mentions": […]}')
    if len(entries) > MOST:
        raise Unreadable(f"{len(entries):,} mentions in one body: send at most {MOST:,}")
    return entries


async def crawl(visit: Visit) -> AsyncIterator[Parsed | Item | WindowRead]:  # noqa: ARG001  # one signature for all
    """Nothing: what there is was sent already."""
    nothing: tuple[Item, ...] = ()
    for entry in nothing:
        yield entry


KIND = Kind("webhook", Options, parse, crawl, own=True)
