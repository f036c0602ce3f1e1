"""The rows of CSV, JSON lines and XLSX files, one at a time; a broken row is refused alone, with its line."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from crawlers.parsing.encoding import encoding_of
from crawlers.parsing.raw import Unreadable, excerpt
from storage.item import Refused

FORMATS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".xlsx": "xlsx", ".xlsm": "xlsx",
}  # fmt: skip
LONGEST_ROW = 16 * 2**20
_LARGEST_ARRAY = 64 * 2**20
_LARGEST_BOOK = 512 * 2**20  # unpacked
_LARGEST_RATIO = 150
_MOST_COLUMNS = 1_000
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(slots=True)
class Row:
    """`values` by column name; `number` is the line (or row) where it stands."""

    values: dict[str, Any]
    number: int


def rows(opened: IO[bytes], form: str, encoding: str | None = None) -> Iterator[Row | Refused]:
    """Rows of a file in the format csv, jsonl or xlsx. Raises Unreadable, which says what to do."""
    if form == "jsonl":
        return _json_lines(opened, encoding)
    return _book(opened) if form == "xlsx" else _csv(opened, encoding)


def _json_lines(opened: IO[bytes], encoding: str | None) -> Iterator[Row | Refused]:
    start = opened.read(64)
    opened.seek(3 if start.startswith(codecs.BOM_UTF8) else 0)
    if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"["):
        yield from _json_array(opened)
        return
    decode = _decoder()
    encoding = encoding or ("utf-16" if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8")
    if encoding == "utf-16":
        raise Unreadable("JSON lines in UTF-16: save the file as UTF-8")
    number, skipping = 0, False
    while line := opened.readline(LONGEST_ROW):
        ended = line.endswith(b"\n")
        number += not skipping
        if skipping or (not ended and len(line) == LONGEST_ROW):
            if not skipping:
                yield _bad(number, f"longer than {LONGEST_ROW >> 20} MB", line[:200])
            skipping = not ended
            continue
        try:
            values = decode(line.decode(encoding))
        except UnicodeDecodeError as error:
            yield _bad(number, f"not {encoding} at byte {error.start}; name the file's `encoding`, such as cp932", line)
            continue
        except (ValueError, RecursionError) as error:
            if line.strip():
                yield _bad(number, f"no JSON: {error}", line)
            continue
        if type(values) is dict:
            yield Row(values, number)
        else:
            yield _bad(number, "no JSON object", line)


def _decoder() -> Callable[[str], Any]:
    """What json.loads does, without looking for white space before a value that begins its line, as nearly all do."""
    decoder = json.JSONDecoder(strict=False)

    def decode(text: str) -> Any:
        if text[:1] == "{":
            values, end = decoder.raw_decode(text)
            if text[end:].strip() == "":
                return values
        return decoder.decode(text)

    return decode


def _json_array(opened: IO[bytes]) -> Iterator[Row | Refused]:
    body = opened.read(_LARGEST_ARRAY + 1)
    if len(body) > _LARGEST_ARRAY:
        raise Unreadable(f"a JSON array of more than {_LARGEST_ARRAY >> 20} MB: write one object a line (.jsonl)")
    try:
        entries = json.loads(body, strict=False)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {error}") from None
    for number, entry in enumerate(entries, start=1):
        yield Row(entry, number) if isinstance(entry, dict) else _bad(number, "no JSON object", entry)


def _csv(opened: IO[bytes], encoding: str | None) -> Iterator[Row | Refused]:
    try:
        name = codecs.lookup(encoding).name if encoding else encoding_of(opened)
    except LookupError:
        raise Unreadable(f"encoding: {encoding!r} is none; write utf-8, cp932, euc_jp …") from None
    csv.field_size_limit(LONGEST_ROW)
    with io.TextIOWrapper(_Unclosed(opened), name, errors="replace", newline="") as text:
        head = text.readline(1 << 20)
        delimiter = max(",\t;|", key=head.count)
        columns = [column.strip() for column in next(csv.reader([head], delimiter=delimiter), [])]
        if not any(columns):
            raise Unreadable("the file is empty: its first line has to name the columns")
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield _bad(reader.line_num + 1, f"no CSV: {error}", "")
                continue
            if not any(values):
                continue
            if len(values) > len(columns) and any(values[len(columns) :]):
                found = f"{len(values)} fields, but the first line names {len(columns)}; put quotes around text"
                yield _bad(reader.line_num + 1, found, values)
                continue
            yield Row(dict(zip(columns, values, strict=False)), reader.line_num + 1)


class _Unclosed(io.BufferedReader):
    """Lets a text wrapper go without closing the file below it."""

    def __init__(self, opened: IO[bytes]) -> None:
        super().__init__(opened)  # type: ignore[arg-type]

    def close(self) -> None:
        self.detach()


def _book(opened: IO[bytes]) -> Iterator[Row | Refused]:
    """The first sheet with a header. Cells are values as last calculated, never formulas."""
    _refuse_bomb(opened)
    import openpyxl

    try:
        book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS)
        columns: list[str] = []
        for number, cells in enumerate(lines, start=1):
            if not columns:
                columns = [str(cell).strip() if cell is not None else "" for cell in cells]
                columns = columns if any(columns) else []
            elif any(cell not in (None, "") for cell in cells):
                values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
                yield Row(values, number)
    except Unreadable:
        raise
    except Exception as error:
        # openpyxl raises whatever its parts raise on a damaged book.
        raise Unreadable(f"this XLSX file cannot be read: {type(error).__name__}: {error}; save it again") from None


def _refuse_bomb(opened: IO[bytes]) -> None:
    """Refuses a small file that unpacks to a huge one, and XML that defines entities."""
    try:
        with zipfile.ZipFile(opened) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            packed = sum(part.compress_size for part in parts) or 1
            if unpacked > _LARGEST_BOOK or (unpacked > 2**24 and unpacked / packed > _LARGEST_RATIO):
                raise Unreadable(f"this XLSX file unpacks to {unpacked >> 20} MB: split it, or save it as CSV")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as xml:
                        if _ENTITY.search(xml.read(1 << 16)):
                            raise Unreadable("this XLSX file defines XML entities: it is refused")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise Unreadable(f"this is no XLSX file: {error}") from None
    finally:
        opened.seek(0)


def _bad(number: int, reason: str, what: object) -> Refused:
    shown = what[:500].decode("utf-8", "replace") if isinstance(what, bytes) else excerpt(what)
    return Refused("rejected", f"line {number}: {reason}", None, shown)
