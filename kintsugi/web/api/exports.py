"""Mentions and cases as CSV and XLSX: read page by page, so that a million rows need no memory and hold up nobody."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import IO, TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from alerts.messages.plain import cleaned
from kintsugi.web.api.case_list import CaseFilters, CaseRow, case_places, rows_of
from kintsugi.web.api.cursor import Place
from kintsugi.web.api.mention_list import MentionFilters, MentionRow, mention_ids, mention_rows
from kintsugi.web.api.problem import documented
from reports.as_table import harmless

if TYPE_CHECKING:
    from kintsugi.app import App

BATCH = 500
SHEET_ROWS = 1_000_000  # Excel holds 1,048,576
LONGEST_CELL = 32_000  # Excel holds 32,767 characters
PART = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Iterator[Sequence[Any]]
Asked = Annotated[MentionFilters, Query()]
AskedCases = Annotated[CaseFilters, Query()]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["exports"])
    zone = app.settings.brand.zone

    @routes.get("/mentions.csv", response_class=Response, responses=_file("text/csv"))
    def export_mentions_csv(asked: Asked) -> Response:
        """Mentions by filters as CSV (UTF-8 with mark)."""
        return _sent(as_csv(list(MentionRow.model_fields), _mentions(app, asked), zone), "text/csv", "mentions.csv")

    @routes.get("/mentions.xlsx", response_class=Response, responses=_file(XLSX))
    def export_mentions_xlsx(asked: Asked) -> Response:
        """Mentions by filters as an Excel workbook."""
        return _sent(as_xlsx(list(MentionRow.model_fields), _mentions(app, asked), zone), XLSX, "mentions.xlsx")

    @routes.get("/cases.csv", response_class=Response, responses=_file("text/csv"))
    def export_cases_csv(asked: AskedCases) -> Response:
        """Cases by filters as CSV (UTF-8 with mark)."""
        return _sent(as_csv(list(CaseRow.model_fields), _cases(app, asked), zone), "text/csv", "cases.csv")

    @routes.get("/cases.xlsx", response_class=Response, responses=_file(XLSX))
    def export_cases_xlsx(asked: AskedCases) -> Response:
        """Cases by filters as an Excel workbook."""
        return _sent(as_xlsx(list(CaseRow.model_fields), _cases(app, asked), zone), XLSX, "cases.xlsx")

    return routes


def as_csv(names: Sequence[str], rows: Rows, zone: tzinfo) -> Iterator[bytes]:
    """The file in parts: with the mark by which Excel knows UTF-8, CRLF, and no cell that begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(value, zone) for value in row])
        if out.tell() >= PART:
            yield out.getvalue().encode("utf-8", "replace")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "replace")


def as_xlsx(names: Sequence[str], rows: Rows, zone: tzinfo) -> Iterator[bytes]:
    """The workbook in parts, once it is complete in a file; more rows than a sheet holds make more sheets."""
    with tempfile.TemporaryFile() as file:
        _write_book(file, names, rows, zone)
        file.seek(0)
        while part := file.read(PART):
            yield part


def _write_book(file: IO[bytes], names: Sequence[str], rows: Rows, zone: tzinfo) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = None
    for number, row in enumerate(rows):
        if number % SHEET_ROWS == 0:
            sheet = book.create_sheet(f"Kintsugi {number // SHEET_ROWS + 1}")
            sheet.append(list(names))
        assert sheet is not None
        cells: list[Any] = []
        for value in row:
            shown = _cell(value, zone)
            if isinstance(shown, str):
                cell = WriteOnlyCell(sheet, value=shown)
                cell.data_type = "s"  # never a formula
                cells.append(cell)
            else:
                cells.append(shown)
        sheet.append(cells)
    if sheet is None:
        book.create_sheet("Kintsugi 1").append(list(names))
    book.save(file)


def _cell(value: Any, zone: tzinfo) -> str | float | bool | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return harmless(cleaned(text)[:LONGEST_CELL])


def _mentions(app: App, asked: MentionFilters) -> Rows:
    zone = app.settings.brand.zone

    def page(after: Place | None) -> tuple[list[MentionRow], Place | None]:
        with app.database.read() as session:
            found = mention_ids(session, asked.conditions(session, zone, app.clock.now()), after, BATCH)
            return mention_rows(session, [number for _, number in found]), found[-1] if len(found) == BATCH else None

    return _paged(page)


def _cases(app: App, asked: CaseFilters) -> Rows:
    def page(after: Place | None) -> tuple[list[CaseRow], Place | None]:
        with app.database.read() as session:
            found = case_places(session, asked.conditions(), "opened", after, BATCH)
            rows = rows_of(session, [number for _, number in found], app.settings)
            return rows, found[-1] if len(found) == BATCH else None

    return _paged(page)


def _paged(page: Callable[[Place | None], tuple[list[Any], Place | None]]) -> Rows:
    """All rows; each page is read by itself, so that a slow reader keeps no transaction open."""
    after: Place | None = None
    while True:
        rows, after = page(after)
        for row in rows:
            yield [getattr(row, name) for name in type(row).model_fields]
        if after is None:
            return


def _file(media: str) -> dict[int | str, dict[str, Any]]:
    shown = {"description": "the file", "content": {media: {"schema": {"type": "string", "format": "binary"}}}}
    return {200: shown, **documented()}


def _sent(parts: Iterator[bytes], media: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingResponse(parts, media_type=media, headers=headers)
