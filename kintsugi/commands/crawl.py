"""`kintsugi crawl`: one crawl now."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kintsugi.commands.options import CONFIGURATION, Configuration, failed, opened, say, say_json

if TYPE_CHECKING:
    from kintsugi.app import App


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(crawl)


def crawl(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources; without any, all.")] = None,
    config: Configuration = CONFIGURATION,
    print_: Annotated[bool, typer.Option("--print", help="Print mentions as JSON lines, store nothing.")] = False,
    why: Annotated[bool, typer.Option("--why", help="With --print: also what was left out, and why.")] = False,
    since: Annotated[datetime | None, typer.Option(help="Read back to this day.")] = None,
    replay: Annotated[Path | None, typer.Option(help="A folder of recorded responses to read instead.")] = None,
    kind: Annotated[str | None, typer.Option(help="With --replay: the kind of source.")] = None,
) -> None:
    """Crawl sources now, whether they are due or not."""
    if replay is not None:
        if kind is None or not print_:
            raise failed("a replay needs its kind and prints: kintsugi crawl --replay FOLDER --kind KIND --print")
        from crawlers.running.replay import replay as read_folder

        for mention in read_folder(replay, kind):
            say_json(mention)
        return
    app = opened(config)
    keys = sources or list(app.settings.sources)
    unknown = [key for key in keys if key not in app.settings.sources]
    if unknown:
        raise failed(f"there is no source {unknown[0]!r}: {config} has {', '.join(app.settings.sources) or 'none'}")
    moment = since.replace(tzinfo=app.settings.brand.zone) if since else None  # A day as the brand counts days.
    if print_:
        _print(app, keys, moment, why=why)
    else:
        _store(app, keys, moment)


def _print(app: App, keys: list[str], since: datetime | None, *, why: bool) -> None:
    from crawlers.running.child import run_sources
    from crawlers.running.job import jobs_for
    from crawlers.running.replay import as_json
    from kintsugi.steps.crawling import TIMEOUT, TIMEOUT_OF_BACKFILL, tokens_of
    from storage.item import Finished, Item, Refused

    jobs = jobs_for(app.settings, keys, {key: {} for key in keys}, at=app.clock.now(), since=since)
    failures = 0
    limit = TIMEOUT if since is None else TIMEOUT_OF_BACKFILL
    for key, entry in run_sources(jobs, limit, environment=tokens_of(app.settings, app.secrets, keys)):
        if isinstance(entry, Item):
            say_json(as_json(entry, key, app.settings.sources[key].kind))
        elif isinstance(entry, Refused) and why:
            say_json({"source": key, "id": entry.external_id, entry.disposition: entry.reason})
        elif isinstance(entry, Finished) and entry.error:
            sys.stderr.write(f"{key}: {entry.error}\n")
            failures += 1
    if failures:
        raise typer.Exit(1)


def _store(app: App, keys: list[str], since: datetime | None) -> None:
    from sqlalchemy import select

    from kintsugi.steps.crawling import crawl as crawl_now
    from storage.source import Crawl, Source

    crawl_now(app, keys, since)
    failures = 0
    with app.database.read() as session:
        for key in keys:
            last = session.scalars(
                select(Crawl).join(Source).where(Source.key == key).order_by(Crawl.id.desc()).limit(1)
            ).one()
            figures: dict[str, Any] = {
                name: getattr(last, name)
                for name in ("fetched", "new", "revised", "unchanged", "ignored", "rejected", "gone")
            }
            say(f"{key}: " + ", ".join(f"{count} {name}" for name, count in figures.items()))
            if last.error:
                sys.stderr.write(f"{key}: {last.error}\n")
                failures += 1
    if failures:
        raise typer.Exit(1)
