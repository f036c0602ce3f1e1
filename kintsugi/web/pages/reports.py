"""The page *Reports*: what a day, a week, a month or any days brought, with its charts and files to keep."""

from __future__ import annotations

import json
from collections import OrderedDict
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException, Request, Response

from kintsugi.web.api.answer import etag_of, matches
from kintsugi.web.failing import SaidError
from kintsugi.web.queries.choices import choices
from kintsugi.web.queries.reports import FILES, Asked, PeriodError, asked_of, name_of_file, report_file, report_of
from kintsugi.web.rendering import page, shown_to
from reports.as_html import door, from_where, numeric
from reports.as_text import compared, main_figures, title_of
from reports.report import KINDS, Report
from reports.report_charts import charts_of
from reports.sections import sections
from reports.statements import what_changed, what_to_do
from reports.words import Words

if TYPE_CHECKING:
    from kintsugi.app import App

KEPT = 64  # pictures, some 50 kB each
MOST_PAGES = 32  # whose charts are kept
Charts = dict[str, dict[str, Any]]
_one_at_a_time = Lock()


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    kept = KeptCharts()

    @routes.get("/reports")
    def reports(request: Request) -> Response:
        """The page: the form, and the report that it asks for."""
        asked, say = _asked(app, request), Words(shown_to(app, request).language)
        problem, values, stamp = None, {}, ""
        try:
            values = _shown(report_of(app, asked), say)
            stamp = kept.keep(asked, say, values["report"].made_at, values["charts"])
        except PeriodError as error:
            problem = str(error)
        with app.database.read() as session:
            there = choices(session)
        return page(
            app, request, "reports.html", status=400 if problem else 200, asked=asked, kinds=KINDS, choices=there,
            forms=[form for form in FILES if form != "pdf" or find_spec("weasyprint")], problem=problem,
            say=say, stamp=stamp, report=values.pop("report", None), **values,
        )  # fmt: skip

    _files(app, routes, kept)
    return routes


def _files(app: App, routes: APIRouter, kept: KeptCharts) -> None:
    """Its charts and files."""

    @routes.get("/reports/charts/{key}")
    def chart(request: Request, key: str) -> Response:
        """The chart of a section as PNG. Who has it already is told so before it is drawn."""
        say = Words(shown_to(app, request).language)
        charts = kept.of(_asked(app, request), say, request.query_params.get("made", ""))
        specification = (charts_of(_made(app, request), say) if charts is None else charts).get(key)
        if specification is None:
            raise HTTPException(404)
        text = json.dumps(specification, sort_keys=True)
        headers = {"ETag": etag_of(text.encode()), "Cache-Control": "private, no-cache", "Vary": "Cookie"}
        if matches(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        try:
            return Response(_drawn(text), media_type="image/png", headers=headers)
        except RuntimeError as error:
            raise HTTPException(503, str(error)) from None

    @routes.get("/reports/files/{form}")
    def file(request: Request, form: str) -> Response:
        """The report as a file."""
        if form not in FILES:
            raise HTTPException(404)
        made, language = _made(app, request), shown_to(app, request).language
        try:
            content = report_file(made, language, form, app)
        except RuntimeError as error:
            raise SaidError(503, str(error), "problem.no_pdf") from None
        headers = {"Content-Disposition": f'attachment; filename="{name_of_file(made, form)}"'}
        return Response(content, media_type=FILES[form], headers=headers)


def _asked(app: App, request: Request) -> Asked:
    return asked_of(request.query_params, app.clock.now(), app.settings.brand.zone)


def _made(app: App, request: Request) -> Report:
    try:
        return report_of(app, _asked(app, request))
    except PeriodError as error:
        raise HTTPException(400, f"since and until: {error}") from None


class KeptCharts:
    """What the charts of the last pages show: of the same figures as the page, and no report is read once a chart.

    Specifications hold counts only, so that nothing of an author stays here after an erasure.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str], Charts] = OrderedDict()
        self._lock = Lock()

    def of(self, asked: Asked, say: Words, stamp: str) -> Charts | None:
        """Those of the page with this stamp; None: they are not kept any more."""
        with self._lock:
            return self._kept.get((asked.query, say.language, stamp))

    def keep(self, asked: Asked, say: Words, made_at: datetime, charts: Charts) -> str:
        """Keeps them, and the oldest ones go. Returns the stamp for their addresses."""
        stamp = f"{made_at.timestamp():.6f}"
        with self._lock:
            self._kept[asked.query, say.language, stamp] = charts
            if len(self._kept) > MOST_PAGES:
                self._kept.popitem(last=False)
        return stamp


def _shown(report: Report, say: Words) -> dict[str, Any]:
    """What the template shows of a report."""
    remark, found = what_changed(report, say)
    return {
        "report": report,
        "title": title_of(report, say.language),
        "span": say.span(report.period),
        "compared": compared(report, say),
        "figures": main_figures(report, say),
        "remark": remark,
        "found": found,
        "steps": what_to_do(report, say),
        "sections": sections(report, say),
        "charts": charts_of(report, say),
        "voices": [(name, quotes) for name, quotes in (("worst", report.worst), ("best", report.best)) if quotes],
        "numeric": numeric,
        "door": door,
        "from_where": lambda quote: from_where(quote, report, say),
        "made": say.moment(report.made_at, report.period.zone),
    }


@lru_cache(maxsize=KEPT)
def _drawn(specification: str) -> bytes:
    """The picture; one is drawn at a time, because the child that draws needs 135 MB."""
    from reports.charts import pngs

    with _one_at_a_time:
        return pngs([json.loads(specification)])[0]
