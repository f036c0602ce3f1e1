"""Pages that need a browser: read after their scripts have run, and held to the rules of any other page."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from crawlers.fetching.browser import what_is_missing
from storage.item import Handover
from tests.crawlers.conftest import crawl_all, end_of, items_of, job

pytestmark = pytest.mark.timeout(300)
SELECTORS = {"item": ".r", "id": "::attr(id)", "text": "i", "author": "b"}
PAGE = """<html><body><div id="reviews">…</div><img src="/logo.png"><script>
const show = rows => document.getElementById("reviews").innerHTML = rows.map(
  row => `<p class="r" id="${row.id}"><b>${row.by}</b><i>${row.text}</i></p>`).join("");
const steal = url => fetch(url, {mode: "no-cors"}).catch(() => 0);
fetch("/reviews.json").then(found => found.json()).then(rows => {
  Promise.all([steal("http://127.0.0.1:PORT/inside"), steal("http://169.254.169.254/latest"),
               steal("http://[::1]:PORT/inside"), steal("/outwards")]).then(() => show(rows));
});
</script><iframe src="http://127.0.0.1:PORT/inside"></iframe></body></html>"""
ROWS = b'[{"id": "a", "by": "\xe8\x8a\xb1", "text": "\xe9\x83\xa8\xe5\xb1\x8b\xe3\x81\x8c\xe5\xaf\x92\xe3\x81\x84"}]'


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    if problem := what_is_missing():
        if os.environ.get("KINTSUGI_BROWSER_TESTS") == "required":
            pytest.fail(problem)
        pytest.skip(problem)
    with HTTPServer(host="localhost", port=0) as found:
        yield found


class Portal:
    """A site whose reviews come by script. `asked` are the paths that were asked for."""

    def __init__(self, server: HTTPServer) -> None:
        self.asked: list[str] = []
        self.agents: set[str] = set()
        page = PAGE.replace("PORT", str(server.port)).encode()
        for path, answer in {
            "/robots.txt": Response("User-agent: *\nDisallow: /private\n"),
            "/1": Response(gzip.compress(page), 200, {"Content-Encoding": "gzip", "Content-Type": "text/html"}),
            "/moved": Response("", 302, {"Location": "/1"}),
            "/to-private": Response("", 302, {"Location": "/private"}),
            "/inwards": Response("", 302, {"Location": f"http://127.0.0.1:{server.port}/inside"}),
            "/outwards": Response("", 302, {"Location": f"http://127.0.0.1:{server.port}/inside"}),
            "/leaves": Response(f'<script>location = "http://127.0.0.1:{server.port}/inside"</script><p>…'),
            "/reviews.json": Response(ROWS, content_type="application/json"),
            "/large": Response(b"<p>" + b"x" * (2 * 2**20)),
            "/closed": Response("<h1>Are you a robot?</h1>", 403),
            "/private": Response("<p class=r id=x><i>no</i></p>"),
            "/inside": Response("<p class=r id=x><i>the inside</i></p>"),
            "/logo.png": Response(b"png"),
        }.items():
            server.expect_request(path).respond_with_handler(self._answer(answer))

    def _answer(self, response: Response) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            self.asked.append(request.path)
            self.agents.add(request.headers.get("User-Agent", ""))
            return response

        return answer


@pytest.fixture(scope="module")
def portal(server: HTTPServer) -> Portal:
    return Portal(server)


@pytest.fixture(scope="module")
def found(server: HTTPServer, portal: Portal) -> dict[str, list[Handover]]:
    jobs = [
        job("page", options(server, path), path, max_response_mb=1, contact="pr@hotel.example", timeout=60.0)
        for path in ("1", "moved", "to-private", "private", "inwards", "large", "closed")
    ]
    jobs.append(job("page", options(server, "leaves"), "leaves", timeout=60.0))
    jobs.append(job("page", options(server, "1"), "poor", budget=2, timeout=60.0))
    jobs.append(job("page", {**options(server, "1"), "render": False}, "plain"))
    return crawl_all(jobs, 240)


def options(server: HTTPServer, path: str) -> dict[str, Any]:
    return {"url": server.url_for(path), "selectors": SELECTORS, "render": True}


def test_what_scripts_wrote_is_read(found: dict[str, list[Handover]], portal: Portal) -> None:
    for key in ("1", "moved"):
        assert end_of(found[key]).error is None
        assert [(item.text, item.author_name) for item in items_of(found[key])] == [("部屋が寒い", "花")]
    assert items_of(found["plain"]) == []
    assert "/logo.png" not in portal.asked
    assert portal.agents == {"Kintsugi/0.1 (+pr@hotel.example) brand monitoring"}


def test_a_page_reaches_nothing_private_by_any_way(found: dict[str, list[Handover]], portal: Portal) -> None:
    assert found
    assert "/outwards" in portal.asked  # whose redirect leads inside
    assert "/inside" not in portal.asked
    assert "private network" in str(end_of(found["inwards"]).error)
    assert items_of(found["leaves"]) == []


def test_robots_txt_refusals_and_limits_hold_for_rendered_pages(
    found: dict[str, list[Handover]], portal: Portal
) -> None:
    for key in ("private", "to-private"):
        assert "robots.txt" in str(end_of(found[key]).error)
        assert end_of(found[key]).refused
    assert "/private" not in portal.asked
    assert end_of(found["closed"]).refused
    assert "larger than 1 MB" in str(end_of(found["large"]).error)


def test_what_a_page_asks_for_counts_too(found: dict[str, list[Handover]]) -> None:
    assert end_of(found["1"]).requests >= 3  # the page, its reviews, and what it meant to steal
    assert "daily_requests" in str(end_of(found["poor"]).error)
    assert end_of(found["poor"]).requests == 2
    assert items_of(found["poor"]) == []


def test_what_is_missing_is_said_with_what_to_do(crawl: Callable[..., list[Handover]], monkeypatch: Any) -> None:
    rendered = {"url": "http://localhost:9/", "selectors": SELECTORS, "render": True}
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "scrapy_playwright", sys.modules.get("scrapy_playwright") or object())
    assert "apt-get install chromium" in str(end_of(crawl("page", rendered)).error)
    monkeypatch.setitem(sys.modules, "scrapy_playwright", None)
    assert "pip install 'kintsugi-recovery[browser]'" in str(end_of(crawl("page", rendered)).error)
