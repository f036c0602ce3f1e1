"""`kintsugi spikes`: the spikes that were stored, or the score of every row of a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kintsugi.commands.options import AsJson, failed, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(spikes)


def spikes(
    csv: Annotated[Path, typer.Option(help="A file of timestamp,value rows, scored in order.")],
    json: AsJson = False,
) -> None:
    """Score every row of a timestamp,value file with the service's own detector."""
    from alerts.spikes.csv import spikes_csv

    if not csv.is_file():
        raise failed(f"{csv}: there is no such file")
    with csv.open(encoding="utf-8-sig") as lines:
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
