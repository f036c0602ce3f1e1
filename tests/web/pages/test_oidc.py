"""Signing in at a provider of identities: one over HTTP with real signatures, and everything that it may not say."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from fastapi.testclient import TestClient
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from werkzeug import Request, Response

from config.error import ConfigurationError
from config.settings import settings_from
from kintsugi.web.app import web_app
from storage.account import Account, Audit
from tests.web.pages.house import SETTINGS, House
from tests.web.seat import Seat

joserfc_jwk = pytest.importorskip("joserfc.jwk", reason="the extra sso is not installed")
pytest.importorskip("authlib", reason="the extra sso is not installed")

CLIENT, SECRET = "kintsugi", "between us"
KIM = {"sub": "248289761001", "email": "Kim@hotel-sora.example", "email_verified": True, "groups": ["staff"]}


class Provider:
    """Answers as OpenID Connect Core says: discovery, keys, a code for once, tokens for who shows the verifier."""

    def __init__(self, server: HTTPServer) -> None:
        self.issuer = server.url_for("").rstrip("/")
        self.key = self._key("first")
        self.published = [self.key]
        self.claims: dict[str, Any] = dict(KIM)
        self.header: dict[str, Any] = {}
        self.at = 0
        self.asked: dict[str, str] = {}
        self.userinfo: dict[str, Any] | None = None
        about = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/me",
        }
        server.expect_request("/.well-known/openid-configuration").respond_with_json(about)
        server.expect_request("/keys").respond_with_handler(self._keys)
        server.expect_request("/token", method="POST").respond_with_handler(self._token)
        server.expect_request("/me").respond_with_handler(lambda _request: self._json(self.userinfo or {}))

    def rotate(self) -> None:
        """Signs with another key from now on."""
        self.key = self._key("second")
        self.published = [self.key]

    def agree(self, address: str) -> str:
        """What the person does there: signs in and is sent back with a code. Returns the way back."""
        parts = urlsplit(address)
        self.asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}" == self.issuer
        assert self.asked["code_challenge_method"] == "S256"
        assert self.asked["response_type"] == "code"
        assert "openid" in self.asked["scope"]
        back = urlsplit(self.asked["redirect_uri"])
        return f"{back.path}?code=once&state={self.asked['state']}&iss={self.issuer}"

    def _keys(self, _request: Request) -> Response:
        return self._json({"keys": [key.as_dict(private=False) for key in self.published]})

    def _token(self, request: Request) -> Response:
        from joserfc import jwt

        user, _, password = b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode().partition(":")
        challenge = urlsafe_b64encode(sha256(request.form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if (user, password.replace("%20", " ").replace("+", " ")) != (CLIENT, SECRET):
            return self._json({"error": "invalid_client"}, 401)
        if request.form["code"] != "once" or challenge != self.asked["code_challenge"]:
            return self._json({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": self.at, "exp": self.at + 300, "nonce": self.asked["nonce"],
        } | self.claims  # fmt: skip
        header = {"alg": "RS256", "kid": self.key.kid} | self.header
        algorithms = [header["alg"]]
        token = jwt.encode(header, claims, self.key, algorithms=algorithms)
        return self._json({"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token})

    @staticmethod
    def _key(name: str) -> Any:
        return joserfc_jwk.RSAKey.generate_key(2048, {"kid": name, "use": "sig"})

    @staticmethod
    def _json(data: object, status: int = 200) -> Response:
        return Response(json.dumps(data), status, content_type="application/json")


@pytest.fixture(scope="module")
def keyed() -> Iterator[None]:
    """Making keys takes a while: the same ones for all tests of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Provider, "_key", staticmethod(cache(Provider._key)))
        yield


@pytest.fixture
def provider(httpserver: HTTPServer, keyed: None) -> Provider:
    return Provider(httpserver)


@pytest.fixture(scope="module")
def oidc_seat() -> Seat:
    """The pages of who has a provider, made once: what it says of itself and its first keys stay known."""
    return Seat()


