"""The daily budget, and the answer that is kept for the operator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytest_httpserver import HTTPServer

from storage.item import Handover
from tests.crawlers.conftest import AT, end_of, items_of

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
