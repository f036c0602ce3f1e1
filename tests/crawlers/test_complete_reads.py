"""Only a complete read may say that something is missing: what is cut off or cannot be read is none."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer

from storage.item import Handover, Refused, WindowRead
from tests.crawlers.conftest import items_of
from tests.crawlers.layouts import OTHER, REVIEW, ld
from tests.crawlers.shapes import app_store_entry, app_store_feed

Crawl = Callable[..., list[Handover]]
WHOLE = ld({"@type": "Product", "name": "枕", "review": [REVIEW, OTHER]})


def read(crawl: Crawl, server: HTTPServer, body: bytes) -> list[Handover]:
    server.expect_request("/reviews").respond_with_data(body, content_type="text/html")
    return crawl("review_page", {"url": server.url_for("/reviews")})


def said_to_be_complete(found: list[Handover]) -> bool:
    return any(isinstance(entry, WindowRead) for entry in found)


def test_a_whole_page_is_a_complete_read(httpserver: HTTPServer, crawl: Crawl) -> None:
    found = read(crawl, httpserver, WHOLE)
    assert len(items_of(found)) == 2
    assert said_to_be_complete(found)


@pytest.mark.parametrize(
    "body",
    [
        WHOLE[: WHOLE.index(b"</script>") + 9],
        WHOLE[: WHOLE.rindex("良".encode())],
        WHOLE.replace(b'"reviewBody": "\xe8', b'"reviewBody": "the "best" \xe8', 1),
    ],
    ids=["cut after its reviews", "cut in a review", "a quotation mark too many"],
)
def test_a_page_that_lost_something_is_none(httpserver: HTTPServer, crawl: Crawl, body: bytes) -> None:
    found = read(crawl, httpserver, body)
    assert items_of(found)
    assert not said_to_be_complete(found)


def test_an_entry_that_cannot_be_read_may_be_the_one_that_is_missed(httpserver: HTTPServer, crawl: Crawl) -> None:
    entries = [app_store_entry(1, 2, "落ちる"), app_store_entry(2, 5, "便利")]
    options = {"app_id": 1, "countries": ["jp"], "base_url": httpserver.url_for("").rstrip("/")}
    for broken, complete in ((None, True), ("im:rating", False)):
        httpserver.clear()
        first: list[object] = [*entries, *([[broken]] if broken else [])]
        body = json.dumps({"feed": {"entry": first}}).encode()
        httpserver.expect_request("/jp/rss/customerreviews/page=1/id=1/sortby=mostrecent/json").respond_with_data(body)
        httpserver.expect_request("/jp/rss/customerreviews/page=2/id=1/sortby=mostrecent/json").respond_with_data(
            app_store_feed([])
        )
        found = crawl("app_store", options)
        assert len(items_of(found)) == 2
        assert any(isinstance(entry, Refused) for entry in found) is not complete
        assert said_to_be_complete(found) is complete
