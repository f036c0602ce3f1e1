"""Files of mentions: CSV, JSON lines, XLSX. Read as a stream, so that a file may be of any length."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from unicodedata import is_normalized

from pydantic import Field

from config.section import Section
from crawlers.fetching.visit import Failure, Visit
from crawlers.kind import Kind
from crawlers.parsing.columns import REACH, plan
from crawlers.parsing.normal import LONGEST_TEXT, normalise
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, excerpt
from crawlers.parsing.rows import FORMATS, Row, rows
from storage.item import Item, Refused, WindowRead

_MARKUP = re.compile(
    r"</?(?:br|p|div|span|a|b|i|u|em|strong|ul|ol|li|h\d|font|img|table)\b[^>]*>|&(?:\w{2,8}|#x?\w{1,6});", re.I
)
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]").search
_QUICK = ("external_id", "text", "posted_at", "title", "author_name", "rating", "language")
_PASSED = (
    "title", "rating", "author_name", "author_id", "author_url", "posted_at", "edited_at", "language", "url",
    "location", "product_version", "served_by", "reply_text", "reply_at",
)  # fmt: skip
_NUMBERS, _LINES, _SHORT = (int, float), (str, type(None)), 250
_LANGUAGES = frozenset(("ja", "en", "zh", "ko", "es", "fr", "de"))
_TURN = 500
_FAR = datetime(9000, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


class Options(Section):
    """`path` is the file. `columns` maps our words to its columns: {text: 本文, rating: 評価}."""

    path: Path
    format: str | None = Field(default=None, pattern="^(csv|jsonl|xlsx)$")
    columns: dict[str, str] = {}
    encoding: str | None = None
    rating_scale: float | None = Field(default=None, gt=0)


def read_file(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    kind: str | None = None,
    *,
    form: str | None = None,
    encoding: str | None = None,
    rating_scale: float | None = None,
    at: datetime | None = None,
    zone: tzinfo = UTC,
) -> Iterator[Item | Refused]:
    """Every line or row as an Item, or why it is none, with its line.

    `mapping` is our word → its column; columns of usual names need none. `kind` makes all of them reviews or posts
    (None: what may have a rating is a review). Dates after `at` are unknown. Without an id column a row gets an id
    from what it says, so that the same file read again changes nothing. Raises `Unreadable`, which says what to do,
    when the file as a whole cannot be read, and OSError.
    """
    form = form or FORMATS.get(path.suffix.lower())
    if form is None:
        raise Unreadable(f"{path.name}: the name says no format; write `format: csv`, `jsonl` or `xlsx`")
    with path.open("rb") as opened:
        reader = Reader(mapping or {}, kind, at or _FAR, zone, rating_scale)
        for row in rows(opened, form, encoding):
            yield row if isinstance(row, Refused) else reader.item(row)


class Reader:
    """Turns rows into items. Columns are planned once for each set of column names."""

    def __init__(
        self,
        mapping: Mapping[str, str],
        kind: str | None = None,
        at: datetime = _FAR,
        zone: tzinfo = UTC,
        rating_scale: float | None = None,
    ) -> None:
        self._mapping, self._kind, self._at, self._zone, self._scale = mapping, kind, at, zone, rating_scale
        self._latest = at + timedelta(hours=1)
        self._plans: dict[tuple[str, ...], dict[str, str] | None] = {}
        self._quick: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
        self._has_ids = False

    def item(self, row: Row) -> Item | Refused:
        """One row."""
        names = tuple(row.values)
        quick = self._quick.get(names)
        if quick:
            item = self._plain_item(row.values, quick)
            if item is not None:
                return item
        raw = self.raw(row)
        if isinstance(raw, Refused):
            return raw
        entry = normalise(raw, self._at, self._zone, strict=True)
        if isinstance(entry, Refused):
            entry.reason = f"line {row.number}: {entry.reason}"
        return entry

    def raw(self, row: Row) -> Raw | Refused:
        """One row, its columns named by our words."""
        names = tuple(row.values)
        if names not in self._plans:
            self._learn(names)
        columns = self._plans[names]
        if columns is None:
            return Refused("rejected", f"line {row.number}: neither text nor rating", None, excerpt(row.values))
        take = {word: row.values[column] for word, column in columns.items()}
        text = take.get("text")
        kind = self._kind or (take.get("kind") if take.get("kind") in ("review", "post") else None)
        return Raw(
            external_id=take.get("external_id") if self._has_ids else _derived(take),
            kind=str(kind) if kind else "review" if "rating" in take else "post",
            text=text,
            html=isinstance(text, str) and _MARKUP.search(text) is not None,
            rating_best=take.get("rating_best") or self._scale,
            reach={name: take[name] for name in REACH if take.get(name) not in (None, "")},
            **{word: value for word, value in take.items() if word in _PASSED},
        )

    def _learn(self, names: tuple[str, ...]) -> None:
        """Plans the columns. In a file whose first row was fine, later rows fail alone."""
        try:
            columns = plan(names, self._mapping)
        except Unreadable:
            if not self._plans:
                raise
            self._plans[names] = None
            return
        if not self._plans:
            self._has_ids = "external_id" in columns
        self._plans[names] = columns
        simple = {"external_id", "text", "posted_at"} <= set(columns) <= set(_QUICK)
        if simple and self._has_ids and self._kind is None and self._scale is None:
            self._quick[names] = (
                "review" if "rating" in columns else "post",
                tuple(columns.get(word, "") for word in _QUICK),
            )

    def _plain_item(self, values: dict[str, Any], quick: tuple[str, tuple[str, ...]]) -> Item | None:
        """The item of a row that needs no cleaning; None: take the long way.

        Files of millions of lines are imported: this is several times as fast, and a test holds both ways equal.
        """
        kind, names = quick
        identity, text, posted, title, author, rating, language = map(values.get, names)
        if type(text) is not str or type(identity) is not str or type(posted) is not str or posted[4:5] != "-":
            return None
        if rating is not None and not (type(rating) in _NUMBERS and 1 <= rating <= 5):
            return None
        if type(title) not in _LINES or type(author) not in _LINES:
            return None
        beside = f"{identity} {title} {author}"  # Lines in one: a space too many anywhere shows as two.
        if not (
            beside.isprintable()
            and "  " not in beside
            and beside[0] != " " != beside[-1]
            and identity
            and title != ""
            and author != ""
            and len(beside) < _SHORT
            and 0 < len(text) <= LONGEST_TEXT
            and "<" not in text
            and "&" not in text
            and (text.isprintable() or not _UNPRINTED(text))
            and (text.isascii() or (is_normalized("NFC", text) and is_normalized("NFC", beside)))
            and text.strip() == text
            and (language is None or language in _LANGUAGES)
        ):
            return None
        try:
            moment = datetime.fromisoformat(posted)
        except ValueError:
            return None
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        if not _EARLIEST <= moment <= self._latest:
            return None
        number = None if rating is None else float(rating)
        return Item(
            identity, kind, text, title, None, author, None, number, number, None if number is None else 5.0,
            language, None, moment,
        )  # fmt: skip


def _derived(take: Mapping[str, Any]) -> str:
    """An id of what a row says, for files that have none: equal rows are one mention."""
    said = "\x00".join(
        str(take.get(word)) for word in ("author_name", "author_id", "posted_at", "title", "text", "url")
    )
    return "row:" + hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """A whole file in memory, its format told from its beginning: for replays."""
    form = "xlsx" if body[:4] == b"PK\x03\x04" else "csv"
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        form = "jsonl"
    reader = Reader({})
    for row in rows(io.BytesIO(body), form, page.charset):
        yield row if isinstance(row, Refused) else reader.raw(row)


async def crawl(visit: Visit) -> AsyncIterator[Parsed | Item | WindowRead]:
    """The file, when it changed since last time."""
    options: Options = visit.options
    try:
        status = options.path.stat()
        stamp = [status.st_size, status.st_mtime_ns]
        visit.cursor["stamp"] = stamp
        if visit.before.get("stamp") == stamp and visit.job.since is None:
            return
        for count, entry in enumerate(read_file(
            options.path, options.columns, form=options.format, encoding=options.encoding,
            rating_scale=options.rating_scale, at=visit.at, zone=visit.job.zone,
        )):  # fmt: skip
            if count % _TURN == 0:
                await asyncio.sleep(0)  # Other sources are read in the same loop.
            yield entry
    except OSError as error:
        raise Failure(f"{options.path}: {error.strerror or error}") from None


KIND = Kind("file", Options, parse, crawl, own=True)
