"""What a parser found, before anything is believed: loosely typed, as the source wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.item import Gone, Refused

EXCERPT = 500


@dataclass(slots=True)
class Raw:
    """One review or post as its source shows it. `crawlers.parsing.normal` turns it into an Item or refuses it.

    Moments, ratings and texts may be of any type. `html` says that text, title and reply are HTML;
    `rating_best` is the upper end of the source's scale (None: 5, unless the value itself names another).
    """

    external_id: object
    kind: str  # review or post
    text: object = None
    html: bool = False
    title: object = None
    author_id: object = None
    author_name: object = None
    author_url: object = None
    rating: object = None
    rating_best: object = None
    rating_worst: object = None
    language: object = None
    url: object = None
    posted_at: object = None
    edited_at: object = None
    location: object = None
    product_version: object = None
    served_by: object = None
    reach: Mapping[str, object] = field(default_factory=dict)
    reply_text: object = None
    reply_at: object = None
    note: str | None = None


Parsed = Raw | Refused | Gone


@dataclass(frozen=True, slots=True)
class Page:
    """Where a body came from. A replayed recording knows neither its address nor the operator's options."""

    url: str = ""
    charset: str | None = None
    options: Any = None  # the options model of the kind that parses it


class Unreadable(Exception):
    """A body that is not what its kind answers with: an error, a login page, another format. Says what it was."""


def each(entries: Iterable[Any], read: Callable[[Any], Parsed | None]) -> Iterator[Parsed]:
    """Reads entry by entry. An entry that cannot be read is rejected with its reason; its neighbours are not lost.

    `read` answers None for an entry that is no review or post (an advertisement, a table of contents).
    """
    for entry in entries:
        try:
            parsed = read(entry)
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError, RecursionError) as error:
            yield Refused(
                "rejected", f"not in the expected shape: {type(error).__name__}: {error}", None, excerpt(entry)
            )
            continue
        if parsed is not None:
            yield parsed


def excerpt(entry: object) -> str:
    """The beginning of what was refused, for the operator to look at."""
    try:
        return str(entry)[:EXCERPT].encode("utf-8", "replace").decode()
    except (RecursionError, ValueError):
        return f"<{type(entry).__name__}>"
