"""`kintsugi report weekly`: the report on the terminal, or delivered."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, opened, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="Periodic reports.", no_args_is_help=True)
    group.command()(weekly)
    app.add_typer(group, name="report")


def weekly(
    config: Configuration = CONFIGURATION,
    until: Annotated[datetime | None, typer.Option(help="The week that ended before this day; default: today.")] = None,
    language: Annotated[str | None, typer.Option(help="ja or en; default: the brand's first language.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Also deliver it to the configured receivers.")] = False,
    json: AsJson = False,
) -> None:
    """Volume, sentiment, cases by outcome, times: the last seven whole days."""
    from kintsugi.reporting import deliver_report
    from reports.as_text import lines_of, title_of
    from reports.period import week_before
    from reports.weekly import weekly_report

    app = opened(config)
    zone, language = app.settings.brand.zone, language or app.settings.brand.languages[0]
    moment = until.replace(tzinfo=zone) if until else app.clock.now()
    with app.database.read() as session:
        report = weekly_report(session, app.settings.brand.name, week_before(moment, zone))
    if json:
        say_json(asdict(report))
    else:
        say(title_of(report, language))
        for line in lines_of(report, language, zone):
            say(f"  {line}")
    if send and app.settings.reports.weekly is not None:
        with app.database.write() as session:
            deliver_report(session, app.settings.reports.weekly, moment, app.settings, app.clock.now())
