"""Makes periodic reports: when they are due, what they are asked, and what goes to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from config.reports import ReportSettings
from storage.delivery import make_delivery
from storage.due import Due, came_round

if TYPE_CHECKING:
    from config.settings import Settings
    from kintsugi.app import App
    from reports.period import Period
    from reports.report import Question, Report
    from reports.scope import Scope

log = structlog.get_logger(__name__)

FOLDER = "kintsugi.reports"  # beside the database: the pages and charts that went out
LONGEST = 20_000  # characters of a quote's text that are looked at


def next_report(report: ReportSettings, kind: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The first moment after `after` at which this report is due, by the wall clock of `zone`."""
    day, clock = report.day_and_time(kind)
    local = after.astimezone(zone)
    moment = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    if kind == "weekly":
        moment += timedelta(days=(day - local.weekday()) % 7)
    if kind == "monthly":
        moment = moment.replace(day=day)
    if moment > local:
        return moment
    if kind == "monthly":
        return (moment.replace(day=1) + timedelta(days=32)).replace(day=day)
    return moment + timedelta(days=7 if kind == "weekly" else 1)


def question(settings: Settings, kind: str, period: Period, at: datetime, scope: Scope | None = None) -> Question:
    """What a report of this installation is asked."""
    from alerts.messages.plain import public
    from reports.report import Question
    from reports.scope import Scope as Everything
    from responder.cases.business_time import open_between

    hours, zone = settings.clocks.business_hours, settings.brand.zone
    return Question(
        brand=settings.brand.name,
        kind=kind,
        period=period,
        at=at,
        hours=lambda start, end: open_between(start, end, hours, zone),
        mask=lambda text: public(text, LONGEST),
        scope=scope or Everything(),
        assumed=settings.reports.assumptions,
    )


def periodic(kind: str, moment: datetime, zone: ZoneInfo) -> Period:
    """The last whole day, week or month before `moment`."""
    from reports import period

    made = {"daily": period.day_before, "weekly": period.week_before, "monthly": period.month_before}
    return made[kind](moment, zone)


def make_due(app: App, at: datetime) -> None:
    """Makes the reports that are due, and delivers each once.

    The figures are read, and the charts drawn, before the transaction that writes: nobody waits for them.
    """
    for kind, report in app.settings.reports.periodic().items():
        moment = _due(app, kind, report, at)
        made = prepare(app, kind, report, moment, at) if moment is not None else None
        with app.database.write() as session:
            came = came_round(session, f"report:{kind}", at, _next(app, kind, report))
            if came is not None and made is not None:
                deliver(session, report, made, at)


@dataclass(frozen=True)
class Prepared:
    """A report as it goes out. `name` tells the period apart: each is delivered once a receiver and name."""

    name: str
    payload: dict[str, Any]


def prepare(app: App, kind: str, report: ReportSettings, moment: datetime, at: datetime) -> Prepared | None:
    """The report that was due at `moment`; None in the days before the first crawl, when there is nothing to read."""
    from reports.as_text import brief_of, title_of
    from reports.report import make_report

    settings, zone = app.settings, app.settings.brand.zone
    with app.database.read() as session:
        made = make_report(session, question(settings, kind, periodic(kind, moment, zone), at))
    if made.empty:
        return None
    language = report.language or settings.brand.languages[0]
    name = f"{kind}:{moment.astimezone(zone).date().isoformat()}"
    address = settings.web.public_url
    payload = {
        "title": title_of(made, language),
        "lines": brief_of(made, language),
        "link": f"{address}{reports_path(made.period)}" if address else None,
        **_files(app.folder / FOLDER, name.replace(":", "-"), made, language, address),
    }
    return Prepared(name, payload)


def reports_path(period: Period) -> str:
    """The page of a report: by its days, so that the link shows the same report whenever it is opened."""
    days = period.days
    return f"/reports?kind=period&since={days[0]}&until={days[-1]}"


def deliver(session: Session, report: ReportSettings, made: Prepared, at: datetime) -> None:
    """Makes the deliveries of a report, unless they were made before."""
    for receiver in report.to.names():
        make_delivery(
            session, f"report:{made.name}:{receiver}", receiver=receiver, purpose="notice", payload=made.payload, at=at
        )


def _files(folder: Path, name: str, made: Report, language: str, address: str | None) -> dict[str, Any]:
    """Writes the page and its charts beside the database. A report goes out without charts that cannot be drawn."""
    from reports.as_html import as_html

    try:
        pictures = _pictures(made, language)
    except RuntimeError as error:
        log.error("charts of a report", report=name, error=str(error))
        pictures = {}
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{name}.html"
    page.write_text(as_html(made, language, pictures, address), encoding="utf-8")
    images = []
    for key, picture in pictures.items():
        image = folder / f"{name}-{key}.png"
        image.write_bytes(picture)
        images.append(str(image))
    return {"page": str(page), "images": images}


def _pictures(made: Report, language: str) -> dict[str, bytes]:
    """The charts by the key of their section. RuntimeError says why they cannot be drawn."""
    from reports.charts import pngs
    from reports.report_charts import charts_of
    from reports.words import Words

    charts = charts_of(made, Words(language))
    return dict(zip(charts, pngs(list(charts.values())), strict=True))


def _due(app: App, kind: str, report: ReportSettings, at: datetime) -> datetime | None:
    """The latest moment that passed for which this report was not made."""
    with app.database.read() as session:
        row = session.get(Due, f"report:{kind}")
        moment = row.at if row is not None and row.at <= at else None
    while moment is not None and (later := _next(app, kind, report)(moment)) <= at:
        moment = later
    return moment


def _next(app: App, kind: str, report: ReportSettings) -> Callable[[datetime], datetime]:
    return lambda after: next_report(report, kind, app.settings.brand.zone, after)


def write_file(made: Report, language: str, kind: str, path: Path, address: str | None) -> None:
    """Writes a report as html, pdf, csv or xlsx. RuntimeError or OSError says what is in the way."""
    from reports.as_html import as_html
    from reports.as_pdf import as_pdf
    from reports.as_table import as_csv, as_xlsx

    if kind == "csv":
        path.write_text(as_csv(made, language), encoding="utf-8", newline="")
        return
    if kind == "xlsx":
        path.write_bytes(as_xlsx(made, language))
        return
    page = as_html(made, language, _pictures(made, language), address)
    if kind == "pdf":
        path.write_bytes(as_pdf(page))
    else:
        path.write_text(page, encoding="utf-8")
