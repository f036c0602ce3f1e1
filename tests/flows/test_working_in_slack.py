"""Working a real case from Slack: the button, the dialog, the thread, and what the message shows afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from pydantic import SecretStr
from slack_sdk import WebClient

from alerts.slack.app import connect, slack_app
from kintsugi.desk.slack_desk import SlackDesk
from kintsugi.engines.embedded import EmbeddedEngine
from storage.note import notes_of
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House

SATO = "U0SATO0001"
T = TypeVar("T")


def until(something: Callable[[], T]) -> T:
    """Waits for what the listening threads bring about."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := something():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen within a minute")


def test_a_case_is_taken_answered_and_resolved_without_leaving_slack(house: House, slack: FakeSlack) -> None:
    house.says(source="app-store", id="r1", at=1, title="残念", text="フロントに40分も待たされました。", rating=1)
    app = house.open()
    app.secrets = app.secrets.model_copy(update={"slack_app_token": SecretStr(slack.workspace.app_token)})
    engine, desk = EmbeddedEngine(app), SlackDesk(app)
    engine.start()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    (message,) = slack.messages("front-desk")
    assert "case.claim" in str(message["blocks"])
    client = WebClient(token=slack.workspace.bot_token, base_url=slack.url)
    handler = connect(slack_app(desk, app.settings, app.secrets, client, app.clock.now), app.settings, app.secrets)
    handler.connect()
    people = slack.people

    def shown() -> str:
        engine.settle()
        return str(slack.messages("front-desk")[0]["blocks"])

    def dialog() -> str:
        return str(until(lambda: list(slack.workspace.views))[-1])

    def notes() -> list[str]:
        with app.database.read() as session:
            return [note.text for note in notes_of(session, 1)]

    slack.socket.wait()
    people.press("front-desk", message["ts"], "case.claim", SATO)
    until(lambda: (view := desk.view(1)) is not None and view.owner == SATO)
    assert f"<@{SATO}>" in shown()

    people.press("front-desk", message["ts"], "case.posted", SATO)
    said = "このたびは大変お待たせし、誠に申し訳ございませんでした。ホテルソラ 支配人 佐伯"
    assert people.submit(dialog(), {"text": said}, SATO) == {}
    assert "大変お待たせし" in shown()

    people.write("front-desk", "お客様に電話しました", SATO, thread_ts=message["ts"], times=2)
    until(lambda: "お客様に電話しました" in notes())

    slack.workspace.views.clear()
    people.press("front-desk", message["ts"], "case.resolve", SATO)
    asked = slack.workspace.views[dialog()]
    whys = {block["block_id"]: "人手が足りない" for block in asked["blocks"] if block["block_id"].startswith("why")}
    answer = people.submit(asked["id"], {"done": "受付を一名増やした", "cause": "process", **whys}, SATO)
    assert answer == {}
    assert "受付を一名増やした" in shown()
    assert notes().count("お客様に電話しました") == 1
    assert len(slack.messages("front-desk")) == 1
    assert slack.workspace.pings == []
    handler.close()
    engine.close()
