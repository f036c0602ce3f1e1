"""The daily budget, and the answer that is kept for the operator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytest_httpserver import HTTPServer
from werkzeug import Response

from storage.item import Handover
from tests.crawlers.conftest import AT, crawl_all, end_of, items_of, job
from tests.crawlers.test_child import FEED

PAGE = '<html><body><p class="r" id="{}"><i>{}</i></p><a rel="next" href="/2">次</a></body></html>'
SELECTORS = {"item": ".r", "id": "::attr(id)", "text": "i"}


def test_a_source_stops_at_its_budget_until_midnight(
    httpserver: HTTPServer, crawl: Callable[..., list[Handover]]
) -> None:
    httpserver.expect_request("/1").respond_with_data(PAGE.format("a", "一"))
    options = {"url": httpserver.url_for("/1"), "selectors": SELECTORS}
    found = crawl("page", options, budget=1, timezone="Asia/Tokyo")
    assert [item.text for item in items_of(found)] == ["一"]
    end = end_of(found)
    assert "daily_requests" in str(end.error)
    assert (end.requests, end.retry_after) == (1, 3 * 3600.0)  # 21:00 in Tokyo
    assert end_of(crawl("page", options, budget=0)).requests == 0


def test_the_answer_in_which_nobody_was_found_is_kept(
    httpserver: HTTPServer, crawl: Callable[..., list[Handover]], tmp_path: Path
) -> None:
    httpserver.expect_request("/1").respond_with_data("<html><body>please log in</body></html>")
    kept = tmp_path / "answers" / "portal"
    crawl("page", {"url": httpserver.url_for("/1"), "selectors": SELECTORS}, keep=str(kept), at=AT)
    assert b"please log in" in kept.read_bytes()


def test_retries_and_redirects_are_requests_too(httpserver: HTTPServer) -> None:
    answers = [Response("busy", 503), Response("", 302, {"Location": "/rss"})]
    httpserver.expect_request("/feed").respond_with_handler(lambda _: answers.pop(0) if answers else Response("", 503))
    httpserver.expect_request("/rss").respond_with_data(FEED)
    url = httpserver.url_for("/feed")
    found = crawl_all([job("feed", {"url": url}, "enough", budget=3)])
    assert (end_of(found["enough"]).error, end_of(found["enough"]).requests) == (None, 3)
    found = crawl_all([job("feed", {"url": url}, "too-few", budget=2)])
    assert "daily_requests" in str(end_of(found["too-few"]).error)
    assert end_of(found["too-few"]).requests == 2
    assert sum(request.path == "/feed" for request, _ in httpserver.log) == 4
