"""Sources: how they are, the account of every crawl; run now, pause, resume."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from kintsugi.web.api.answer import NOT_MODIFIED, answered, done, must_match
from kintsugi.web.api.cursor import Paging
from kintsugi.web.api.once import Post, Posted, posted
from kintsugi.web.api.problem import ProblemError, documented, not_found
from kintsugi.web.api.values import Line, Moment, Sent, Shown
from kintsugi.web.queries.accounting import Totals, totals_since
from kintsugi.web.queries.health import healths
from storage.account import write_audit
from storage.source import Crawl, Source, source_by_key

if TYPE_CHECKING:
    from kintsugi.app import App

COUNTED = timedelta(days=14)
Key = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00/]+$")]


class Account(Shown):
    """fetched = new + revised + unchanged + ignored + rejected; `whole` is false where something disappeared."""

    crawls: int
    failed: int
    fetched: int
    new: int
    revised: int
    unchanged: int
    ignored: int
    rejected: int
    whole: bool


class SourceRow(Shown):
    """One source. `word`: fine, new, failing, paused, late, pushed (others send to it), put_off (a later
    step is behind). The account is of 14 days.
    """

    key: str
    kind: str
    word: str
    last: datetime | None
    due_at: datetime | None
    paused_until: datetime | None
    why: str | None
    account: Account


class Sources(Shown):
    """Every configured source, in the order of the settings."""

    items: list[SourceRow]


class CrawlRow(Shown):
    """The account of one crawl. `state`: running, done, failed, cut."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    state: str
    fetched: int
    new: int
    revised: int
    unchanged: int
    ignored: int
    rejected: int
    gone: int
    requests: int
    error: str | None


class CrawlPage(Shown):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[CrawlRow]
    next: str | None


class Pause(Sent):
    """Until when, and why."""

    until: Moment
    why: Line


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["sources"])

    @routes.get("/sources", response_model=Sources, responses=documented() | NOT_MODIFIED)
    def list_sources(request: Request) -> Response:
        """How every source is."""
        with app.database.read() as session:
            return answered(request, Sources(items=_rows(app, session)))

    @routes.get("/sources/{key}", response_model=SourceRow, responses=documented(404) | NOT_MODIFIED)
    def get_source(request: Request, key: Key) -> Response:
        """How one of them is."""
        with app.database.read() as session:
            return answered(request, _row(app, session, key))

    @routes.get("/sources/{key}/crawls", response_model=CrawlPage, responses=documented(404) | NOT_MODIFIED)
    def list_crawls(request: Request, key: Key, asked: Annotated[Paging, Query()]) -> Response:
        """The account of every crawl, the newest first."""
        with app.database.read() as session:
            row = session.scalar(select(Source).where(Source.key == key))
            if row is None:
                raise not_found(f"source {key} that was read")
            query = select(Crawl).where(Crawl.source_id == row.id).order_by(Crawl.id.desc()).limit(asked.limit + 1)
            if asked.after_id is not None:
                query = query.where(Crawl.id < asked.after_id)
            page, following = asked.cut(session.scalars(query).all(), lambda one: (None, one.id))
        return answered(request, CrawlPage(items=[CrawlRow.model_validate(one) for one in page], next=following))

    @routes.post("/sources/{key}/run", response_model=SourceRow, responses=posted())
    def run_source(key: Key, post: Posted) -> Response:
        """Reads it at the next look of the service, within seconds; a pause ends."""

        def run(source: Source) -> None:
            source.due_at, source.paused_until, source.paused_why = app.clock.now(), None, None

        return _changed(app, key, post, "run", run)

    @routes.post("/sources/{key}/pause", response_model=SourceRow, responses=posted())
    def pause_source(key: Key, pause: Pause, post: Posted) -> Response:
        """Leaves it alone for a while."""
        if pause.until <= app.clock.now():
            raise ProblemError(422, "past", "until: a moment to come is needed")

        def leave(source: Source) -> None:
            source.paused_until, source.paused_why = pause.until, pause.why

        return _changed(app, key, post, "pause", leave)

    @routes.post("/sources/{key}/resume", response_model=SourceRow, responses=posted())
    def resume_source(key: Key, post: Posted) -> Response:
        """Goes on with it."""

        def go_on(source: Source) -> None:
            source.paused_until = source.paused_why = None

        return _changed(app, key, post, "resume", go_on)

    return routes


def _changed(app: App, key: str, post: Post, what: str, change: Callable[[Source], None]) -> Response:
    def work(app: App, session: Session) -> Response:
        known = app.settings.sources.get(key)
        if known is None:
            raise not_found(f"source {key}")
        must_match(post.if_match, _row(app, session, key))
        change(source_by_key(session, key, known.kind))
        write_audit(session, f"source_{what}", actor=post.caller.actor, at=app.clock.now(), source=key)
        session.flush()
        return done(_row(app, session, key))

    return post.once(app, work)


def _row(app: App, session: Session, key: str) -> SourceRow:
    found = next((one for one in _rows(app, session) if one.key == key), None)
    if found is None:
        raise not_found(f"source {key}")
    return found


def _rows(app: App, session: Session) -> list[SourceRow]:
    at = app.clock.now()
    totals = totals_since(session, at - COUNTED)
    return [
        SourceRow(
            key=one.key, kind=one.kind, word=one.word, last=one.last, due_at=one.due_at, paused_until=one.paused_until,
            why=one.why, account=Account.model_validate(totals.get(one.key, Totals())),
        )
        for one in healths(session, app.settings, at)
    ]  # fmt: skip
