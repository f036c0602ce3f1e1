"""The crawling process: what it hands over, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pytest_httpserver import HTTPServer

from crawlers.child import run_sources
from crawlers.job import CrawlJob
from storage.item import Finished, Handover, Item
from tests.crawlers.conftest import AT, end_of

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><guid>a1</guid><title>サクラホテルで停電</title><link>https://news.example/1?utm_source=rss</link>
<pubDate>Thu, 19 Nov 2026 08:00:00 +0900</pubDate><description>宿泊客が一時避難した。</description></item>
<item><guid>a2</guid><title>別のホテル</title><link>https://news.example/2</link>
<pubDate>Thu, 19 Nov 2026 09:00:00 +0900</pubDate><description>関係のない話。</description></item>
</channel></rss>"""


def test_a_crawl_hands_over_ours_with_the_reason_and_ends_with_a_cursor(
    httpserver: HTTPServer, crawl: Callable[..., list[Handover]]
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/rss").respond_with_data(FEED, headers={"ETag": '"v1"'})
    found = crawl("feed", {"url": httpserver.url_for("/rss")}, names=("サクラホテル",))
    items = [entry for entry in found if isinstance(entry, Item)]
    assert [item.external_id for item in items] == ["a1"]
    assert items[0].url == "https://news.example/1"
    assert items[0].why == "names 'サクラホテル'"
    assert end_of(found).error is None
    assert end_of(found).cursor is not None


def test_a_feed_that_did_not_change_is_not_read_again(
    httpserver: HTTPServer, crawl: Callable[..., list[Handover]]
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_ordered_request("/rss").respond_with_data(FEED, headers={"ETag": '"v1"'})
    httpserver.expect_ordered_request("/rss", headers={"If-None-Match": '"v1"'}).respond_with_data("", status=304)
    first = end_of(crawl("feed", {"url": httpserver.url_for("/rss")}))
    again = crawl("feed", {"url": httpserver.url_for("/rss")}, cursor=first.cursor)
    assert len(again) == 1
    assert end_of(again).cursor == first.cursor


def test_several_sources_share_one_child_and_a_broken_one_harms_no_other(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/good").respond_with_data(FEED)
    httpserver.expect_request("/bad").respond_with_data("<html>maintenance</html>")
    jobs = [
        CrawlJob("good", "feed", at=AT, options={"url": httpserver.url_for("/good")}, delay=0.0),
        CrawlJob("bad", "feed", at=AT, options={"url": httpserver.url_for("/bad")}, delay=0.0),
        CrawlJob("typo", "feeed", at=AT, delay=0.0),
    ]
    ends = {key: entry for key, entry in run_sources(jobs, timedelta(seconds=40)) if isinstance(entry, Finished)}
    assert ends["good"].error is None
    assert "no feed" in str(ends["bad"].error)
    assert "did you mean 'feed'" in str(ends["typo"].error)
