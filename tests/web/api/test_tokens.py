"""Tokens: shown once, kept as a digest, ended at once, and not asked too often."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from kintsugi.app import App
from kintsugi.commands.root import app as cli
from kintsugi.web.api.assembly import api_app
from kintsugi.web.limits import Limit
from storage.api_token import ApiToken, make_token
from tests.responder.story import START
from tests.web.api.conftest import Client


def run(app: App, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["token", *words, "--config", str(app.folder / "kintsugi.yaml")])
    return done.exit_code, done.output


def test_a_token_is_shown_once_and_ends_at_once(app: App) -> None:
    code, said = run(app, "create", "crm", "--scope", "read", "--scope", "act", "--person", "agent", "--json")
    assert code == 0, said
    token = json.loads(said)["token"]
    path = app.database.path
    assert path is not None
    kept = b"".join(file.read_bytes() for file in Path(path).parent.glob("kintsugi.sqlite*"))
    assert token.encode() not in kept
    with TestClient(api_app(app), headers={"Authorization": f"Bearer {token}"}) as api:
        assert api.get("/token").json() == {
            "name": "crm",
            "person": "agent",
            "role": "agent",
            "scopes": ["read", "act"],
        }
        listed = [json.loads(line) for line in run(app, "list", "--json")[1].splitlines()]
        assert [row["used"] is not None for row in listed if row["name"] == "crm"] == [True]
        assert run(app, "revoke", "crm")[0] == 0
        assert api.get("/token").status_code == 401
    assert run(app, "revoke", "crm")[0] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reader", "--scope", "read"), "choose another name"),
        (("x", "--scope", "write"), "give some of read, act, admin"),
        (("x", "--scope", "act"), "needs a person"),
        (("x", "--scope", "act", "--person", "nobody"), "not among the people"),
    ],
)
def test_a_token_that_cannot_be_made_is_refused_with_what_to_do(app: App, words: tuple[str, ...], said: str) -> None:
    code, told = run(app, "create", *words)
    assert (code, said in told) == (1, True), told


def test_a_token_ends_with_its_time_and_with_its_person(app: App, client: Client) -> None:
    with app.database.write() as session:
        make_token(session, "gone", person="agent", scopes=["read"], at=START)
        session.query(ApiToken).filter_by(name="agent").one().person = "left-the-house"
    left = client("agent").get("mentions")
    assert (left.status_code, left.json()["reason"]) == (403, "unknown_person")
    assert client("short").get("mentions").status_code == 200
    app.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]  # a SetClock
    assert client("short").get("mentions").status_code == 401


def test_a_token_that_asks_too_often_waits_and_others_do_not(app: App, tokens: dict[str, str]) -> None:
    with TestClient(api_app(app, Limit(2, 60))) as api:
        statuses = [api.get("/token", headers={"Authorization": f"Bearer {tokens['lead']}"}) for _ in range(3)]
        assert [one.status_code for one in statuses] == [200, 200, 429]
        assert 1 <= int(statuses[2].headers["retry-after"]) <= 61
        assert api.get("/token", headers={"Authorization": f"Bearer {tokens['reader']}"}).status_code == 200
