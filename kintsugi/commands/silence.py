"""`kintsugi silence`: what nobody is told for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    group = typer.Typer(help="What nobody is told for a while.", no_args_is_help=True)
    group.command()(add)
    group.command("list")(list_silences)
    group.command()(end)
    app.add_typer(group, name="silence")


def add(
    matchers: Annotated[list[str], typer.Argument(help='What: topic="food" location=~"浅草|上野" …')],
    by: Annotated[str, typer.Option("--by", help="Your id under people.")],
    reason: Annotated[str, typer.Option(help="Why; shown to everyone who asks.")],
    last: Annotated[str, typer.Option("--for", help="How long: 2h, 3d …")] = "2h",
    starts: Annotated[datetime | None, typer.Option("--from", help="From when; now unless given.")] = None,
    weekdays: Annotated[str | None, typer.Option(help="Only on these days: saturday or monday:friday.")] = None,
    between: Annotated[str | None, typer.Option(help="Only at these times: 09:00-12:00.")] = None,
    config: Configuration = CONFIGURATION,
) -> None:
    """Silence what matches, for a while."""
    from alerts.routing.silences import make_silence
    from config.duration import parse_duration

    app = opened(config)
    at, zone = app.clock.now(), app.settings.brand.zone
    begins = starts.replace(tzinfo=starts.tzinfo or zone) if starts else at
    try:
        with app.database.write() as session:
            silence = make_silence(
                session,
                matchers,
                starts_at=begins,
                ends_at=begins + parse_duration(last),
                reason=reason,
                made_by=by,
                at=at,
                weekly=_weekly(weekdays, between, app.settings.brand.timezone),
            )
            said = (
                f"silence {silence.id}: {', '.join(silence.matchers)} until {silence.ends_at.astimezone(zone):%F %H:%M}"
            )
    except ValueError as error:
        raise failed(str(error)) from None
    say(said)


def list_silences(config: Configuration = CONFIGURATION, json: AsJson = False) -> None:
    """List silences that have not ended."""
    from storage.silence import open_silences

    app = opened(config)
    zone = app.settings.brand.zone
    with app.database.read() as session:
        for one in open_silences(session, app.clock.now()):
            row = {
                "id": one.id,
                "matchers": one.matchers,
                "from": one.starts_at.astimezone(zone).isoformat(),
                "until": one.ends_at.astimezone(zone).isoformat(),
                "weekly": one.weekly,
                "reason": one.reason,
                "by": one.made_by,
            }
            text = f"{one.id}  {', '.join(one.matchers)}  {row['from']} – {row['until']}  {one.reason} ({one.made_by})"
            say_json(row) if json else say(text)


def end(
    number: Annotated[int, typer.Argument(help="Its number from `kintsugi silence list`.")],
    config: Configuration = CONFIGURATION,
) -> None:
    """End a silence now."""
    from alerts.routing.silences import end_silence
    from storage.silence import Silence

    app = opened(config)
    with app.database.write() as session:
        silence = session.get(Silence, number)
        if silence is None:
            raise failed(f"there is no silence {number}: `kintsugi silence list` shows them")
        end_silence(silence, app.clock.now())
    say(f"silence {number} has ended")


def _weekly(weekdays: str | None, between: str | None, timezone: str) -> dict[str, object] | None:
    """The time interval of the two options; None without them."""
    interval: dict[str, object] = {}
    if weekdays:
        interval["weekdays"] = weekdays.split(",")
    if between:
        first, _, last = between.partition("-")
        interval["times"] = [{"start_time": first.strip(), "end_time": last.strip()}]
    return {**interval, "location": timezone} if interval else None
