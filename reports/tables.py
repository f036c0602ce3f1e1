"""What the tables of a report are made of: cells that people and machines read, under a title and names of columns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reports.share import Mean, Share
from reports.words import Words, percent


@dataclass(frozen=True)
class Cell:
    """One figure as people read it, as a machine reads it (None: as the text), and the path of what is behind it."""

    text: str
    value: float | Decimal | None = None
    link: str | None = None


@dataclass(frozen=True)
class Section:
    """One table. `key` names it in words and charts; `rows` is empty where `none` says so."""

    key: str
    title: str
    columns: list[str]
    rows: list[list[Cell]]
    note: str = ""


def section(key: str, say: Words, columns: tuple[str, ...], rows: list[list[Cell]], note: str = "") -> Section:
    """A table whose title and columns are named after its key."""
    return Section(key, say(f"{key}.title"), [say(f"{key}.{column}") for column in columns], rows, note)


def number(count: int, link: str | None = None) -> Cell:
    """A count; nothing stands behind a zero."""
    return Cell(f"{count:,}", count, link if count else None)


def share_cell(share: Share, link: str | None = None) -> Cell:
    """A share in per cent; a dash of nothing."""
    if share.value is None:
        return Cell("–")
    return Cell(percent(share.value), share.value, link if share.part else None)


def mean_cell(value: Mean | None, say: Words, link: str | None = None) -> Cell:
    """A mean with how many it is of."""
    if value is None or value.mean is None:
        return Cell(say.mean(value))
    return Cell(say.mean(value), round(value.mean, 3), link)
