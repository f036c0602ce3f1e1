"""A watched folder: files of mentions that other programs or people put there. Nothing in it is moved or changed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from pydantic import Field

from config.section import Section
from crawlers.fetching.visit import Failure, Visit
from crawlers.file import parse, read_file
from crawlers.kind import Kind
from crawlers.parsing.raw import Parsed, Unreadable
from storage.item import Item, Refused, WindowRead

# A file that changed this recently may still be written.
_SETTLED = timedelta(seconds=5)
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
_MOST_REMEMBERED = 10_000
_TURN = 500


class Options(Section):
    """`path` is the folder, `files` a pattern of names (`*.csv`). The rest is as in `file`, for every file."""

    path: Path
    files: str = "*"
    columns: dict[str, str] = {}
    encoding: str | None = None
    rating_scale: float | None = Field(default=None, gt=0)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    name: str
    size: int
    changed: int  # nanoseconds since 1970


async def crawl(visit: Visit) -> AsyncIterator[Parsed | Item | WindowRead]:
    """Every file once, oldest first: it is remembered by its digest as soon as what it holds is stored.

    A file under another name or with another date is still the same file. One that cannot be read is refused by its
    name, once, and read again when it changes.
    """
    options: Options = visit.options
    before: dict[str, list[Any]] = {} if visit.job.since else visit.before.get("taken", {})
    digests = {digest for _, _, digest in before.values()}
    taken: dict[str, list[Any]] = {}
    visit.cursor["taken"] = taken
    for found in _files(options, visit.at):
        known = before.get(found.name)
        if known and known[:2] == [found.size, found.changed]:
            taken[found.name] = known
            continue
        try:
            digest = await asyncio.to_thread(_digest, found.path)
            if digest not in digests:
                async for entry in _read(found, visit):
                    yield entry
        except OSError as error:
            yield Refused("rejected", f"{found.name}: {error.strerror or error}")
            continue  # Its rights may be mended without a change of the file.
        digests.add(digest)
        taken[found.name] = [found.size, found.changed, digest]
    # What was taken away is remembered a while: the same export often comes back under another name.
    for name in reversed(before):
        if len(taken) >= _MOST_REMEMBERED:
            break
        taken.setdefault(name, before[name])


async def _read(found: _File, visit: Visit) -> AsyncIterator[Item | Refused]:
    options: Options = visit.options
    entries = read_file(
        found.path, options.columns, encoding=options.encoding, rating_scale=options.rating_scale, at=visit.at,
        zone=visit.job.zone,
    )  # fmt: skip
    count = 0
    try:
        for entry in entries:
            if isinstance(entry, Refused):
                entry.reason = f"{found.name}: {entry.reason}"
            yield entry
            count += 1
            if count % _TURN == 0:
                await asyncio.sleep(0)  # Other sources are read in the same loop.
    except Unreadable as error:
        said = str(error)
        yield Refused("rejected", said if said.startswith(found.name) else f"{found.name}: {said}")


def _files(options: Options, at: datetime) -> Iterator[_File]:
    """The files that are there and complete, oldest first. Raises Failure when the folder cannot be read."""
    found = []
    try:
        for path in options.path.iterdir():
            name = path.name
            if name.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED or not fnmatch(name, options.files):
                continue
            status = path.stat()
            if path.is_file() and abs(at.timestamp() - status.st_mtime) >= _SETTLED.total_seconds():
                found.append(_File(path, name, status.st_size, status.st_mtime_ns))
    except OSError as error:
        raise Failure(f"{options.path}: {error.strerror or error}") from None
    yield from sorted(found, key=lambda one: (one.changed, one.name))


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").hexdigest()[:32]


KIND = Kind("drop", Options, parse, crawl, own=True)
