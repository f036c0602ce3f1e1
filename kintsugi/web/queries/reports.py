"""The report that an address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kintsugi.steps.reporting import periodic, question, write_file
from kintsugi.web.moments import day_of
from kintsugi.web.queries.filters import asked_text
from reports.period import Period, days_between
from reports.report import KINDS, Report, make_report
from reports.scope import Scope

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from kintsugi.app import App

FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}
USUAL = "weekly"
LONGEST = 731  # days


class PeriodError(ValueError):
    """Days that make no period; the text is the name of the words that say why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address says; an empty text means everything. The days count for the kind `period` only."""

    kind: str = USUAL
    since: str = ""
    until: str = ""
    place: str = ""
    source: str = ""

    @property
    def query(self) -> str:
        """As it stands in an address."""
        given = {"kind": self.kind, "place": self.place, "source": self.source}
        if self.kind == "period":
            given |= {"since": self.since, "until": self.until}
        return urlencode({name: value for name, value in given.items() if value})

    def period(self, at: datetime, zone: ZoneInfo) -> Period:
        """The last whole day, week or month before `at`, or the days between, both included. Raises PeriodError."""
        if self.kind != "period":
            return periodic(self.kind, at, zone)
        first, last = _day(self.since), _day(self.until)
        if last < first:
            raise PeriodError("wrong_way")
        if (last - first).days >= LONGEST:
            raise PeriodError("too_long")
        return days_between(first, last, zone)


def asked_of(given: Mapping[str, str], at: datetime, zone: ZoneInfo) -> Asked:
    """Days without a kind ask for a period; one that names no day is the seven days up to yesterday."""
    texts = {one.name: asked_text(given, one.name) for one in fields(Asked)}
    if texts["kind"] not in KINDS:
        texts["kind"] = "period" if texts["since"] or texts["until"] else USUAL
    asked = Asked(**texts)
    if asked.kind != "period" or asked.since or asked.until:
        return asked
    days = periodic("weekly", at, zone).days
    return replace(asked, since=days[0].isoformat(), until=days[-1].isoformat())


def report_of(app: App, asked: Asked) -> Report:
    """The report. Raises PeriodError."""
    settings, at = app.settings, app.clock.now()
    period = asked.period(at, settings.brand.zone)
    scope = Scope(asked.place or None, asked.source or None)
    with app.database.read() as session:
        return make_report(session, question(settings, asked.kind, period, at, scope))


def report_file(made: Report, language: str, form: str, app: App) -> bytes:
    """The report as one of FILES. RuntimeError says what this machine lacks."""
    with TemporaryDirectory() as folder:
        path = Path(folder, form)
        write_file(made, language, form, path, app.settings.web.address)
        return path.read_bytes()


def name_of_file(made: Report, form: str) -> str:
    """kintsugi-weekly-2026-11-09-2026-11-15.csv."""
    days = made.period.days
    return f"kintsugi-{made.kind}-{days[0]}-{days[-1]}.{form}"


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        raise PeriodError("no_day")
    return day
