"""A report as CSV or XLSX: the same tables, figures as numbers. No cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal

from reports.as_text import title_of
from reports.report import Report
from reports.sections import sections
from reports.tables import Cell, Section
from reports.words import Words

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full width too (OWASP, CSV injection)
SHEET_NAME = 31  # characters that Excel allows
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def as_csv(report: Report, language: str) -> str:
    """One table: section, row, column, value. With the mark by which Excel knows UTF-8, and CRLF."""
    say = Words(language)
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(["section", "row", "column", "value", "text"])
    days = report.period.days
    lines.writerow(["", "", "", "", harmless(f"{title_of(report, language)} {days[0]} – {days[-1]}")])
    for section in sections(report, say):
        for row in section.rows:
            for column, cell in zip(section.columns[1:], row[1:], strict=True):
                value = "" if cell.value is None else cell.value
                lines.writerow([section.key, harmless(row[0].text), column, value, harmless(cell.text)])
    return "\ufeff" + out.getvalue()


def as_xlsx(report: Report, language: str) -> bytes:
    """One sheet a table."""
    from openpyxl import Workbook

    say = Words(language)
    book = Workbook()
    first = book.active
    assert first is not None, "a new workbook has a sheet"
    first.title = "Kintsugi"
    first.append([harmless(title_of(report, language))])
    first.append([say.span(report.period)])
    for section in sections(report, say):
        sheet = book.create_sheet(section.title.translate(_FORBIDDEN)[:SHEET_NAME])
        sheet.append([harmless(column) for column in section.columns])
        for row in section.rows:
            sheet.append([_value(cell) for cell in row])
        sheet.append([])
        sheet.append([harmless(section.note)])
        _widen(sheet, section)
    # A workbook tells when it was made: by the report, so that the same report gives the same file.
    book.properties.created = book.properties.modified = report.made_at.replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(text: str) -> str:
    """A text that a spreadsheet takes for text: an apostrophe before what would begin a formula."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text


def _value(cell: Cell) -> str | float | Decimal | datetime:
    return harmless(cell.text) if cell.value is None else cell.value


def _widen(sheet: object, section: Section) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    assert isinstance(sheet, Worksheet)
    for number, column in enumerate(section.columns):
        longest = max([column, *(row[number].text for row in section.rows)], key=len)
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(60, 4 + 2 * len(longest))
