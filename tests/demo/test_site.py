from __future__ import annotations

import csv
import io
import json
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request
from xml.etree import ElementTree

import pytest

from config.clock import SetClock
from kintsugi.demo.formats.app_store import APP_ID, TOO_DEEP
from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START, World
from tests.demo.conftest import Stage

EVERYTHING = 504.0
MOMENTS = (0.0, 30.0, 240.0, EVERYTHING)


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(Request(url, headers=headers or {}), timeout=5) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def reviews(base_url: str, country: str = "jp", page: int = 1) -> dict[str, Any]:
    path = f"/{country}/rss/customerreviews/page={page}/id={APP_ID}/sortby=mostrecent/json"
    feed: dict[str, Any] = json.loads(get(base_url + path)[2])["feed"]
    return feed


def entries(base_url: str, country: str = "jp", page: int = 1) -> list[dict[str, Any]]:
    found = reviews(base_url, country, page).get("entry", [])
    return found if isinstance(found, list) else [found]


def timeline(base_url: str, tag: str, **query: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    url: str | None = f"{base_url}/api/v1/timelines/tag/{urllib.parse.quote(tag)}?{urllib.parse.urlencode(query)}"
    while url:
        _, headers, body = get(url)
        found += json.loads(body)
        links = headers.get("Link", "").split(", ")
        url = next((link.partition(">")[0].lstrip("<") for link in links if 'rel="next"' in link), None)
    return found


@pytest.mark.parametrize("hours", MOMENTS)
def test_the_review_feed_wraps_its_values_and_lists_the_last_change_first(stage: Stage, hours: float) -> None:
    stage.turn(hours)
    for country in ("jp", "us"):
        found = entries(stage.site.base_url, country)
        dates = [datetime.fromisoformat(entry["updated"]["label"]) for entry in found]
        assert dates == sorted(dates, reverse=True)
        assert all(date <= stage.clock.now() for date in dates)
        assert all(entry["updated"]["label"].endswith("-08:00") for entry in found)
        assert all(entry["im:rating"]["label"] in set("12345") for entry in found)
        assert len(found) <= 50


def test_the_review_feed_has_no_entry_before_the_first_review_and_one_object_for_one(stage: Stage) -> None:
    stage.turn(0)
    assert "entry" not in reviews(stage.site.base_url)
    stage.turn(9)
    assert isinstance(reviews(stage.site.base_url)["entry"], dict)
    stage.turn(EVERYTHING)
    assert isinstance(reviews(stage.site.base_url)["entry"], list)


def test_an_edited_review_comes_to_the_top_under_its_old_id(stage: Stage) -> None:
    stage.turn(83.6)  # 旅する経理部 wrote in hour 21.7 and edits in hour 83.7.
    before = entries(stage.site.base_url)
    edited = next(entry for entry in before if entry["author"]["name"]["label"] == "旅する経理部")
    stage.turn(83.8)
    top = entries(stage.site.base_url)[0]
    assert before[0] != edited
    assert top["id"] == edited["id"]
    assert (edited["im:rating"]["label"], top["im:rating"]["label"]) == ("2", "4")
    assert top["content"]["label"] != edited["content"]["label"]


def test_a_deleted_review_is_no_longer_in_the_feed(stage: Stage) -> None:
    stage.turn(470)
    assert "さとる0412" in {entry["author"]["name"]["label"] for entry in entries(stage.site.base_url)}
    stage.turn(490)
    assert "さとる0412" not in {entry["author"]["name"]["label"] for entry in entries(stage.site.base_url)}


def test_a_feed_of_many_reviews_has_pages_of_fifty_and_ends_after_ten(tmp_path: Path) -> None:
    line = {"source": "app-store", "author": "a", "language": "ja", "country": "jp", "text": "x", "rating": 3}
    world = World({**line, "id": str(number), "at": number / 10} for number in range(120))
    with DemoSite(SetClock(START + timedelta(days=3)), tmp_path, world) as site:
        pages = [entries(site.base_url, page=page) for page in (1, 2, 3, 4)]
        too_deep = get(f"{site.base_url}/jp/rss/customerreviews/page=11/id={APP_ID}/sortby=mostrecent/json")
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert len({entry["id"]["label"] for page in pages for entry in page}) == 120
    assert too_deep[2] == TOO_DEEP


def test_a_timeline_is_paged_by_its_link_header_down_to_the_oldest_status(stage: Stage) -> None:
    stage.turn(EVERYTHING)
    whole = timeline(stage.site.base_url, "ホテルソラ", limit=40)
    by_seven = timeline(stage.site.base_url, "ホテルソラ", limit=7)
    ids = [int(status["id"]) for status in whole]
    assert whole == by_seven
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == len(ids) > 40
    assert all(status["content"].startswith("<p>") and status["account"]["acct"] for status in whole)


def test_a_timeline_continues_after_the_newest_status_that_is_known(stage: Stage) -> None:
    stage.turn(EVERYTHING)
    whole = timeline(stage.site.base_url, "HotelSora", limit=40)
    known = whole[5]["id"]
    base = f"{stage.site.base_url}/api/v1/timelines/tag/hotelsora?limit=2"
    newest = json.loads(get(f"{base}&since_id={known}")[2])
    right_after = json.loads(get(f"{base}&min_id={known}")[2])
    assert [status["id"] for status in newest] == [status["id"] for status in whole[:2]]
    assert [status["id"] for status in right_after] == [status["id"] for status in whole[3:5]]


def test_hostile_text_arrives_as_escaped_content(stage: Stage) -> None:
    stage.turn(EVERYTHING)
    harry = next(one for one in timeline(stage.site.base_url, "HotelSora") if one["account"]["acct"] == "html_harry")
    assert "&lt;script&gt;alert(&#x27;sora&#x27;)" in harry["content"]
    assert "<script>" not in harry["content"]
    assert harry["account"]["display_name"] == "Harry <h1>Big</h1>"


def test_an_edited_status_says_so_and_a_deleted_one_answers_404(stage: Stage) -> None:
    stage.turn(EVERYTHING)
    polite = next(
        one for one in timeline(stage.site.base_url, "ホテルソラ") if one["account"]["acct"] == "teinei_na_hito"
    )
    assert polite["edited_at"] > polite["created_at"]
    assert "本日届きました" in polite["content"]
    stage.turn(181)
    furious = timeline(stage.site.base_url, "HotelSora")[0]
    address = f"{stage.site.base_url}/api/v1/statuses/{furious['id']}"
    assert furious["account"]["acct"] == "bagless_in_sapporo"
    assert get(address)[0] == 200
    stage.turn(250)
    assert get(address)[0] == 404
    assert json.loads(get(address)[2]) == {"error": "Record not found"}
    assert furious["id"] not in {status["id"] for status in timeline(stage.site.base_url, "HotelSora")}


@pytest.mark.parametrize("hours", MOMENTS)
def test_the_news_feed_is_rss_that_answers_304_until_it_changes(stage: Stage, hours: float) -> None:
    stage.turn(hours)
    for language in ("ja", "en"):
        url = f"{stage.site.base_url}/rss/{language}.xml"
        status, headers, body = get(url)
        channel = ElementTree.fromstring(body).find("channel")
        assert status == 200
        assert channel is not None
        assert channel.findtext("language") == language
        assert len(channel.findall("item")) <= 10
        assert all(item.findtext("guid") and item.findtext("pubDate") for item in channel.findall("item"))
        assert get(url, {"If-None-Match": headers["ETag"]})[::2] == (304, b"")


def test_a_rewritten_article_keeps_its_guid(stage: Stage) -> None:
    url = f"{stage.site.base_url}/rss/ja.xml"
    titles: list[dict[str | None, str | None]] = []
    tags = []
    for hours in (248.0, 249.0):  # Written in hour 239.2, corrected in hour 248.2.
        stage.turn(hours)
        _, headers, body = get(url)
        tags.append(headers["ETag"])
        titles.append(
            {item.findtext("guid"): item.findtext("title") for item in ElementTree.fromstring(body).iter("item")}
        )
    changed = {guid for guid in titles[0] if titles[0][guid] != titles[1][guid]}
    assert titles[0].keys() == titles[1].keys()
    assert len(changed) == 1
    assert tags[0] != tags[1]


def test_the_guest_book_is_rewritten_only_when_it_says_something_new(stage: Stage) -> None:
    def book() -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(stage.site.guest_book.read_text(encoding="utf-8-sig"), newline="")))

    assert book() == []
    stage.turn(EVERYTHING)
    assert stage.site.write_guest_book() is True
    assert stage.site.write_guest_book() is False
    assert stage.site.guest_book.read_bytes().startswith(b"\xef\xbb\xbf\xe5\x8f\x97")
    assert len(book()) == 80
    assert {row["宿泊施設"] for row in book()} == {"Asakusa", "Kyoto", "Sapporo", "Fukuoka"}
    assert [row["評価"] for row in book() if row["評価"] not in set("12345")] == ["55"]
    assert [row["記入日時"] for row in book() if row["記入日時"] > "2025/12"] == ["2062-11-03 10:00"]
    assert sum(bool(row["更新日時"]) for row in book()) > 10


def test_robots_may_read_what_the_crawlers_read(stage: Stage) -> None:
    status, _, body = get(stage.site.base_url + "/robots.txt")
    assert status == 200
    assert b"Disallow: /admin/" in body
    assert get(stage.site.base_url + "/nothing-here")[0] == 404
