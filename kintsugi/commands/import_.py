"""`kintsugi import FILE`: mentions from CSV, JSON lines or XLSX."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from kintsugi.commands.options import CONFIGURATION, AsJson, Configuration, failed, opened, say, say_json


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("import")(import_file)


def import_file(
    file: Annotated[Path, typer.Argument(help="A .csv, .jsonl or .xlsx file.")],
    config: Configuration = CONFIGURATION,
    source: Annotated[str, typer.Option(help="The source under which the mentions are kept.")] = "import",
    columns: Annotated[list[str] | None, typer.Option("--column", help="field=column, where names differ.")] = None,
    encoding: Annotated[str | None, typer.Option(help="The encoding, where it is not detected.")] = None,
    rating_scale: Annotated[
        float | None, typer.Option(help="The best rating of the file's scale (5, 10, 100).")
    ] = None,
    json: AsJson = False,
) -> None:
    """Store mentions from a file; the same file again changes nothing."""
    from crawlers.file import read_file
    from kintsugi.steps.crawling import store_items

    if not file.is_file():
        raise failed(f"{file}: there is no such file")
    mapping = {}
    for pair in columns or []:
        field, _, column = pair.partition("=")
        if not column:
            raise failed(f"--column {pair!r}: write it like text=本文")
        mapping[field.strip()] = column.strip()
    app = opened(config)
    at = app.clock.now()
    entries = read_file(file, mapping or None, encoding=encoding, rating_scale=rating_scale, at=at)
    # What is loaded by now stays: collections that walk through it again took a quarter of a long import.
    gc.freeze()
    account = store_items(app.database, source, "file", entries, at)
    figures = {
        name: getattr(account, name) for name in ("fetched", "new", "revised", "unchanged", "ignored", "rejected")
    }
    if json:
        say_json(figures)
        return
    say(f"{file.name}: " + ", ".join(f"{count} {name}" for name, count in figures.items()))
    if account.rejected:
        say(f"why lines were rejected: kintsugi parked list --source {source}")
