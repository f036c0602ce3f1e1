"""The intake: who may send, what is answered, and that nothing is taken twice."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from config.mistakes import ConfigurationError
from kintsugi.app import App
from kintsugi.web.app import web_app
from kintsugi.web.pages.status import router as status
from kintsugi.web.pages.webhook import router as webhook
from kintsugi.web.server import WebServer
from storage.mention import Mention, Revision
from storage.work import Work
from tests.kintsugi.steps.test_crawling import installed

SECRET = "a secret of the desk"
SOURCES = (
    "  desk: {kind: webhook, secret_env: DESK_SECRET, max_kb: 4, location: Asakusa}\n  file: {kind: file, path: x}"
)


@pytest.fixture
def app(ready_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.delenv("DESK_SECRET", raising=False)
    opened = installed(ready_path, SOURCES, f"DESK_SECRET={SECRET}\n")
    yield opened
    opened.database.close()


def signed(app: App, body: bytes, event: str = "e-1", secret: str = SECRET, late: int = 0) -> dict[str, str]:
    moment = str(int(app.clock.now().timestamp()) - late)
    digest = hmac.new(secret.encode(), f"{event}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": event,
        "webhook-timestamp": moment,
        "webhook-signature": "v1,bm8= v1," + base64.b64encode(digest).decode(),
    }


def body_of(*mentions: object) -> bytes:
    return json.dumps({"mentions": mentions}, ensure_ascii=False).encode()


def test_signed_mentions_are_stored_once_and_go_on_to_be_assessed(app: App) -> None:
    body = body_of({"id": "1", "text": "鍵が開かない", "author": "Aoi"}, {"id": "2", "text": "寒い", "rating": 2}, 7)
    with TestClient(web_app(app, [webhook])) as client:
        first = client.post("/intake/desk", content=body, headers=signed(app, body))
        assert first.status_code == 200
        account = {"fetched": 3, "new": 2, "revised": 0, "unchanged": 0, "ignored": 0, "rejected": 1}
        assert first.json() == account
        edited = body_of({"id": "1", "text": "鍵が開いた"})
        assert client.post("/intake/desk", content=edited, headers=signed(app, edited, "e-2")).json()["revised"] == 1
        again = client.post("/intake/desk", content=body, headers=signed(app, body))
        assert again.json() == account | {"again": True}
    with app.database.read() as session:
        assert session.scalars(select(Revision.text).order_by(Revision.id)).all() == [
            "鍵が開かない",
            "寒い",
            "鍵が開いた",
        ]
        assert set(session.scalars(select(Mention.location))) == {"Asakusa"}
        assert session.scalar(select(func.count()).select_from(Work).where(Work.step == "assess")) == 3


def test_nobody_else_may_send(app: App) -> None:
    body = body_of({"id": "1", "text": "x"})
    fine = signed(app, body)
    with TestClient(web_app(app, [webhook])) as client:
        for headers, why in (
            ({}, "are needed"),
            (signed(app, body, secret="another"), "does not fit"),
            (signed(app, body + b" "), "does not fit"),
            (fine | {"webhook-id": "e-9"}, "does not fit"),
            (signed(app, body, late=301), "seconds off"),
            (fine | {"webhook-timestamp": "soon"}, "seconds since 1970"),
        ):
            answer = client.post("/intake/desk", content=body, headers=headers)
            assert (answer.status_code, why in answer.text) == (401, True), answer.text
            assert SECRET not in answer.text
    with app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Mention)) == 0


def test_what_cannot_be_taken_is_answered_with_its_reason(app: App) -> None:
    with TestClient(web_app(app, [webhook])) as client:
        for body, code, why in (
            (b"no json", 400, "no JSON"),
            (body_of({"colour": "red"}), 400, "no column for text or rating"),
            (b'{"mentions": 3}', 400, "a list of mentions"),
            (body_of({"id": "1", "text": "x" * 5000}), 413, "more than 4 kB"),
        ):
            answer = client.post("/intake/desk", content=body, headers=signed(app, body))
            assert (answer.status_code, why in answer.text) == (code, True), answer.text
        for path in ("/intake/nobody", "/intake/file"):
            assert client.post(path, content=b"{}").status_code == 404


def test_without_a_secret_nothing_is_taken(ready_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEBHOOK_SECRET", raising=False)
    app = installed(ready_path, "  desk: {kind: webhook}")
    with TestClient(web_app(app, [webhook])) as client:
        answer = client.post("/intake/desk", content=b"{}")
        assert (answer.status_code, "WEBHOOK_SECRET is not set" in answer.text) == (503, True)


def test_the_server_answers_on_its_port_and_a_taken_port_is_named(app: App) -> None:
    server = WebServer(web_app(app, [status]), app.settings.web.model_copy(update={"port": 0}))
    try:
        with urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=60) as answer:
            assert json.load(answer) == {"status": "ok"}
        with pytest.raises(ConfigurationError, match=r"set web\.port"):
            WebServer(web_app(app, [status]), app.settings.web.model_copy(update={"port": server.port}))
    finally:
        server.close()
