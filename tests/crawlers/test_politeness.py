"""How sites are treated, and what is not done however they ask for it. One crawling process reads all of them."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from crawlers.fetching.addresses import asked_of_the_system
from crawlers.fetching.guard import is_public, why_not
from storage.item import Finished, Handover
from tests.crawlers.conftest import crawl_all, end_of, items_of, job
from tests.crawlers.test_child import FEED

Found = dict[str, list[Handover]]


class Site:
    """A site with a page for each way to misbehave. `asked` are the paths that were asked for, with user agents."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.asked: list[tuple[str, str]] = []
        now = datetime.now(UTC)  # The server dates its answers itself.
        for path, response in {
            "/robots.txt": Response("User-agent: *\nDisallow: /private\n"),
            "/gone": Response("<rss>not here</rss>", 404),
            "/wrong": Response("what?", 400),
            "/slow-down": Response("slow down", 429, {"Retry-After": "900"}),
            "/robot": Response("<h1>Are you a robot?</h1>", 403),
            "/captcha": Response('<html><body><div class="g-recaptcha"></div></body></html>'),
            "/gatekeeper": Response("<rss>", 503, {"cf-mitigated": "challenge"}),
            "/busy-until": Response("busy", 503, {"Retry-After": format_datetime(now + timedelta(minutes=20))}),
            "/limited": Response("limit", 429, {"x-rate-limit-reset": str(int(now.timestamp()) + 700)}),
            "/private": Response(FEED),
            "/large": Response(b"x" * (2 * 2**20)),
            "/bomb": Response(gzip.compress(b"<rss>" + b" " * (20 * 2**20)), 200, {"Content-Encoding": "gzip"}),
            "/half": Response(FEED[: FEED.rindex("関係") + 3]),
            "/to-local": Response("", 302, {"Location": f"http://127.0.0.1:{server.port}/secret"}),
            "/to-metadata": Response("", 302, {"Location": "http://169.254.169.254/latest/meta-data"}),
            "/to-file": Response("", 302, {"Location": "file:///etc/passwd"}),
            "/circle": Response("", 302, {"Location": "/circle"}),
            "/secret": Response(FEED),
            "/moved": Response("", 301, {"Location": "/feed.xml"}),
            "/feed.xml": Response(FEED),
            "/key": Response("key=AIza-very-secret is wrong", 400),
        }.items():
            self._serve(path, [response])
        self._serve("/shaky", [Response("busy", 503), Response("oops", 500), Response(FEED)])

    def _serve(self, path: str, responses: list[Response]) -> None:
        def answer(request: Request) -> Response:
            self.asked.append((request.path, request.headers.get("User-Agent", "")))
            return responses.pop(0) if len(responses) > 1 else responses[0]

        self.server.expect_request(path).respond_with_handler(answer)

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for asked, _ in self.asked)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with HTTPServer(port=0) as server:
        yield Site(server)


@pytest.fixture(scope="module")
def found(site: Site) -> Found:
    paths = ["gone", "wrong", "slow-down", "robot", "private", "large", "bomb", "half", "to-local", "to-metadata"]
    paths += ["to-file", "circle", "moved", "shaky", "captcha", "gatekeeper", "busy-until", "limited"]
    jobs = [
        job("feed", {"url": site.server.url_for(path)}, path, max_response_mb=1, contact="pr@hotel.example")
        for path in paths
    ]
    jobs.append(job("feed", {"url": "http://127.0.0.1:9/rss"}, "nobody"))
    return crawl_all(jobs)


def failed(found: Found, key: str) -> Finished:
    end = end_of(found[key])
    assert end.error
    assert end.cursor is None
    return end


def test_an_error_page_is_a_failure_and_no_empty_source(found: Found) -> None:
    assert "HTTP 404" in str(failed(found, "gone").error)
    assert "HTTP 400" in str(failed(found, "wrong").error)
    assert not failed(found, "gone").refused
    assert len(found["gone"]) == 1


def test_a_temporary_error_is_tried_again(found: Found, site: Site) -> None:
    assert end_of(found["shaky"]).error is None
    assert len(items_of(found["shaky"])) == 2
    assert site.times("/shaky") == 3


def test_a_long_retry_after_is_left_to_the_schedule(found: Found, site: Site) -> None:
    assert failed(found, "slow-down").retry_after == 900
    assert not failed(found, "slow-down").refused
    assert site.times("/slow-down") == 1


