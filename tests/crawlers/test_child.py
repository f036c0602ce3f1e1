"""The crawling process: what it hands over, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from crawlers.running.child import run_sources
from crawlers.running.job import CrawlJob
from storage.item import Finished, Refused
from tests.crawlers.conftest import AT, crawl_all, end_of, items_of, job

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><guid>a1</guid><title>サクラホテルで停電</title><link>https://news.example/1?utm_source=rss</link>
<pubDate>Thu, 19 Nov 2026 08:00:00 +0900</pubDate><description>宿泊客が一時避難した。</description></item>
<item><guid>a2</guid><title>別のホテル</title><link>https://news.example/2</link>
<pubDate>Thu, 19 Nov 2026 09:00:00 +0900</pubDate><description>関係のない話。</description></item>
</channel></rss>"""


def test_one_child_reads_several_sources_and_a_broken_one_harms_no_other(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/rss").respond_with_data(FEED, headers={"ETag": '"v1"'})
    httpserver.expect_request("/bad").respond_with_data("<html>maintenance</html>")
    found = crawl_all(
        [
            job("feed", {"url": httpserver.url_for("/rss")}, "good", names=("サクラホテル",)),
            job("feed", {"url": httpserver.url_for("/bad")}, "bad"),
            job("feeed", {}, "typo"),
            job("feed", {"urls": [], "ulr": "x"}, "option"),
        ]
    )
    [item] = items_of(found["good"])
    assert item.external_id == "a1"
    assert item.url == "https://news.example/1"
    assert item.why == "names 'サクラホテル'"
    assert [entry.reason for entry in found["good"] if isinstance(entry, Refused)] == ["names none of ours"]
    assert end_of(found["good"]).cursor == {"validators": {httpserver.url_for("/rss"): {"etag": '"v1"'}}}
    assert "no feed" in str(end_of(found["bad"]).error)
    assert "did you mean 'feed'" in str(end_of(found["typo"]).error)
    assert "did you mean `url`" in str(end_of(found["option"]).error)


def test_a_feed_that_did_not_change_is_not_read_again(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/rss", headers={"If-None-Match": '"v1"'}).respond_with_data("", status=304)
    url = httpserver.url_for("/rss")
    cursor = {"validators": {url: {"etag": '"v1"'}}}
    found = crawl_all([job("feed", {"url": url}, "again", cursor=cursor)])
    assert found["again"] == [Finished(cursor=cursor, requests=1)]


def _crawls(pid: int) -> bool:
    # The worker may have other children: a server of another test.
    return b"crawlers.running.run" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_child_that_ended_in_peace_reads_the_next_jobs_unless_the_tokens_are_others(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/rss").respond_with_data(FEED)
    source = job("feed", {"url": httpserver.url_for("/rss")}, "news", names=("サクラホテル",))

    def child_after_a_crawl(tokens: dict[str, str]) -> int:
        found = [entry for _, entry in run_sources([source], timedelta(seconds=90), tokens)]
        assert len(items_of(found)) == 1
        [child] = [pid for pid in children_of(os.getpid()) if _crawls(pid) and not ended_within(pid, 0.05)]
        return child

    first = child_after_a_crawl({})
    assert child_after_a_crawl({}) == first
    assert child_after_a_crawl({"TOKEN": "new"}) != first


def test_a_child_that_takes_too_long_is_stopped_and_says_so(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    release = threading.Event()

    def hang(_: Request) -> Response:
        release.wait(90)
        return Response("")

    httpserver.expect_request("/rss").respond_with_handler(hang)
    slow = job("feed", {"url": httpserver.url_for("/rss")}, "slow", timeout=30.0)
    [(key, end)] = run_sources([slow], timedelta(seconds=3))
    release.set()
    assert key == "slow"
    assert isinstance(end, Finished)
    assert "time for crawling was over" in str(end.error)


def test_a_crash_of_the_child_is_the_error_of_each_unfinished_source(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    crash = tmp_path / "crawlers" / "running"
    crash.mkdir(parents=True)
    (crash.parent / "__init__.py").write_text("")
    (crash / "__init__.py").write_text("")
    (crash / "run.py").write_text("import os, sys; sys.stderr.write('out of memory\\n'); os.abort()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    jobs = [CrawlJob("one", "feed", at=AT), CrawlJob("two", "feed", at=AT)]
    ends = dict(run_sources(jobs, timedelta(seconds=90)))
    assert set(ends) == {"one", "two"}
    assert all(isinstance(end, Finished) and "signal 6" in str(end.error) for end in ends.values())


def test_the_child_dies_with_its_parent(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    release, asked = threading.Event(), threading.Event()

    def hang(_: Request) -> Response:
        asked.set()
        release.wait(100)
        return Response("")

    httpserver.expect_request("/rss").respond_with_handler(hang)
    script = (
        "import sys, subprocess\n"
        "from datetime import UTC, datetime, timedelta\n"
        "from crawlers.running.child import run_sources\n"
        "from crawlers.running.job import CrawlJob\n"
        f"options = {{'url': {httpserver.url_for('/rss')!r}}}\n"
        "job = CrawlJob('a', 'feed', at=datetime.now(UTC), options=options)\n"
        "list(run_sources([job], timedelta(seconds=60)))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])
    assert asked.wait(90)
    [child] = children_of(parent.pid)
    parent.kill()
    parent.wait()
    try:
        assert ended_within(child, 60)
    finally:
        release.set()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def ended_within(pid: int, seconds: float) -> bool:
    for _ in range(int(seconds * 20)):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        threading.Event().wait(0.05)
    return False
