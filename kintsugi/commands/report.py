"""`kintsugi report daily|weekly|monthly|period`: a report on the terminal, as a file, or delivered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json

if TYPE_CHECKING:
    from kintsugi.app import App
    from reports.period import Period
    from reports.report import Report

Until = Annotated[datetime | None, typer.Option(help="The period that ended before this day; default: today.")]
Language = Annotated[str | None, typer.Option(help="ja or en; default: the brand's first language.")]
Place = Annotated[str | None, typer.Option(help="Only this place.")]
Source = Annotated[str | None, typer.Option(help="Only this source.")]
Html = Annotated[Path | None, typer.Option(help="Write one HTML page, charts included.")]
Pdf = Annotated[Path | None, typer.Option(help="Write a PDF (needs the extra pdf).")]
Csv = Annotated[Path | None, typer.Option(help="Write all figures as one CSV table.")]
Xlsx = Annotated[Path | None, typer.Option(help="Write all figures as an Excel workbook.")]
Send = Annotated[bool, typer.Option("--send", help="Also deliver it to the configured receivers.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="Reports of a day, a week, a month, or any period.", no_args_is_help=True)
    group.command("daily", help="The last whole day.")(_periodic("daily"))
    group.command("weekly", help="The last seven whole days.")(_periodic("weekly"))
    group.command("monthly", help="The last whole calendar month.")(_periodic("monthly"))
    group.command("period")(period)
    app.add_typer(group, name="report")


def _periodic(kind: str):  # type: ignore[no-untyped-def]  # typer reads the signature of the function inside
    def make(
        config: Configuration = CONFIGURATION,
        until: Until = None,
        language: Language = None,
        place: Place = None,
        source: Source = None,
        html: Html = None,
        pdf: Pdf = None,
        csv: Csv = None,
        xlsx: Xlsx = None,
        send: Send = False,
        json: AsJson = False,
    ) -> None:
        from kintsugi.steps.reporting import periodic

        app = opened(config)
        zone = app.settings.brand.zone
        moment = until.replace(tzinfo=zone) if until else app.clock.now()
        made = _made(app, kind, periodic(kind, moment, zone), place, source)
        _show(app, made, language, {"html": html, "pdf": pdf, "csv": csv, "xlsx": xlsx}, json=json)
        if send:
            _send(app, kind, moment)

    return make


def period(
    first: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The last day, included.")],
    config: Configuration = CONFIGURATION,
    language: Language = None,
    place: Place = None,
    source: Source = None,
    html: Html = None,
    pdf: Pdf = None,
    csv: Csv = None,
    xlsx: Xlsx = None,
    json: AsJson = False,
) -> None:
    """Any period of whole days."""
    from reports.period import days_between

    app = opened(config)
    try:
        wanted = days_between(first.date(), last.date(), app.settings.brand.zone)
    except ValueError as error:
        raise failed(str(error)) from None
    made = _made(app, "period", wanted, place, source)
    _show(app, made, language, {"html": html, "pdf": pdf, "csv": csv, "xlsx": xlsx}, json=json)


def _made(app: App, kind: str, wanted: Period, place: str | None, source: str | None) -> Report:
    from kintsugi.steps.reporting import question
    from reports.report import make_report
    from reports.scope import Scope

    places = [one.name for one in app.settings.brand.locations]
    if place is not None and places and place not in places:
        raise failed(f"{place!r} is no place of the brand: use one of {', '.join(places)}")
    if source is not None and app.settings.sources and source not in app.settings.sources:
        raise failed(f"{source!r} is no source: use one of {', '.join(app.settings.sources)}")
    with app.database.read() as session:
        return make_report(session, question(app.settings, kind, wanted, app.clock.now(), Scope(place, source)))


def _show(app: App, made: Report, language: str | None, files: dict[str, Path | None], *, json: bool) -> None:
    from kintsugi.steps.reporting import write_file
    from reports.as_data import as_data
    from reports.as_text import text_of

    wanted = {kind: path for kind, path in files.items() if path is not None}
    language = language or app.settings.brand.languages[0]
    for kind, path in wanted.items():
        try:
            write_file(made, language, kind, path, app.settings.web.address)
        except (RuntimeError, OSError) as error:
            raise failed(str(error)) from None
    if json:
        say_json(as_data(made, language))
    elif wanted:
        say("\n".join(str(path) for path in wanted.values()))
    else:
        say(text_of(made, language))


def _send(app: App, kind: str, moment: datetime) -> None:
    from kintsugi.steps.reporting import deliver, prepare

    wanted = app.settings.reports.periodic().get(kind)
    if wanted is None:
        raise failed(f"reports.{kind} is not set: write to whom it goes, such as {kind}: {{to: {{slack: '#reports'}}}}")
    made = prepare(app, kind, wanted, moment, app.clock.now())
    if made is None:
        raise failed("nothing was sent: there is nothing to read in that period")
    with app.database.write() as session:
        deliver(session, wanted, made, app.clock.now())
