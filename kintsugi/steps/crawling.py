"""Crawls what is due: one child process reads the sources, this process stores what it hands over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config.mistakes import ConfigurationError
from config.settings import Secrets, Settings
from kintsugi.app import App
from kintsugi.metrics.steps import measured
from kintsugi.pipeline import after_ingest
from kintsugi.steps.canary import watch_source
from kintsugi.views.subjects import STORE
from storage.database import Database
from storage.ingest import ingest
from storage.item import Finished, Gone, Handover, Item, Refused, WindowRead
from storage.source import Crawl, Source, source_by_key
from storage.work import add_work

if TYPE_CHECKING:
    from crawlers.running.job import CrawlJob

log = structlog.get_logger(__name__)
BATCH = 1000
TIMEOUT = timedelta(minutes=10)
TIMEOUT_OF_BACKFILL = timedelta(hours=6)  # Somebody asked for it and waits; thousands of pages take a second each.
PAUSE_WHEN_REFUSED = timedelta(days=1)
LONGEST_BACKOFF = timedelta(hours=6)

Storable = Item | Refused | Gone | WindowRead


@dataclass
class Running:
    """The crawl of one source that is under way."""

    key: str
    source_id: int
    crawl_id: int
    batch: list[Storable] = field(default_factory=list)


def crawl_due(app: App) -> int:
    """Crawls every configured source that is due, in one child. Returns their number."""
    with app.database.read() as session:
        due = due_sources(session, app.settings, app.clock.now())
    if due:
        crawl(app, due)
    return len(due)


def start_crawler(app: App) -> None:
    """Where a source is due, starts the process that will crawl it: it gets ready while this one does."""
    from crawlers.running.child import start_ahead

    with app.database.read() as session:
        due = due_sources(session, app.settings, app.clock.now())
    if due:
        start_ahead(tokens_of(app.settings, app.secrets, due))


def due_sources(session: Session, settings: Settings, at: datetime) -> list[str]:
    """The configured sources whose time has come, in the order of the configuration."""
    later = {
        key
        for key, due_at, paused_until in session.execute(select(Source.key, Source.due_at, Source.paused_until))
        if max(due_at or at, paused_until or at) > at
    }
    return [key for key, source in settings.sources.items() if source.kind != "webhook" and key not in later]


def crawl(app: App, keys: Sequence[str], since: datetime | None = None) -> None:
    """Crawls these sources now, whether they are due or not. A failing source never stops the others."""
    from crawlers.running.child import run_sources
    from crawlers.running.job import jobs_for

    settings = app.settings  # those with which it began: meanwhile others may be read, without some of its sources
    with app.database.write() as session:
        running = {key: _begin(session, settings, key, app.clock.now()) for key in keys}
        cursors = {
            source.key: source.cursor for source in session.scalars(select(Source).where(Source.key.in_(list(keys))))
        }
    jobs = _within_budget(app, jobs_for(settings, keys, cursors, at=app.clock.now(), since=since), running)
    limit = TIMEOUT if since is None else TIMEOUT_OF_BACKFILL
    for key, entry in run_sources(jobs, limit, environment=tokens_of(settings, app.secrets, keys)):
        one = running[key]
        if isinstance(entry, Finished):
            _store(app, one)
            _end(app, settings, one, entry)
            del running[key]
        else:
            one.batch.append(entry)
            if len(one.batch) >= BATCH:
                _store(app, one)
    for one in running.values():
        _store(app, one)
        _end(app, settings, one, Finished(error="the crawl ended without a word; it will be tried again"))


def _within_budget(app: App, jobs: Iterable[CrawlJob], running: dict[str, Running]) -> list[CrawlJob]:
    """The jobs with what is left of their day, and with the place for an answer that the operator should see."""
    daily, zone = app.settings.crawlers.daily_requests, app.settings.brand.zone
    midnight = app.clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with app.database.read() as session:
        asked: dict[int, int] = dict(
            session.execute(
                select(Crawl.source_id, func.sum(Crawl.requests))
                .where(Crawl.started_at >= midnight)
                .group_by(Crawl.source_id)
            ).all()
        )
    return [
        replace(
            job,
            budget=None if daily is None else max(0, daily - (asked.get(running[job.key].source_id) or 0)),
            keep=str(kept_answer(app, job.key)),
        )
        for job in jobs
    ]


def kept_answer(app: App, key: str) -> Path:
    """Where the last answer of a source lies in which nobody was found."""
    return app.folder / "kintsugi.answers" / quote(key, safe="")


def tokens_of(settings: Settings, secrets: Secrets, keys: Iterable[str]) -> dict[str, str]:
    """Values of .env under the names that these sources ask for; a source with wrong options says so when it is read.

    Only those: the crawling process needs no other secret.
    """
    from crawlers.registry import kind_named, options_for, variables_of

    names: set[str] = set()
    for key in keys:
        source = settings.sources[key]
        with suppress(ConfigurationError):
            names.update(variables_of(options_for(key, kind_named(source.kind), source.options)))
    return {name: value for name in sorted(names) if (value := secrets.named(name)) is not None}


def store_items(
    database: Database, key: str, kind: str, entries: Iterable[Handover], at: datetime, *, assess: bool = True
) -> Crawl:
    """Stores items from anywhere (an import, a webhook) as one crawl of source `key`. Returns its account."""
    with database.write() as session:
        source = source_by_key(session, key, kind)
        one = Running(key, source.id, _new_crawl(session, source, at).id)
    for entry in entries:
        if not isinstance(entry, Finished):
            one.batch.append(entry)
        if len(one.batch) >= BATCH:
            _store_batch(database, one, at, assess=assess)
    _store_batch(database, one, at, assess=assess)
    with database.write() as session:
        done = session.get_one(Crawl, one.crawl_id)
        done.state, done.finished_at = "done", at
    return done


def close_cut_crawls(
    session: Session, at: datetime, key: str | None = None, *, begun_before: datetime | None = None
) -> None:
    """Crawls (of one source) that were running when the process died: their account stands, they are read again."""
    running = Crawl.state == "running"
    if begun_before is not None:
        running &= Crawl.started_at < begun_before
    if key is not None:
        running &= Crawl.source_id.in_(select(Source.id).where(Source.key == key))
    session.execute(
        update(Crawl).where(running).values(state="cut", finished_at=at, error="the process ended before the crawl did")
    )


def _begin(session: Session, settings: Settings, key: str, at: datetime) -> Running:
    source = source_by_key(session, key, settings.sources[key].kind)
    return Running(key, source.id, _new_crawl(session, source, at).id)


def _new_crawl(session: Session, source: Source, at: datetime) -> Crawl:
    crawl_row = Crawl(
        source_id=source.id,
        started_at=at,
        state="running",
        fetched=0,
        new=0,
        revised=0,
        unchanged=0,
        ignored=0,
        rejected=0,
        gone=0,
    )
    session.add(crawl_row)
    session.flush()
    return crawl_row


def _store(app: App, one: Running) -> None:
    revisions: list[int] = []
    with measured(app.database, app.traces, STORE, revisions):
        revisions += _store_batch(app.database, one, app.clock.now(), assess=True)


def _store_batch(database: Database, one: Running, at: datetime, *, assess: bool) -> list[int]:
    """Returns the ids of the revisions that are new."""
    if not one.batch:
        return []
    with database.write() as session:
        source = session.get_one(Source, one.source_id)
        result = ingest(session, source, session.get_one(Crawl, one.crawl_id), one.batch, at)
        if assess:
            for step, ids in after_ingest(result).items():
                add_work(session, step, ids, at)
    one.batch.clear()
    return result.revisions


def _end(app: App, settings: Settings, one: Running, end: Finished) -> None:
    at = app.clock.now()
    with app.database.write() as session:
        source, done = session.get_one(Source, one.source_id), session.get_one(Crawl, one.crawl_id)
        done.state, done.finished_at, done.error = ("failed" if end.error else "done"), at, end.error
        done.requests = end.requests
        every = settings.sources[one.key].every
        if end.error is None:
            source.failures, source.due_at, source.paused_why = 0, at + every, None
            source.cursor = end.cursor if end.cursor is not None else source.cursor
        else:
            source.failures += 1
            wait = min(every * 2 ** min(source.failures, 10), max(LONGEST_BACKOFF, every))
            source.due_at = at + max(wait, timedelta(seconds=end.retry_after or 0))
            if end.refused:
                source.paused_until, source.paused_why = at + PAUSE_WHEN_REFUSED, end.error
        watch_source(session, source, done, kept_answer(app, one.key), settings, at)
        account = (done.fetched, done.new, done.revised, done.unchanged, done.ignored, done.rejected)
    log.info("crawled", source=one.key, account=account, error=end.error)
