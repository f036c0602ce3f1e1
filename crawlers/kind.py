"""What a kind of source is made of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from config.section import Section
from crawlers.fetching.visit import Visit
from crawlers.parsing.raw import Page, Parsed
from storage.item import Item, WindowRead


@dataclass(frozen=True)
class Kind:
    """One kind of source. Its file defines KIND.

    `parse` is pure: body in, what it holds out; it raises `Unreadable` for a body that is not of this kind, and
    rejects a broken entry alone. `crawl` pages through the source and yields what `parse` found.
    """

    name: str
    options: type[Section]
    parse: Callable[[bytes, Page], Iterator[Parsed]]
    crawl: Callable[[Visit], AsyncIterator[Parsed | Item | WindowRead]]
    pages: bool = False  # pages obey robots.txt; an API has terms of its own
    own: bool = False  # all that it holds is about the brand: its own listing, its own export
    terms: str | None = None  # set: its terms forbid automated access, and how
