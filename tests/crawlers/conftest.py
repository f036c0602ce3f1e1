"""Crawls of a real local site: in the crawling process as in life, or in this one, which is faster."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from crawlers.fetching.visit import Answer, Ask, Failure, Spend
from crawlers.running.child import run_sources
from crawlers.running.job import CrawlJob
from crawlers.running.reading import read_source
from storage.item import Finished, Handover, Item

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def job(kind: str, options: dict[str, Any], key: str = "source", **more: Any) -> CrawlJob:
    """A source without delays."""
    return CrawlJob(key, kind, **{"at": AT, "delay": 0.0, "timeout": 5.0, "options": options, **more})


def crawl_all(jobs: Sequence[CrawlJob], seconds: int = 60) -> dict[str, list[Handover]]:
    """Crawls in one crawling process: everything that each source handed over."""
    found: dict[str, list[Handover]] = {one.key: [] for one in jobs}
    for key, entry in run_sources(jobs, timedelta(seconds=seconds)):
        found[key].append(entry)
    return found


@pytest.fixture
def crawl() -> Callable[..., list[Handover]]:
    """Reads one source in this process, by plain requests: what its kind asks for and hands over."""

    def run(kind: str, options: dict[str, Any], **more: Any) -> list[Handover]:
        return asyncio.run(_read(job(kind, options, **more)))

    return run


async def _read(one: CrawlJob) -> list[Handover]:
    return [entry async for entry in read_source(one, plain_fetch)]


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


async def plain_fetch(one: CrawlJob, ask: Ask, validators: dict[str, Any], spend: Spend) -> Answer:
    """One request, without retries and politeness."""
    spend()
    request = Request(ask.url, ask.body, dict(ask.headers), method=ask.method)
    try:
        with build_opener(_Stay).open(request, timeout=one.timeout) as response:
            status, headers, body = response.status, response.headers, response.read()
    except (TimeoutError, URLError, HTTPException) as error:
        if not isinstance(error, HTTPError):
            raise Failure(f"{ask.url.partition('?')[0]}: no answer ({type(error).__name__})") from None
        with error:
            status, headers, body = error.code, error.headers, error.read()
    if status != 200 and status not in ask.accept:
        raise Failure(f"{ask.url.partition('?')[0]}: HTTP {status}", refused=status == 403)
    return Answer(status, ask.url, {name.lower(): value for name, value in headers.items()}, body)


def end_of(handovers: list[Handover]) -> Finished:
    """The last entry, which is always Finished."""
    end = handovers[-1]
    assert isinstance(end, Finished)
    return end


def items_of(handovers: list[Handover]) -> list[Item]:
    """The mentions among them."""
    return [entry for entry in handovers if isinstance(entry, Item)]
