"""Reads one source from beginning to end: kind, normalisation, brand. Nothing that a source says raises past here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from config.mistakes import ConfigurationError
from crawlers.fetching.challenge import looks_like_a_challenge
from crawlers.fetching.visit import Answer, Ask, Failure, Fetch, Spend, Visit
from crawlers.kind import Kind
from crawlers.parsing.normal import normalise
from crawlers.parsing.raw import Parsed, Raw, Unreadable
from crawlers.registry import kind_named, options_for
from crawlers.running.job import CrawlJob
from storage.item import Finished, Gone, Handover, Item, Refused, WindowRead

_LOG = logging.getLogger(__name__)
OWN = "everything here is about us"
CHALLENGE = "the site asks whether we are a robot, and does not want us: use its API, or ask its owner"
STOPPED = "the time for crawling was over before this source did end"


class Sieve:
    """Turns what a parser found into items about the brand, each with its reason."""

    def __init__(self, job: CrawlJob, own: bool) -> None:
        self._job = job
        self._zone = job.zone
        self._brand = job.brand()
        self._own = own if job.all_mentions is None else job.all_mentions

    def sift(self, parsed: Parsed | Item) -> Item | Refused | Gone:
        """An item of ours, or why it is none."""
        if isinstance(parsed, Item):
            return self._ours(parsed)
        if not isinstance(parsed, Raw):
            return parsed
        item = normalise(parsed, self._job.at, self._zone, self._job.language)
        return item if isinstance(item, Refused) else self._ours(item)

    def _ours(self, item: Item) -> Item | Refused:
        why, location = OWN, None
        if not self._own and self._job.names:
            match = self._brand.match(item.title, item.text)
            if not match.about_us:
                return Refused("ignored", match.why, item.external_id, item.text[:500])
            why, location = match.why, match.location
        elif self._job.locations:
            location = self._brand.location(item.title, item.text)
        item.location = item.location or self._job.location or location
        item.why = f"{why}; {item.why}" if item.why else why
        return item


async def read_source(job: CrawlJob, fetch: Fetch) -> AsyncIterator[Handover]:
    """Everything that a source has to hand over; the last entry is always Finished."""
    try:
        kind = kind_named(job.kind)
        options = options_for(job.key, kind, job.options)
    except ConfigurationError as error:
        yield Finished(error=str(error))
        return
    if kind.terms and not job.terms_accepted:
        yield Finished(error=f"{kind.terms}; set `terms_accepted: true` if you may")
        return
    remembered, spent = _Remembered(fetch), _Allowance(job)
    visit = Visit(job, options, remembered, spent, robots=kind.pages and job.obey_robots)
    end, somebody, anything = Finished(), False, False
    try:
        async for entry in _handovers(kind, visit):
            anything = anything or not isinstance(entry, WindowRead)
            somebody = somebody or isinstance(entry, Refused) or (isinstance(entry, Item) and bool(entry.author_name))
            yield entry
        end = Finished(cursor=visit.cursor)
        if kind.pages and not anything and looks_like_a_challenge(remembered.last):
            end = Finished(error=CHALLENGE, refused=True)
    except Failure as failure:
        end = Finished(error=str(failure), retry_after=failure.retry_after, refused=failure.refused)
    except asyncio.CancelledError:
        end = Finished(error=STOPPED)  # What was asked until now counts.
    except Unreadable as error:
        refused = looks_like_a_challenge(remembered.last)
        end = Finished(
            error=CHALLENGE if refused else f"answered something else than {kind.name}: {error}", refused=refused
        )
    except Exception as error:
        # A mistake of ours in one kind must not end the crawl of the others; the log has the place.
        _LOG.exception("source %s: %s failed", job.key, kind.name)
        end = Finished(error=f"{type(error).__name__} in the reader of {kind.name}: {error}; please report it")
    if job.keep and not somebody and remembered.last:
        await asyncio.to_thread(_keep, Path(job.keep), remembered.last)
    yield replace(end, requests=spent.requests)


class _Allowance:
    """Counts what is asked, retries and redirects too, and ends it when the requests of the day are used up."""

    def __init__(self, job: CrawlJob) -> None:
        self._job = job
        self.requests = 0

    def __call__(self) -> None:
        job = self._job
        if job.budget is not None and self.requests >= job.budget:
            midnight = (job.at.astimezone(job.zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0)
            left = (midnight - job.at).total_seconds()
            raise Failure("the requests of today are used up (crawlers.daily_requests)", retry_after=left)
        self.requests += 1


class _Remembered:
    """Asks, and remembers the last answer."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self.last = b""

    async def __call__(self, job: CrawlJob, ask: Ask, validators: dict[str, Any], spend: Spend) -> Answer:
        answer = await self._fetch(job, ask, validators, spend)
        self.last = answer.body or self.last
        return answer


def _keep(path: Path, body: bytes) -> None:
    """Only the last one, for the operator to look at; that it cannot be written must not fail the crawl."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    except OSError as error:
        _LOG.warning("%s: the answer was not kept: %s", path, error)


async def _handovers(kind: Kind, visit: Visit) -> AsyncIterator[Handover]:
    sieve = Sieve(visit.job, kind.own)
    async for parsed in kind.crawl(visit):
        yield parsed if isinstance(parsed, WindowRead) else sieve.sift(parsed)


def without_brand(job: CrawlJob) -> CrawlJob:
    """The same job, but everything counts as ours: for replays and imports."""
    return replace(job, all_mentions=True)
