"""What does not come with a list is asked for: further replies, further comments, older posts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from crawlers.fetching.visit import Answer, Ask, Spend
from crawlers.running.job import CrawlJob
from crawlers.running.reading import read_source
from storage.item import Handover
from tests.crawlers.conftest import AT, end_of, items_of, job

Crawl = Callable[..., list[Handover]]
OLD = AT - timedelta(days=40)


def youtube_comment(identity: str) -> dict[str, Any]:
    return {
        "kind": "youtube#comment", "id": identity,
        "snippet": {"textOriginal": identity, "authorDisplayName": "凛", "publishedAt": "2026-11-10T00:00:00Z"},
    }  # fmt: skip


def youtube_thread(identity: str, replies: int) -> dict[str, Any]:
    inline = [youtube_comment(f"{identity}.{number}") for number in range(min(replies, 5))]
    return {
        "kind": "youtube#commentThread", "id": identity, "replies": {"comments": inline},
        "snippet": {"videoId": "v1", "totalReplyCount": replies, "topLevelComment": youtube_comment(identity)},
    }  # fmt: skip


def test_replies_beyond_those_that_come_with_a_thread_are_asked_for_when_their_number_changed(
    httpserver: HTTPServer, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUTUBE_API_KEY", "key")
    counts, asked = {"T1": 7, "T2": 2, "T3": 3}, []

    def threads(_: Request) -> Response:
        return Response(json.dumps({"items": [youtube_thread(*pair) for pair in counts.items()]}))

    def replies(request: Request) -> Response:
        parent, start = request.args["parentId"], int(request.args.get("pageToken", 0))
        asked.append((parent, start))
        page = [youtube_comment(f"{parent}.{number}") for number in range(counts[parent])][start : start + 4]
        more = {"nextPageToken": str(start + 4)} if start + 4 < counts[parent] else {}
        return Response(json.dumps({"items": page, **more}))

    httpserver.expect_request("/youtube/v3/commentThreads").respond_with_handler(threads)
    httpserver.expect_request("/youtube/v3/comments").respond_with_handler(replies)
    options = {"videos": ["v1"], "base_url": httpserver.url_for("")}
    found = crawl("youtube", options)
    assert {item.external_id for item in items_of(found)} == {
        *counts, *(f"{thread}.{number}" for thread, count in counts.items() for number in range(count)),
    }  # fmt: skip
    assert {item.url for item in items_of(found) if item.external_id == "T1.6"} == {
        "https://www.youtube.com/watch?v=v1&lc=T1.6"
    }
    assert asked == [("T1", 0), ("T1", 4)]
    cursor = end_of(found).cursor
    assert crawl("youtube", options, cursor=cursor)
    assert asked == [("T1", 0), ("T1", 4)]
    counts["T1"] = 8
    assert "T1.7" in {item.external_id for item in items_of(crawl("youtube", options, cursor=cursor))}
    assert len(asked) == 4


def said(identity: str, at: str, **more: Any) -> dict[str, Any]:
    return {"id": identity, "message": identity, "text": identity, "created_time": at, "timestamp": at, **more}


@pytest.mark.parametrize("kind", ["facebook_page", "instagram"])
def test_comments_below_a_busy_post_are_read_back_to_the_last_crawl(
    kind: str, httpserver: HTTPServer, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEBOOK_PAGE_TOKEN", "token")
    monkeypatch.setenv("INSTAGRAM_TOKEN", "token")
    times = [(AT - timedelta(hours=number)).isoformat() for number in range(9)]
    comments = [said(f"c{number}", at, username="umi") for number, at in enumerate(times)]
    asked: list[str] = []

    def page(start: int) -> dict[str, Any]:
        more = {"next": "https://graph.example/?access_token=…"} if start + 3 < len(comments) else {}
        return {"data": comments[start : start + 3], "paging": {"cursors": {"after": str(start + 3)}, **more}}

    def answer(request: Request) -> Response:
        if request.path.endswith("/p1/comments"):
            asked.append(request.args["after"])
            return Response(json.dumps(page(int(request.args["after"]))))
        posts = [said("p1", AT.isoformat(), comments=page(0))] if request.path.endswith(("/feed", "/media")) else []
        return Response(json.dumps({"data": posts}))

    httpserver.expect_request("/v21.0/1/ratings").respond_with_handler(answer)
    for path in ("1/feed", "1/media", "1/tags", "p1/comments"):
        httpserver.expect_request(f"/v21.0/{path}").respond_with_handler(answer)
    options = {"page_id" if kind == "facebook_page" else "user_id": "1", "base_url": httpserver.url_for("")}
    found = crawl(kind, options)
    assert end_of(found).error is None
    assert {item.external_id for item in items_of(found)} == {"p1", *(f"c{number}" for number in range(9))}
    assert asked == ["3", "6"]
    cursor = {"comments": {"p1": (AT - timedelta(hours=2, minutes=30)).isoformat()}}
    crawl(kind, options, cursor=cursor)
    assert asked == ["3", "6", "3"]
    crawl(kind, options, cursor=cursor, since=OLD)
    assert asked == ["3", "6", "3", "3", "6"]


def test_questions_are_followed_back_beyond_what_is_shown_without_a_key(
    httpserver: HTTPServer, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STACK_EXCHANGE_KEY", raising=False)
    last = int(AT.timestamp()) - 1
    every = [{"question_id": number, "title": "q", "body": "b", "creation_date": last - number} for number in range(60)]

    def answer(request: Request) -> Response:
        page, until = int(request.args["page"]), int(request.args["todate"])
        assert page <= 25
        older = [one for one in every if one["creation_date"] <= until][(page - 1) * 2 : page * 2]
        return Response(json.dumps({"items": older, "has_more": len(older) == 2}))

    httpserver.expect_request("/2.3/search/advanced").respond_with_handler(answer)
    found = crawl("stack_exchange", {"query": "sakura", "base_url": httpserver.url_for("")}, since=OLD)
    assert {item.external_id for item in items_of(found)} == {f"question/{number}" for number in range(60)}


@pytest.mark.parametrize(("since", "read"), [(None, 200), (OLD, 210)])
def test_a_backfill_reads_further_than_a_crawl_that_is_due(
    since: datetime | None, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEBOOK_PAGE_TOKEN", "token")

    async def answer(_: CrawlJob, ask: Ask, validators: dict[str, Any], spend: Spend) -> Answer:
        start = int(dict(parse_qsl(ask.url)).get("after", 0))
        entries = [said(f"p{start}", (AT - timedelta(minutes=start)).isoformat())] if start < 210 else []
        paging = {"cursors": {"after": str(start + 1)}, "next": "…"}
        body = {"data": entries if "/feed" in ask.url else [], "paging": paging}
        return Answer(200, ask.url, {}, json.dumps(body).encode())

    async def found() -> list[Handover]:
        return [entry async for entry in read_source(job("facebook_page", {"page_id": "1"}, since=since), answer)]

    assert len(items_of(asyncio.run(found()))) == read
