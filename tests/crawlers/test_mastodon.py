"""Mastodon's timelines and search, read from a site that serves them."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from pytest_httpserver import HTTPServer

from storage.item import Gone, Handover, Refused, WindowRead
from tests.crawlers.conftest import end_of, items_of
from tests.crawlers.shapes import status

Crawl = Callable[..., list[Handover]]
TAG = "/api/v1/timelines/tag/サクラホテル"


@pytest.fixture(autouse=True)
def _no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MASTODON_TOKEN", raising=False)


def options(httpserver: HTTPServer) -> dict[str, object]:
    return {"base_url": httpserver.url_for(""), "query": "サクラホテル", "page_size": 2}


def test_the_link_header_leads_through_the_pages(httpserver: HTTPServer, crawl: Crawl) -> None:
    here = httpserver.url_for(quote(TAG))
    link = f'<{here}?limit=2&max_id=110002>; rel="next", <{here}>; rel="prev"'
    httpserver.expect_request(TAG, query_string={"limit": "2", "max_id": "110002"}).respond_with_json(
        [status(1, "サクラホテルの朝食", edited="2026-11-19T00:00:00.000Z")]
    )
    httpserver.expect_request(TAG, query_string={"limit": "2"}).respond_with_json(
        [status(3, "サクラホテルが最低"), status(2, "別の話")], headers={"Link": link}
    )
    found = crawl("mastodon", options(httpserver), names=("サクラホテル",))
    assert [item.text for item in items_of(found)] == ["サクラホテルが最低", "サクラホテルの朝食"]
    assert items_of(found)[1].edited_at is not None
    assert [entry.reason for entry in found if isinstance(entry, Refused)] == ["names none of ours"]
    [window] = [entry for entry in found if isinstance(entry, WindowRead)]
    assert len(window.ids) == 3
    assert len(end_of(found).cursor["watched"]) == 3  # type: ignore[index]


def test_a_post_that_is_missing_is_asked_for_and_404_means_gone(httpserver: HTTPServer, crawl: Crawl) -> None:
    httpserver.expect_request(TAG).respond_with_json([status(3, "サクラホテル")])
    httpserver.expect_request("/api/v1/statuses/110001").respond_with_json({"error": "Record not found"}, status=404)
    httpserver.expect_request("/api/v1/statuses/110002").respond_with_json(status(2, "サクラホテルに一泊"))
    watched = {status(number, "")["uri"]: str(110_000 + number) for number in (1, 2, 3)}
    found = crawl("mastodon", options(httpserver), cursor={"watched": watched})
    assert [entry.external_id for entry in found if isinstance(entry, Gone)] == [status(1, "")["uri"]]
    assert len(items_of(found)) == 2
    assert set(end_of(found).cursor["watched"]) == {status(2, "")["uri"], status(3, "")["uri"]}  # type: ignore[index]


def test_an_error_in_the_middle_keeps_what_was_read_and_no_cursor(httpserver: HTTPServer, crawl: Crawl) -> None:
    link = f'<{httpserver.url_for(quote(TAG))}?limit=2&max_id=1>; rel="next"'
    httpserver.expect_request(TAG, query_string={"limit": "2", "max_id": "1"}).respond_with_data("oops", status=500)
    httpserver.expect_request(TAG, query_string={"limit": "2"}).respond_with_json(
        [status(3, "サクラホテル")], headers={"Link": link}
    )
    found = crawl("mastodon", options(httpserver))
    assert len(items_of(found)) == 1
    assert end_of(found).cursor is None
    assert not [entry for entry in found if isinstance(entry, WindowRead)]


def test_with_a_token_the_search_is_used_and_claims_no_deletions(
    httpserver: HTTPServer, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTODON_TOKEN", "t0ken")
    answer = {"accounts": [], "statuses": [status(1, "サクラホテル")], "hashtags": []}
    httpserver.expect_request("/api/v2/search", headers={"Authorization": "Bearer t0ken"}).respond_with_data(
        json.dumps(answer)
    )
    found = crawl("mastodon", options(httpserver))
    assert len(items_of(found)) == 1
    assert not [entry for entry in found if isinstance(entry, WindowRead)]
