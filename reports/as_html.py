"""A report as one HTML page that needs nothing else: for a browser, a mail, and as what a PDF is made of."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reports.as_text import compared, main_figures, title_of
from reports.quotes import Quote
from reports.report import Report
from reports.sections import sections
from reports.statements import what_changed, what_to_do
from reports.tables import Section
from reports.words import Words

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

TEMPLATES = Path(__file__).with_name("templates")


def as_html(report: Report, language: str, pictures: Mapping[str, bytes], address: str | None) -> str:
    """The page. `pictures`: PNGs by the key of their section. `address`: of the pages, for links; None: without.

    Everything that came from outside is escaped by the template.
    """
    say = Words(language)
    remark, found = what_changed(report, say)
    return _template().render(
        report=report,
        say=say,
        title=title_of(report, language),
        span=say.span(report.period),
        compared=compared(report, say),
        figures=main_figures(report, say),
        found=found,
        remark=remark,
        steps=what_to_do(report, say),
        sections=sections(report, say),
        pictures={key: _inline(picture) for key, picture in pictures.items()},
        voices=[("worst", report.worst), ("best", report.best)],
        address=address,
        linked=lambda text, path: _linked(text, path, address),
        read=lambda path: _linked(say(door(path)), path, address) if path and address else "",
        right=numeric,
        from_where=lambda quote: from_where(quote, report, say),
        made=say.moment(report.made_at, report.period.zone),
    )


def _linked(text: str, path: str | None, address: str | None) -> Markup | str:
    """The text, as a link where there is something to read behind it."""
    from markupsafe import Markup

    if path is None or address is None:
        return text
    return Markup('<a href="{}">{}</a>').format(address + path, text)


def door(path: str) -> str:
    return "head.open_case" if path.startswith("/cases/") else "head.read"


def numeric(section: Section, column: int) -> bool:
    """Whether a column holds figures only: those stand on the right."""
    cells = [row[column] for row in section.rows]
    return column > 0 and all(cell.value is not None or cell.text in ("", "–") for cell in cells)


def from_where(quote: Quote, report: Report, say: Words) -> str:
    stars = None if quote.stars is None else f"★{quote.stars:g}"
    day = say.moment(quote.at, report.period.zone)
    return " · ".join(part for part in (quote.place, quote.source, stars, day) if part)


def _inline(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template("report.html")
