"""The App Store's feed, read from a site that serves it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer

from crawlers.app_store import COUNTRIES
from crawlers.fetching.visit import Answer, Ask, Fetch, Spend
from crawlers.running.job import CrawlJob
from crawlers.running.reading import read_source
from storage.item import Handover, WindowRead
from tests.crawlers.conftest import AT, end_of, items_of, job
from tests.crawlers.shapes import app_store_entry, app_store_feed

Crawl = Callable[..., list[Handover]]


def serve(httpserver: HTTPServer, country: str, pages: list[bytes]) -> None:
    for number, body in enumerate(pages, start=1):
        path = f"/{country}/rss/customerreviews/page={number}/id=42/sortby=mostrecent/json"
        httpserver.expect_request(path).respond_with_data(body)


def options(httpserver: HTTPServer, *countries: str) -> dict[str, object]:
    return {"app_id": 42, "countries": list(countries), "base_url": httpserver.url_for("")}


def windows(found: list[Handover]) -> list[WindowRead]:
    return [entry for entry in found if isinstance(entry, WindowRead)]


def test_all_countries_and_pages_are_read_up_to_the_empty_one(httpserver: HTTPServer, crawl: Crawl) -> None:
    first = [app_store_entry(number, 1, f"落ちる{number}") for number in range(50)]
    serve(
        httpserver, "jp", [app_store_feed(first), app_store_feed([app_store_entry(50, 2, "遅い")]), app_store_feed([])]
    )
    serve(httpserver, "us", [app_store_feed([])])
    found = crawl("app_store", options(httpserver, "jp", "us"))
    assert len(items_of(found)) == 51
    [window] = windows(found)
    assert len(window.ids) == 51
    assert end_of(found).cursor == {"counts": {"jp": 51, "us": 0}}


def test_reading_stops_where_the_window_begins(httpserver: HTTPServer, crawl: Crawl) -> None:
    old = app_store_entry(2, 4, "古い", updated="2026-01-01T00:00:00-07:00")
    serve(httpserver, "jp", [app_store_feed([app_store_entry(1, 1, "新しい"), old])])
    found = crawl("app_store", options(httpserver, "jp"))
    assert end_of(found).error is None
    assert [window.since for window in windows(found)] == [datetime(2026, 10, 21, 12, 0, tzinfo=UTC)]


def test_a_page_that_leads_to_itself_ends_the_reading(httpserver: HTTPServer, crawl: Crawl) -> None:
    page = app_store_feed([app_store_entry(1, 1, "一", updated=None)])
    serve(httpserver, "jp", [page] * 3)
    found = crawl("app_store", options(httpserver, "jp"))
    assert len({item.external_id for item in items_of(found)}) == 1
    assert items_of(found)[0].posted_at is None
    assert end_of(found).error is None


def test_a_broken_page_says_nothing_of_deletions(httpserver: HTTPServer, crawl: Crawl) -> None:
    serve(httpserver, "jp", [app_store_feed([app_store_entry(1, 1, "一")]), b'{"feed": {"entry": [{"im:ra'])
    found = crawl("app_store", options(httpserver, "jp"))
    assert len(items_of(found)) == 1
    assert windows(found) == []
    assert "no customer reviews feed" in str(end_of(found).error)


def test_a_feed_that_went_empty_is_not_read_as_deletion(httpserver: HTTPServer, crawl: Crawl) -> None:
    serve(httpserver, "jp", [app_store_feed([])])
    found = crawl("app_store", options(httpserver, "jp"), cursor={"counts": {"jp": 40}})
    assert windows(found) == []
    assert end_of(found).error is None


def test_a_backfill_reads_beyond_the_window(httpserver: HTTPServer, crawl: Crawl) -> None:
    old = app_store_entry(2, 4, "古い", updated="2026-01-05T00:00:00-07:00")
    older = app_store_entry(3, 4, "もっと古い", updated="2025-12-01T00:00:00-07:00")
    serve(httpserver, "jp", [app_store_feed([old]), app_store_feed([older])])
    assert len(items_of(crawl("app_store", options(httpserver, "jp")))) == 1
    since = datetime(2026, 1, 1, tzinfo=AT.tzinfo)
    assert len(items_of(crawl("app_store", options(httpserver, "jp"), since=since))) == 2


def test_all_countries_are_read_and_never_the_same_ones_last() -> None:
    last: set[str] = set()
    for crawl_number in range(3):
        asked: list[str] = []

        async def answer(_: CrawlJob, ask: Ask, __: dict[str, Any], ___: Spend, asked: list[str] = asked) -> Answer:
            asked.append(ask.url.split("/")[3])
            return Answer(200, ask.url, {}, app_store_feed([]))

        moment = AT + timedelta(minutes=30) * crawl_number
        one = job("app_store", {"app_id": 42, "countries": "all"}, at=moment)
        asyncio.run(read_all(one, answer))
        assert sorted(asked) == sorted(COUNTRIES)
        last.add(asked[-1])
    assert len(last) == 3


async def read_all(one: CrawlJob, answer: Fetch) -> list[Handover]:
    return [entry async for entry in read_source(one, answer)]