def test_a_date_and_the_end_of_a_limit_say_when_to_come_back(found: Found) -> None:
    assert 1100 < (failed(found, "busy-until").retry_after or 0) <= 1200
    assert 600 < (failed(found, "limited").retry_after or 0) <= 700
    assert not failed(found, "limited").refused


def test_a_page_that_asks_whether_we_are_a_robot_is_a_refusal_whatever_its_status(found: Found, site: Site) -> None:
    assert failed(found, "captcha").refused
    assert failed(found, "gatekeeper").refused
    assert "robot" in str(failed(found, "captcha").error)
    assert site.times("/gatekeeper") == 1


def test_a_closed_door_is_a_refusal(found: Found) -> None:
    assert failed(found, "robot").refused
    assert "Are you a robot?" in str(failed(found, "robot").error)


def test_robots_txt_is_obeyed_for_pages(found: Found, site: Site) -> None:
    assert failed(found, "private").refused
    assert "robots.txt" in str(failed(found, "private").error)
    assert site.times("/private") == 0


def test_the_user_agent_is_honest_and_names_a_contact(found: Found, site: Site) -> None:
    assert found
    assert {agent for _, agent in site.asked} == {"Kintsugi/0.1 (+pr@hotel.example) brand monitoring"}


def test_nobody_there_is_said_in_words(found: Found) -> None:
    assert "nobody answers there" in str(failed(found, "nobody").error)


def test_too_much_is_not_read_packed_or_not(found: Found) -> None:
    assert "larger than 1 MB" in str(failed(found, "large").error)
    assert "bomb" in str(failed(found, "bomb").error)


def test_a_feed_that_is_cut_off_keeps_no_cursor_but_what_it_said(found: Found) -> None:
    assert "cut off" in str(failed(found, "half").error)
    assert [item.external_id for item in items_of(found["half"])] == ["a1"]


def test_a_redirect_out_of_the_site_is_not_followed_into_private_networks(found: Found, site: Site) -> None:
    assert "private network" in str(failed(found, "to-local").error)
    assert "private network" in str(failed(found, "to-metadata").error)
    assert "not http" in str(failed(found, "to-file").error)
    assert site.times("/secret") == 0


def test_redirects_on_the_same_host_are_followed_but_not_for_ever(found: Found) -> None:
    assert len(items_of(found["moved"])) == 2
    assert "redirects" in str(failed(found, "circle").error)


def test_a_token_stands_neither_in_an_error_nor_in_the_log(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("YOUTUBE_API_KEY", "AIza-very-secret")
    site.server.expect_request("/youtube/v3/commentThreads").respond_with_data("key=AIza-very-secret: no", status=400)
    monkeypatch.setenv("FACEBOOK_PAGE_TOKEN", "EAAG-very-secret")
    said = "Malformed access token EAAG-very-secret"
    site.server.expect_request("/v21.0/1/ratings").respond_with_data(said, status=400)
    base = site.server.url_for("")
    with caplog.at_level(logging.DEBUG, logger="crawlers"):
        found = crawl_all(
            [
                job("youtube", {"videos": ["v1"], "base_url": base}, "tube"),
                job("facebook_page", {"page_id": "1", "base_url": base}, "face"),
            ]
        )
    for key in found:
        assert "HTTP 400" in str(failed(found, key).error)
        assert "very-secret" not in str(failed(found, key).error)
    assert "Malformed access token …" in str(failed(found, "face").error)
    assert "very-secret" not in "".join(one.getMessage() for one in caplog.records if one.name.startswith("crawlers"))


PUBLIC = ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
PRIVATE = ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1", "::ffff:192.168.0.1", "100.64.0.1", "0.0.0.0"]
PRIVATE += ["2002:7f00:1::", "224.0.0.1", "nonsense", "64:ff9b::a00:1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1"]
PRIVATE += ["192.0.0.8", "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "fe80::1%eth0"]
WAYS_INSIDE = (
    "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "[::ffff:127.0.0.1]", "[::1]:80", "localhost.", "a@127.0.0.1",
    "①②⑦.0.0.1", "127。0。0。1", "0x7f000001", "017700000001",
)  # fmt: skip


@pytest.mark.parametrize("host", WAYS_INSIDE)
def test_no_way_of_writing_an_address_leads_inside(host: str) -> None:
    reason = asyncio.run(why_not(f"http://{host}/", (), asked_of_the_system))
    assert reason is not None
    assert "private network" in reason


def test_private_addresses_are_known_in_all_their_forms() -> None:
    assert [address for address in PUBLIC + PRIVATE if is_public(address)] == PUBLIC
