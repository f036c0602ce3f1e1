"""`kintsugi spikes`: the spikes that were stored, or the score of every row of a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(spikes)


def spikes(
    csv: Annotated[Path | None, typer.Option(help="A file of timestamp,value rows, scored in order.")] = None,
    config: Configuration = CONFIGURATION,
    json: AsJson = False,
) -> None:
    """List the spikes that were found; with --csv, score every row of a file with the same detector."""
    if csv is None:
        _stored(config, json=json)
    elif csv.exists() and not csv.is_dir():
        _scored(csv, json=json)
    else:
        raise failed(f"{csv}: there is no such file")


def _stored(config: Path, *, json: bool) -> None:
    from sqlalchemy import select

    from storage.spike import Spike

    app = opened(config)
    zone = app.settings.brand.zone
    with app.database.read() as session:
        found = session.scalars(select(Spike).order_by(Spike.id)).all()
    for spike in found:
        since = spike.since.astimezone(zone)
        until = spike.ended_at.astimezone(zone) if spike.ended_at else None
        if json:
            say_json({"name": spike.name, "labels": spike.labels, "since": since, "until": until})
        else:
            place = ", ".join(f"{name} {value}" for name, value in spike.labels.items()) or app.settings.brand.name
            say(f"{spike.name}  {since:%Y-%m-%d %H:%M} – {f'{until:%Y-%m-%d %H:%M}' if until else 'goes on'}  {place}")
    if not found and not json:
        say("no spike was found yet")


def _scored(csv: Path, *, json: bool) -> None:
    from alerts.spikes.csv import spikes_csv

    # A column of notes in another encoding is no reason to stop: time and count are ASCII in all of them.
    with csv.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        try:
            for row in spikes_csv(lines):
                if json:
                    say_json(row)
                elif row["spike"]:
                    expected = f"expected {row['expected']:.1f}, score {row['score']:.2f}"
                    say(f"{row['timestamp']}  {row['value']:g} ({expected})")
        except ValueError as error:
            sys.stderr.write(f"{csv}: {error}\n")
            raise typer.Exit(1) from None