@pytest.fixture
def place(
    tmp_path: Path, lived_in: Path, provider: Provider, oidc_seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    """An installation that trusts this provider: `leads` are leads, and Kim stands under people with her address."""
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    more = f"""\
web:
  oidc:
    issuer: "{provider.issuer}"
    client_id: {CLIENT}
    name: Sora ID
    roles: {{leads: lead, everybody: viewer}}
"""
    monkeypatch.setenv("OIDC_CLIENT_SECRET", SECRET)
    house = House(tmp_path, lived_in / "kintsugi.sqlite", more, oidc_seat)
    provider.at = int(house.clock.now().timestamp())
    yield house
    house.app.database.close()


def sign_in(client: TestClient, provider: Provider, path: str = "/cases/1") -> Any:
    """The whole way: to the provider, and back."""
    there = client.get(f"/login/oidc?next={path}")
    assert there.status_code == 303, there.text[:500]
    return client.get(provider.agree(there.headers["location"]))


def accounts(house: House) -> list[Account]:
    with house.app.database.read() as session:
        return list(session.scalars(select(Account).where(Account.subject.is_not(None)).order_by(Account.id)))


def test_somebody_of_the_team_comes_in_as_the_person_that_they_are(
    house: House, place: House, provider: Provider
) -> None:
    client = place.client(language="en")
    assert "Sign in with Sora ID" in client.get("/login").text
    answer = sign_in(client, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/1")
    assert client.get("/").status_code == 200
    [account] = accounts(place)
    assert (account.person, account.role, account.password) == ("U0KIM", "lead", None)
    assert account.name == "Kim@hotel-sora.example"
    assert client.get("/login/oidc").status_code == 303
    sign_in(place.client(), provider)
    assert len(accounts(place)) == 1  # known by issuer and subject from now on
    assert house.client().get("/login/oidc").status_code == 404  # nobody set it there
    assert "Sora ID" not in house.client().get("/login").text


def test_the_claims_give_the_role_and_take_it_away(place: House, provider: Provider) -> None:
    provider.claims |= {"email": "new@else.example", "groups": ["everybody", "leads"]}
    first = place.client()
    assert sign_in(first, provider).status_code == 303
    assert first.get("/settings").status_code == 200
    provider.claims["groups"] = "everybody"
    second = place.client()
    assert sign_in(second, provider).status_code == 303
    assert [one.role for one in accounts(place)] == ["viewer"]
    assert second.get("/settings").status_code == 403
    assert first.get("/settings").status_code == 303  # what was open with the old role is closed
    provider.claims["groups"] = []
    third = place.client()
    assert "利用する権限がありません" in sign_in(third, provider).text
    with place.app.database.write() as session:
        account = session.scalars(select(Account).where(Account.name == "new@else.example")).one()
        account.ended_at = place.clock.now()
    provider.claims["groups"] = ["leads"]
    assert "終了しています" in sign_in(place.client(), provider).text


def test_an_address_that_nobody_verified_opens_nothing(place: House, provider: Provider) -> None:
    client = place.client()
    for verified in (False, None, "false", 1):
        provider.claims["email_verified"] = verified
        answer = sign_in(client, provider)
        assert (answer.status_code, "確認済みのメールアドレス" in answer.text) == (403, True), verified
    assert accounts(place) == []
    with place.app.database.read() as session:
        last = session.scalars(select(Audit).order_by(Audit.id.desc()).limit(1)).one()
        assert (last.what, last.data) == ("sign_in_failed", {"reason": "oidc_email"})


LIES: tuple[dict[str, Any], ...] = (
    {"nonce": "of another sign-in"},
    {"iss": "https://evil.example"},
    {"aud": "another client"},
    {"aud": [CLIENT, "another"]},
    {"exp": 1},
    {"sub": ""},
    {"azp": "another"},
)


def test_a_token_that_is_not_for_this_sign_in_opens_nothing(place: House, provider: Provider) -> None:
    client = place.client()
    for lie in LIES:
        provider.claims = KIM | lie
        answer = sign_in(client, provider)
        assert (answer.status_code, "応答を確認できません" in answer.text) == (403, True), lie
        assert "kintsugi" not in client.cookies
    assert accounts(place) == []


def test_only_the_providers_own_key_signs(place: House, provider: Provider) -> None:
    stranger = joserfc_jwk.RSAKey.generate_key(2048, {"kid": provider.key.kid, "use": "sig"})
    own, provider.key = provider.key, stranger
    assert sign_in(place.client(), provider).status_code == 403
    provider.key = joserfc_jwk.OctKey.import_key(SECRET * 4, {"kid": own.kid})
    provider.header = {"alg": "HS256"}
    assert sign_in(place.client(), provider).status_code == 403
    provider.key, provider.header = own, {}
    assert sign_in(place.client(), provider).status_code == 303
    provider.rotate()  # a key that we have not seen is asked for
    assert sign_in(place.client(), provider).status_code == 303


def test_an_answer_counts_only_in_the_browser_that_asked_and_once(place: House, provider: Provider) -> None:
    client, other = place.client(), place.client()
    way = client.get("/login/oidc?next=//evil.example").headers["location"]
    back = provider.agree(way)
    assert "途中で切れました" in other.get(back).text
    assert client.get(back.replace("state=", "state=x")).status_code == 403
    assert client.get(back).status_code == 403  # the wrong answer used the secret up
    back = provider.agree(client.get("/login/oidc?next=//evil.example").headers["location"])
    answer = client.get(back)
    assert answer.headers["location"] == "/"
    client.cookies.delete("kintsugi")
    assert client.get(back).status_code == 403


def test_a_provider_that_refuses_or_cannot_be_reached_is_told(
    place: House, provider: Provider, httpserver: HTTPServer
) -> None:
    client = place.client()
    state = provider.agree(client.get("/login/oidc").headers["location"]).partition("state=")[2].partition("&")[0]
    assert "完了しませんでした" in client.get(f"/login/oidc/callback?error=access_denied&state={state}").text
    httpserver.clear()
    answer = place.client(web=web_app(place.app)).get("/login/oidc")
    assert (answer.status_code, "接続できません" in answer.text) == (502, True)


def test_what_the_token_leaves_out_is_asked_of_the_provider(place: House, provider: Provider) -> None:
    provider.userinfo = dict(provider.claims)
    for name in ("email", "email_verified"):
        del provider.claims[name]
    assert sign_in(place.client(), provider).status_code == 303
    provider.userinfo["sub"] = "somebody else"
    assert sign_in(place.client(), provider).status_code == 403


def test_an_issuer_beyond_this_machine_is_reached_by_tls() -> None:
    for issuer in ("http://login.example.com", "https://", "login.example.com", "https://x.example/?a=1"):
        written = yaml.safe_load(SETTINGS) | {"web": {"oidc": {"issuer": issuer, "client_id": "x"}}}
        with pytest.raises(ConfigurationError, match=r"web\.oidc\.issuer"):
            settings_from(written)
