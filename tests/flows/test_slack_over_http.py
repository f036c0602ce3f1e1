"""Slack over HTTP: what is signed is done, what is forged, old or replayed changes nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from slack_bolt import App as BoltApp
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from alerts.receivers.opening import open_receivers
from alerts.receivers.receiver import Sent
from alerts.slack.app import slack_app
from alerts.slack.http import Answer, answered
from config.settings import Secrets
from kintsugi.app import App
from kintsugi.desk.slack_desk import SlackDesk
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.web.app import web_app
from kintsugi.web.pages.slack import router as slack_page
from storage.event import events_of
from tests.alerts.conftest import a_view
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House
from tests.flows.test_working_in_slack import until

SATO, KIM = "U0SATO0001", "U0KIM00001"
SECRET = "a secret of the app"


@dataclass
class Office:
    """Two cases were told; the app answers over HTTP."""

    app: App
    bolt: BoltApp
    secrets: Secrets
    slack: FakeSlack

    def payload(self, user: str, **more: Any) -> dict[str, Any]:
        """Pressing *I take it* in the message of K-1."""
        [ts] = [one["ts"] for one in self.slack.messages("front-desk") if "K-1 " in one["text"]]
        return self.slack.people.press_payload("front-desk", ts, "case.claim", user, **more)

    def post(self, payload: dict[str, Any], *, secret: str = SECRET, age: float = 0, **more: str) -> Answer:
        body = urlencode({"payload": json.dumps(payload)})
        at = str(int(time.time() - age))
        signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": at,
            "x-slack-signature": str(signature),
        }
        return answered(self.bolt, self.secrets, body, headers | more)

    def claims(self, case_id: int = 1) -> list[str]:
        with self.app.database.read() as session:
            return [one.actor for one in events_of(session, case_id) if one.kind == "acknowledge"]

    def said(self) -> str:
        return str(until(lambda: self.slack.workspace.ephemerals)[-1]["text"])


@pytest.fixture
def office(house: House, slack: FakeSlack) -> Iterator[Office]:
    texts = {
        "r1": "朝食で家族全員が食中毒になり救急搬送されました。",
        "r2": "部屋の清掃が雑で、髪の毛が落ちていました。",
    }
    for name, text in texts.items():
        house.says(source="app-store", id=name, at=1, author=name, author_id=name, title="残念", text=text, rating=1)
    app = house.open()
    secrets = app.secrets.model_copy(
        update={"slack_app_token": SecretStr("xapp-unused"), "slack_signing_secret": SecretStr(SECRET)}
    )
    app.secrets = secrets
    engine = EmbeddedEngine(app)
    engine.start()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    client = WebClient(token=slack.workspace.bot_token, base_url=slack.url)
    bolt = slack_app(SlackDesk(app), app.settings, secrets, client, app.clock.now)
    yield Office(app, bolt, secrets, slack)
    engine.close()


def test_what_is_not_signed_with_our_secret_and_now_changes_nothing(office: Office) -> None:
    payload = office.payload(SATO)
    assert office.post(payload, secret="another secret").status == 401
    assert office.post(payload, age=6 * 60).status == 401
    assert office.post(payload, **{"x-slack-signature": "v0=" + "0" * 64}).status == 401
    assert office.post(payload, **{"x-slack-request-timestamp": str(int(time.time()) + 1)}).status == 401
    bare = office.secrets.model_copy(update={"slack_signing_secret": None})
    assert answered(office.bolt, bare, "payload={}", {}).status == 503
    assert office.claims() == []

    assert office.post(payload).status == 200
    until(office.claims)
    assert office.claims() == [SATO]


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who(office: Office) -> None:
    payloads = [office.payload(SATO), office.payload(KIM)]
    with ThreadPoolExecutor(2) as both:
        assert [one.status for one in both.map(office.post, payloads)] == [200, 200]
    said = office.said()
    [winner] = office.claims()
    assert {SATO: "佐藤", KIM: "Kim"}[winner] in said

    again = payloads[0 if winner == SATO else 1]
    assert office.post(again).status == 200  # Slack sends again what was answered late
    office.slack.workspace.ephemerals.clear()
    forged = office.payload(KIM, value="2")  # the button of one case in the message of another
    assert office.post(forged).status == 200
    assert office.said() in (
        "You cannot do this: there is no such case",
        "この操作はできません：その案件は見つかりません",
    )
    assert office.claims() == [winner]
    assert office.claims(2) == []


def test_the_service_answers_slack_at_its_address_and_nobody_else(office: Office) -> None:
    body = urlencode({"payload": json.dumps(office.payload(SATO))})
    at = str(int(time.time()))
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": at,
        "x-slack-signature": str(SignatureVerifier(SECRET).generate_signature(timestamp=at, body=body)),
    }
    web = TestClient(web_app(office.app, [slack_page]))
    assert web.post("/slack/events", content=body, headers=headers | {"x-slack-signature": "v0=0"}).status_code == 401
    assert web.post("/slack/events", content="payload={}").status_code == 401
    assert office.claims() == []
    assert web.post("/slack/events", content=body, headers=headers).status_code == 200
    until(office.claims)
    assert office.claims() == [SATO]
    office.app.secrets = office.secrets.model_copy(update={"slack_signing_secret": None})
    assert web.post("/slack/events", content=body, headers=headers).status_code == 404


def test_buttons_are_shown_as_soon_as_slack_can_send_what_is_pressed(office: Office) -> None:
    bare = office.secrets.model_copy(update={"slack_app_token": None, "slack_signing_secret": None})
    for change, shown in (({}, False), ({"slack_signing_secret": SecretStr(SECRET)}, True)):
        receivers = open_receivers(office.app.settings, bare.model_copy(update=change))
        sent = receivers["front-desk"].deliver(f"k{shown}", "case_message", {}, a_view(), None)
        assert isinstance(sent, Sent)
        assert ("case.claim" in str(office.slack.messages("front-desk")[-1]["blocks"])) is shown
