"""Every kind, crawled from a site that answers as its source does: requests, tokens, pages, and what is handed over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from crawlers.registry import NAMES
from storage.item import Handover, WindowRead
from tests.crawlers.conftest import AT, end_of, items_of
from tests.crawlers.shapes import GOOGLE_PLAY, SHAPES

Crawl = Callable[..., list[Handover]]
OPTIONS: dict[str, dict[str, Any]] = {
    "app_store": {"app_id": 1, "countries": ["jp"]},
    "app_store_connect": {"app_id": 1, "key_id": "K1", "issuer_id": "I1"},
    "google_play": {"package": "jp.sakura", "languages": ["ja"]},
    "google_play_console": {"package": "jp.sakura"},
    "google_business": {"locations": {"accounts/1/locations/5": "Asakusa"}},
    "google_places": {"places": {"ChIJ": "Asakusa"}, "legacy": True},
    "trustpilot": {"domain": "sakura.example", "by": "page"},
    "yelp": {"businesses": ["sakura"]},
    "mastodon": {"tags": ["サクラホテル"]},
    "bluesky": {"query": "サクラホテル"},
    "reddit": {"query": "Sakura"},
    "hacker_news": {"query": "Sakura"},
    "youtube": {"videos": ["v1"]},
    "x": {"query": "Sakura"},
    "facebook_page": {"page_id": "1"},
    "instagram": {"user_id": "2", "username": "hotelsakura"},
    "stack_exchange": {"query": "Sakura"},
}
KEY = ec.generate_private_key(ec.SECP256R1())
SERVICE_KEY = rsa.generate_private_key(65537, 2048)


def pem(key: Any) -> str:
    text: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return text.decode()


@pytest.fixture(autouse=True)
def _tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    account = {"client_email": "robot@sakura.example", "private_key": pem(SERVICE_KEY)}
    values = {"APP_STORE_CONNECT_KEY": pem(KEY).replace("\n", "\\n"), "GOOGLE_PLAY_KEY": json.dumps(account)}
    names = "GOOGLE_CLIENT_ID GOOGLE_CLIENT_SECRET GOOGLE_REFRESH_TOKEN GOOGLE_MAPS_KEY TRUSTPILOT_API_KEY YELP_API_KEY"
    names += " BLUESKY_HANDLE BLUESKY_APP_PASSWORD REDDIT_CLIENT_ID REDDIT_CLIENT_SECRET YOUTUBE_API_KEY X_BEARER_TOKEN"
    names += " FACEBOOK_PAGE_TOKEN INSTAGRAM_TOKEN STACK_EXCHANGE_KEY"
    for name, value in {**dict.fromkeys(names.split(), "secret"), **values}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MASTODON_TOKEN", raising=False)


@pytest.fixture
def asked(httpserver: HTTPServer, request: pytest.FixtureRequest) -> list[Request]:
    """Serves the shape of the kind once for its first listing, then empty pages; tokens where they are asked for."""
    kind: str = request.node.callspec.params["kind"]
    requests: list[Request] = []

    def answer(one: Request) -> Response:
        requests.append(one)
        if "token" in one.path or "createSession" in one.path:
            return Response(json.dumps({"access_token": "fresh", "accessJwt": "fresh"}))
        pages = [other for other in requests if "token" not in other.path and "createSession" not in other.path]
        return Response(SHAPES[kind][0] if len(pages) == 1 else EMPTY.get(kind, SHAPES[kind][0]))

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    return requests


EMPTY = {
    "app_store": b'{"feed": {}}',
    "instagram": b'{"data": []}',
    "facebook_page": b'{"data": []}',
    "google_play": GOOGLE_PLAY,
}


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_kind_reads_its_source(kind: str, httpserver: HTTPServer, asked: list[Request], crawl: Crawl) -> None:
    base = httpserver.url_for("").rstrip("/")
    options = {**OPTIONS[kind], "base_url": base}
    if kind in ("google_play_console", "google_business", "reddit"):
        options["token_url"] = f"{base}/token"
    found = crawl(kind, options, terms_accepted=True)
    assert end_of(found).error is None
    texts: list[str] = []
    for item in items_of(found):
        if item.text not in texts or not item.text:
            texts.append(item.text)
    assert texts[: len(SHAPES[kind][1])] == SHAPES[kind][1]
    assert asked
    for one in asked:
        assert "secret" not in one.path


@pytest.mark.parametrize("kind", ["app_store_connect"])
def test_apples_token_is_short_lived_and_signed(
    kind: str, httpserver: HTTPServer, asked: list[Request], crawl: Crawl
) -> None:
    crawl(kind, {**OPTIONS[kind], "base_url": httpserver.url_for("")})
    token = asked[0].headers["Authorization"].removeprefix("Bearer ")
    unverified = {"verify_exp": False, "verify_iat": False}  # Its moment is that of the crawl.
    claims = jwt.decode(token, KEY.public_key(), ["ES256"], audience="appstoreconnect-v1", options=unverified)
    assert claims["exp"] - claims["iat"] <= 20 * 60
    assert jwt.get_unverified_header(token)["kid"] == "K1"
    assert parse_qs(asked[0].query_string.decode())["sort"] == ["-createdDate"]


def test_pages_of_the_play_store_follow_its_token(httpserver: HTTPServer, crawl: Crawl) -> None:
    last = b")]}'\n\n" + json.dumps([["wrb.fr", "UsvDTd", json.dumps([[]]), None, "generic"]]).encode()
    bodies, forms = [GOOGLE_PLAY, last], []

    def answer(request: Request) -> Response:
        forms.append(request.form["f.req"])
        return Response(bodies.pop(0))

    httpserver.expect_request("/_/PlayStoreUi/data/batchexecute", method="POST").respond_with_handler(answer)
    options = {"package": "jp.sakura", "languages": ["ja"], "base_url": httpserver.url_for("")}
    found = crawl("google_play", options, terms_accepted=True, look_back=AT - AT.replace(year=2020))
    assert len(items_of(found)) == 2
    assert items_of(found)[0].url == "https://play.google.com/store/apps/details?id=jp.sakura&reviewId=11f-aa"
    assert "TOKEN" in forms[1]
    assert [len(entry.ids) for entry in found if isinstance(entry, WindowRead)] == [2]


def test_a_page_is_followed_by_rel_next_and_by_pattern(httpserver: HTTPServer, crawl: Crawl) -> None:
    page = '<html><body><p class="r" id="{}"><i>{}</i></p>{}</body></html>'
    httpserver.expect_request("/1").respond_with_data(page.format("a", "一", '<a rel="nofollow next" href="/2">次</a>'))
    httpserver.expect_request("/2").respond_with_data(page.format("b", "二", ""))
    httpserver.expect_request("/3").respond_with_data("<html><body>end</body></html>")
    base = httpserver.url_for("")
    selectors = {"item": ".r", "id": "::attr(id)", "text": "i"}
    for options in ({"url": f"{base}1"}, {"pages": f"{base}{{page}}"}):
        found = crawl("page", {**options, "selectors": selectors})
        assert end_of(found).error is None
        assert [item.external_id for item in items_of(found)] == ["a", "b"]
        assert [len(entry.ids) for entry in found if isinstance(entry, WindowRead)] == [2]


def test_x_reads_on_from_the_newest_post(httpserver: HTTPServer, crawl: Crawl) -> None:
    queries: list[str] = []

    def answer(request: Request) -> Response:
        queries.append(request.args["start_time"])
        return Response(SHAPES["x"][0])

    httpserver.expect_request("/2/tweets/search/recent").respond_with_handler(answer)
    options = {"query": "Sakura", "base_url": httpserver.url_for("")}
    cursor = end_of(crawl("x", options)).cursor
    assert cursor == {"newest": "2026-11-18T17:19:07+00:00"}
    crawl("x", options, cursor=cursor)
    assert queries == ["2026-11-13T12:05:00Z", "2026-11-18T16:19:07Z"]


def test_every_kind_has_been_crawled_here_or_beside() -> None:
    beside = {"file", "drop", "imap", "webhook", "feed", "page", "review_page"}
    assert set(OPTIONS) | beside == set(NAMES)
