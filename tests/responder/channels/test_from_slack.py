"""Approving and undoing from Slack: the message says how and when the reply is published, the site shows it then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from slack_sdk import WebClient

from alerts.slack.app import connect, slack_app
from config.clock import SetClock
from config.settings import settings_from
from kintsugi.app import App
from kintsugi.desk.slack_desk import SlackDesk
from kintsugi.engines.embedded import EmbeddedEngine
from storage.database import Database
from storage.work import add_work
from tests.conftest import LOG_KEY
from tests.fake_slack.server import FakeSlack
from tests.responder.channels.conftest import secrets_of
from tests.responder.channels.review_sites import GoogleBusiness
from tests.responder.story import START, Story

SATO = "U0SATO0001"
SORRY = "お部屋に煙草のにおいが残っておりましたこと、心よりお詫び申し上げます。"
T = TypeVar("T")


def until(something: Callable[[], T]) -> T:
    """Waits for what the listening threads bring about."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := something():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen within a minute")


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as server:
        server.workspace.add_user(SATO, "佐藤")
        server.workspace.add_channel("front-desk")
        yield server


def test_a_reply_is_approved_undone_and_approved_again_from_slack(
    database: Database, tmp_path: Path, slack: FakeSlack
) -> None:
    site: Any = GoogleBusiness()
    name = site.add(1)
    app = opened(database, tmp_path, slack, site)
    engine, desk = EmbeddedEngine(app), SlackDesk(app)
    with database.write() as session:
        case = Story(session, app.settings).case(name, source="s", severity="critical")
        case.mention.source.kind = site.kind
        add_work(session, "route", [case.id], START)

    def shown() -> str:
        engine.settle()
        [message] = slack.messages("front-desk")
        return str(message["blocks"])

    client = WebClient(token=slack.workspace.bot_token, base_url=slack.url)
    handler = connect(slack_app(desk, app.settings, app.secrets, client, app.clock.now), app.settings, app.secrets)
    handler.connect()
    slack.socket.wait()
    assert "case.approve" in shown()
    message = slack.messages("front-desk")[0]["ts"]
    approve(slack, message)
    assert "case.undo" in shown()
    assert f"<!date^{int(START.timestamp()) + 300}^" in shown()
    assert "Google ビジネス プロフィール へ公開します" in shown()
    slack.people.press("front-desk", message, "case.undo", SATO)
    until(lambda: "case.approve" in shown())
    app.clock.advance(app.settings.publish.undo * 2)  # type: ignore[attr-defined]
    assert "case.approve" in shown()
    assert site.live(name) == []
    slack.workspace.views.clear()
    approve(slack, message)
    app.clock.advance(app.settings.publish.undo)  # type: ignore[attr-defined]
    assert SORRY in shown()
    assert site.live(name) == [SORRY]
    assert "case.undo" not in shown()
    handler.close()
    site.close()


def approve(slack: FakeSlack, message: str) -> None:
    slack.people.press("front-desk", message, "case.approve", SATO)
    dialog = str(until(lambda: list(slack.workspace.views))[-1])
    assert "承認後5分以内なら取り消せます" in str(slack.workspace.views[dialog])
    assert slack.people.submit(dialog, {"reply": SORRY}, SATO) == {}


def opened(database: Database, folder: Path, slack: FakeSlack, site: Any) -> App:
    settings = settings_from(
        {
            "brand": {"name": "Hotel Sakura"},
            "sources": {"s": site.source()},
            "teams": {"front-desk": {"channel": "#front-desk"}},
            "people": {SATO: {"name": "佐藤", "team": "front-desk", "role": "agent"}},
            "route": {"receiver": "front-desk"},
            "receivers": {},
            "slack": {"api_url": slack.url, "pace": "0s"},
        }
    )
    tokens = site.secrets | {
        "KINTSUGI_LOG_KEY": LOG_KEY.decode(),
        "SLACK_BOT_TOKEN": slack.workspace.bot_token,
        "SLACK_APP_TOKEN": slack.workspace.app_token,
    }
    app = App(settings, secrets_of(tokens), folder, SetClock(START))
    app.database = database  # type: ignore[misc]  # opened and migrated already
    return app
