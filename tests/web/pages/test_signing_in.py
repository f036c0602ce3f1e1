"""Signing in: what is kept, what is answered, and what nobody can find out or force."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from kintsugi.web.accounts import FREE_TRIES, invite, set_up_link
from kintsugi.web.app import web_app
from kintsugi.web.pages.signing import TRIES
from kintsugi.web.pages.signing import router as signing
from kintsugi.web.passwords import hashed
from kintsugi.web.sessions import begin_session
from kintsugi.web.totp import STEP, code_at, new_secret
from storage.account import Account, Audit, WebSession
from tests.web.pages.house import House

PASSWORD = "a seam of gold"


@pytest.fixture(scope="module")
def kept() -> str:
    """What is kept of hana's password, made once: it is meant to take long."""
    return hashed(PASSWORD)


@pytest.fixture
def hana(house: House, kept: str) -> TestClient:
    """A browser in which somebody named hana is signed in."""
    house.token("lead", "U0SATO")
    with house.app.database.write() as session:
        account = session.scalars(select(Account).where(Account.name == "the lead")).one()
        account.name, account.password = "hana", kept
        token = begin_session(session, account, house.clock.now())
    client = house.client()
    client.cookies.set("kintsugi", token, domain="testserver.local")  # as if the server had set it
    return client


def test_what_happened_is_written_down(house: House) -> None:
    with house.app.database.write() as session:
        token = invite(session, role="lead", by="system", at=house.clock.now(), person="U0SATO")
    client = house.client()
    form = {"name": "hana", "password": PASSWORD, "again": PASSWORD}
    assert client.get(f"/setup/{token}").status_code == 200
    assert client.post(f"/setup/{token}", data=form).status_code == 303
    assert client.post(f"/setup/{token}", data=form).status_code == 404  # it works once
    assert "佐藤 花" in client.get("/").text
    sign_in(house.client(), password="wrong password")
    sign_in(house.client())
    with house.app.database.read() as session:
        assert list(session.scalars(select(Audit.what).order_by(Audit.id)))[-4:] == [
            "invited",
            "password_set",
            "sign_in_failed",
            "signed_in",
        ]
    page = house.client("admin").get("/log").text
    assert "ログイン失敗" in page
    assert "ログイン失敗" not in house.client("lead").get("/log").text


def sign_in(client: TestClient, name: str = "hana", password: str = PASSWORD, **more: str) -> int:
    return client.post("/login", data={"name": name, "password": password, **more}).status_code


