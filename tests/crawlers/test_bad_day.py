"""A bad day on the net: one answer in twenty is an error, cut off or garbage, and at its end nothing is missing."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select
from werkzeug import Request, Response

from crawlers.running.job import CrawlJob
from crawlers.running.reading import read_source
from kintsugi.steps.crawling import store_items
from storage.database import Database
from storage.item import Finished, Handover
from storage.mention import Mention, Revision
from storage.source import Crawl, Source
from tests.crawlers.conftest import job, plain_fetch
from tests.crawlers.shapes import app_store_entry, app_store_feed, status

MORNING = datetime(2026, 11, 20, tzinfo=UTC)
KINDS = ("app_store", "mastodon", "feed", "hacker_news", "bluesky", "review_page")
PATIENCE = 1.0  # seconds until a crawl takes no answer for an answer
HUNGER = timedelta(hours=2)
EVERY, EDITED_AFTER = timedelta(minutes=20), timedelta(hours=2)
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>n</title>{}</channel></rss>'


class Site:
    """Six kinds of sources, each with a new mention every twenty minutes; every fifth is edited two hours later."""

    def __init__(self, server: HTTPServer, faults: float, seed: int) -> None:
        self.now, self.faults, self._dice = MORNING, faults, random.Random(seed)
        self.broken: Counter[str] = Counter()
        server.expect_request(re.compile(".*")).respond_with_handler(self.answer)

    def said(self) -> list[tuple[int, datetime, str]]:
        """What a source shows now: number, time, text."""
        shown = []
        for number in range(int((self.now - MORNING) / EVERY)):
            posted = MORNING + EVERY * number
            edited = number % 5 == 0 and self.now >= posted + EDITED_AFTER
            shown.append((number, posted, f"mention {number}{' (changed my mind)' if edited else ''}"))
        return shown[::-1]

    def answer(self, request: Request) -> Response:
        body = self._body(request)
        if self._dice.random() >= self.faults:
            return Response(body)
        fault = self._dice.choice(("429", "500", "timeout", "cut", "short", "garbage"))
        self.broken[fault] += 1
        if fault == "timeout":
            time.sleep(PATIENCE + 0.05)
        if fault == "short":
            return Response(body, headers={"Content-Length": str(len(body) + 500)})
        if fault == "cut":
            return Response(body[: len(body) // 2])
        return Response(b"\xff\x00<<<{", int(fault) if fault.isdigit() else 200)

    def _body(self, request: Request) -> bytes:
        if "customerreviews" in request.path:
            if "page=1/" not in request.path:
                return app_store_feed([])
            return app_store_feed([app_store_entry(n, 1 + n % 5, text, at.isoformat()) for n, at, text in self.said()])
        if "/timelines/tag/" in request.path:
            return json.dumps([status(n, text, at.isoformat()) for n, at, text in self.said()]).encode()
        if "search_by_date" in request.path:
            before = int(re.findall(r"created_at_i<=(\d+)", request.args["numericFilters"])[0])
            hits = [
                {"objectID": str(n), "author": "pg", "created_at_i": int(at.timestamp()), "comment_text": text}
                for n, at, text in self.said()
                if at.timestamp() <= before
            ]
            return json.dumps({"hits": hits, "nbPages": 1}).encode()
        if "searchPosts" in request.path:
            posts = [
                {"uri": f"at://did:plc:a/app.bsky.feed.post/{n}", "author": {"did": "did:plc:a", "handle": "a.example"},
                 "record": {"text": text, "createdAt": at.isoformat()}, "indexedAt": at.isoformat()}
                for n, at, text in self.said()
            ]  # fmt: skip
            return json.dumps({"posts": posts}).encode()
        if "/reviews/" in request.path:
            reviews = [
                {"@type": "Review", "@id": f"#r{n}", "author": "a", "reviewBody": text, "datePublished": at.isoformat()}
                for n, at, text in self.said()
            ]
            block = json.dumps({"@type": "Product", "name": "枕", "review": reviews})
            return f'<html><script type="application/ld+json">{block}</script><body></body></html>'.encode()
        entries = "".join(
            f"<item><guid>i{n}</guid><title>t</title><pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
            f"<description>{text}</description></item>"
            for n, at, text in self.said()
        )
        return RSS.format(entries).encode()


def options(kind: str, base: str, key: str) -> dict[str, Any]:
    return {
        "app_store": {"app_id": 1, "countries": ["jp"], "base_url": f"{base}/{key}"},
        "mastodon": {"tags": [key], "base_url": base},
        "feed": {"url": f"{base}/{key}/rss"},
        "hacker_news": {"query": key, "base_url": f"{base}/{key}"},
        "bluesky": {"query": key, "base_url": f"{base}/{key}"},
        "review_page": {"url": f"{base}/reviews/{key}"},
    }[kind]


def read(one: CrawlJob) -> list[Handover]:
    async def all_of() -> list[Handover]:
        return [entry async for entry in read_source(one, plain_fetch)]

    return asyncio.run(all_of())


def live(server: HTTPServer, database: Database, sources: int, hours: int, faults: float) -> Site:
    """Crawls every source every half hour, and once more in calm at the end. None waits longer than two hours."""
    site, base = Site(server, faults, seed=7), server.url_for("").rstrip("/")
    cursors: dict[str, dict[str, Any]] = {}
    read_at: dict[str, datetime] = {}
    for tick in range(1, hours * 2 + 2):
        site.now = MORNING + timedelta(minutes=30) * min(tick, hours * 2)
        site.faults = faults if tick <= hours * 2 else 0.0
        for number in range(sources):
            kind, key = KINDS[number % len(KINDS)], f"source{number}"
            one = job(
                kind, options(kind, base, key), key, at=site.now, cursor=cursors.get(key, {}), all_mentions=True,
                timeout=PATIENCE,
            )  # fmt: skip
            found = read(one)
            store_items(database, key, kind, found, site.now, assess=False)
            end = found[-1]
            assert isinstance(end, Finished)
            cursors[key] = end.cursor if end.cursor is not None else cursors.get(key, {})
            read_at[key] = site.now if end.error is None else read_at.get(key, MORNING)
            assert site.now - read_at[key] <= HUNGER, f"{key} starves: {end.error}"
    return site


def check(database: Database, site: Site, sources: int) -> None:
    """Nothing lost, nothing twice, nothing gone by mistake, every account adds up."""
    shown = site.said()
    edited = sum("changed" in text for _, _, text in shown)
    with database.read() as session:
        for source in session.scalars(select(Source)):
            mine = select(func.count()).select_from(Mention).where(Mention.source_id == source.id)
            assert session.scalar(mine) == len(shown), source.key
            assert session.scalar(mine.where(Mention.gone_at.is_not(None))) == 0
            revisions = select(func.count()).select_from(Revision).join(Mention).where(Mention.source_id == source.id)
            assert len(shown) <= (session.scalar(revisions) or 0) <= len(shown) + edited
            newest = select(func.max(Revision.id)).join(Mention).where(Mention.source_id == source.id)
            texts = session.scalars(select(Revision.text).where(Revision.id.in_(newest.group_by(Revision.mention_id))))
            assert sorted(texts) == sorted(text for _, _, text in shown)
        assert session.scalar(select(func.count()).select_from(Source)) == sources
        assert all(crawl.adds_up() for crawl in session.scalars(select(Crawl)))


def test_three_bad_hours(httpserver: HTTPServer, database: Database) -> None:
    site = live(httpserver, database, sources=6, hours=3, faults=0.2)
    assert site.broken.total() > 5
    check(database, site, 6)


@pytest.mark.drill
@pytest.mark.timeout(3600)
def test_a_whole_bad_day_with_thirty_sources(httpserver: HTTPServer, database: Database) -> None:
    site = live(httpserver, database, sources=30, hours=24, faults=0.05)
    check(database, site, 30)
    assert min(site.broken[fault] for fault in ("429", "500", "timeout", "cut", "short", "garbage")) > 5
    print(f"\n{site.broken.total()} broken answers in {30 * 49} crawls: nothing lost, nothing twice")  # noqa: T201