def test_the_first_run_makes_one_administrator_by_a_link(house: House) -> None:
    link = set_up_link(house.app)
    assert link is not None
    path = link.removeprefix(house.app.settings.web.address)
    client = house.client()
    for form, said in (
        ({"name": "boss", "password": "short", "again": "short"}, "12文字以上"),
        ({"name": "boss", "password": PASSWORD, "again": "another one"}, "一致"),
        ({"name": "", "password": PASSWORD, "again": PASSWORD}, "ユーザー名"),
    ):
        answer = client.post(path, data=form)
        assert (answer.status_code, said in answer.text) == (400, True)
    assert client.post(path, data={"name": "boss", "password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert client.get("/settings").status_code == 200
    assert set_up_link(house.app) is None


def test_a_link_ends_by_itself(house: House) -> None:
    with house.app.database.write() as session:
        token = invite(session, role="viewer", by="system", at=house.clock.now())
    house.clock.advance(timedelta(days=3))
    assert house.client().get(f"/setup/{token}").status_code == 404


def test_the_person_behind_an_account_acts_under_their_own_name(house: House, hana: TestClient) -> None:
    assert "佐藤 花" in hana.get("/").text
    case_id = house.hostile_case()
    assert hana.post(f"/cases/{case_id}/claim").status_code == 303
    assert "担当を開始（佐藤 花）" in hana.get(f"/cases/{case_id}").text


def test_the_cookie_is_for_browsers_only_and_new_at_every_sign_in(house: House, hana: TestClient) -> None:
    before = hana.cookies["kintsugi"]
    answer = hana.post("/login", data={"name": "hana", "password": PASSWORD})
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags
    assert hana.cookies["kintsugi"] != before
    fixed = house.client()
    fixed.cookies.set("kintsugi", before)
    assert fixed.get("/").status_code == 303  # the one of before is worth nothing
    with house.app.database.read() as session:
        assert before not in [one.digest for one in session.scalars(select(WebSession))]


def test_over_tls_the_cookie_never_travels_in_the_open(house: House) -> None:
    secured = house.app.settings.web.model_copy(update={"public_url": "https://kintsugi.example.jp"})
    house.app.settings = house.app.settings.model_copy(update={"web": secured})
    with house.app.database.write() as session:
        token = invite(session, role="viewer", by="system", at=house.clock.now())
    form = {"name": "aki", "password": PASSWORD, "again": PASSWORD}
    answer = house.client(web=web_app(house.app, [signing])).post(f"/setup/{token}", data=form)
    assert answer.headers["set-cookie"].startswith("__Host-kintsugi=")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]


def test_nobody_learns_who_has_an_account(house: House, hana: TestClient) -> None:
    stranger = house.client()
    answers = [
        stranger.post("/login", data={"name": name, "password": "wrong password"}) for name in ("hana", "nobody")
    ]
    assert [one.status_code for one in answers] == [401, 401]
    assert answers[0].text.replace("hana", "nobody") == answers[1].text
    for _ in range(FREE_TRIES):
        sign_in(stranger, password="wrong password")
    locked = stranger.post("/login", data={"name": "hana", "password": PASSWORD})  # right, but too late
    assert locked.status_code == 401
    assert locked.text == answers[0].text
    house.clock.advance(timedelta(hours=1))
    assert sign_in(stranger) == 303


def test_one_address_tries_so_often_and_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = house.client()
    monkeypatch.setattr("kintsugi.web.accounts.fits", lambda *_: False)  # twenty real ones would take seconds
    found = [sign_in(client, name="nobody") for _ in range(TRIES + 1)]
    assert found == [401] * TRIES + [429]


def test_the_second_factor_is_asked_for_and_counts_once(house: House, hana: TestClient) -> None:
    secret, at = new_secret(), house.clock.now()
    step = int(at.timestamp()) // STEP
    assert hana.post("/account/totp", data={"secret": secret, "code": "000000"}).status_code == 400
    assert hana.post("/account/totp", data={"secret": secret, "code": code_at(secret, step)}).status_code == 303
    house.clock.advance(timedelta(minutes=1))
    client, code = house.client(), code_at(secret, step + 2)
    assert "6桁のコード" in client.post("/login", data={"name": "hana", "password": PASSWORD}).text
    assert sign_in(client, code="123") == 401
    assert sign_in(client, code=code) == 303
    assert sign_in(client, code=code) == 401  # read over a shoulder
    assert hana.post("/account/totp/off", data={"old": "wrong password"}).status_code == 400
    assert hana.post("/account/totp/off", data={"old": PASSWORD}).status_code == 303


def test_a_new_password_signs_out_everywhere_else(house: House, hana: TestClient) -> None:
    other = house.client()
    assert sign_in(other) == 303
    form = {"old": PASSWORD, "password": "another seam", "again": "another seam"}
    assert hana.post("/account/password", data=form | {"old": "wrong one"}).status_code == 400
    assert hana.post("/account/password", data=form).status_code == 303
    assert other.get("/").status_code == 303
    assert hana.get("/").status_code == 200


def test_sessions_end(house: House, hana: TestClient) -> None:
    token = hana.cookies["kintsugi"]
    assert hana.post("/logout").status_code == 303
    kept = house.client()
    kept.cookies.set("kintsugi", token)
    assert kept.get("/").status_code == 303
    idle = house.client("viewer")
    house.clock.advance(timedelta(hours=13))
    assert idle.get("/").status_code == 303


def test_an_ended_account_is_out_at_once(house: House, hana: TestClient) -> None:
    with house.app.database.read() as session:
        number = session.scalars(select(Account.id).where(Account.name == "hana")).one()
    assert house.client("admin").post(f"/settings/accounts/{number}/role", data={"role": ""}).status_code == 303
    assert hana.get("/").status_code == 303
    assert sign_in(house.client()) == 401


def test_a_link_for_a_new_password_ends_with_its_account(house: House, hana: TestClient) -> None:
    with house.app.database.write() as session:
        number = session.scalars(select(Account.id).where(Account.name == "hana")).one()
        token = invite(session, role="lead", by="system", at=house.clock.now(), name="hana")
    assert house.client("admin").post(f"/settings/accounts/{number}/role", data={"role": ""}).status_code == 303
    form = {"password": PASSWORD, "again": PASSWORD}
    assert house.client().post(f"/setup/{token}", data=form).status_code == 404
    assert sign_in(house.client()) == 401


def test_a_new_password_by_a_link_signs_out_everywhere(house: House, hana: TestClient) -> None:
    with house.app.database.write() as session:
        token = invite(session, role="lead", by="system", at=house.clock.now(), name="hana")
    guest = house.client()
    assert guest.post(f"/setup/{token}", data={"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert guest.get("/").status_code == 200
    assert hana.get("/").status_code == 303


def test_a_guest_does_not_take_the_id_of_a_person(house: House) -> None:
    with house.app.database.write() as session:
        token = invite(session, role="agent", by="system", at=house.clock.now())
    client = house.client()
    form = {"name": "U0KIM", "password": PASSWORD, "again": PASSWORD}
    assert client.post(f"/setup/{token}", data=form).status_code == 400
    assert client.post(f"/setup/{token}", data=form | {"name": "kim"}).status_code == 303


def test_a_second_factor_is_not_replaced_without_the_password(house: House, hana: TestClient) -> None:
    for status in (303, 409):
        secret = new_secret()
        code = code_at(secret, int(house.clock.now().timestamp()) // STEP)
        assert hana.post("/account/totp", data={"secret": secret, "code": code}).status_code == status


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nX: y"]
)
def test_nobody_is_led_away(house: House, hana: TestClient, next: str) -> None:
    answer = hana.post("/login", data={"name": "hana", "password": PASSWORD, "next": next})
    assert answer.headers["location"] == "/"
