"""An app that listens over Socket Mode, and one case that was told: what tests of working in Slack begin with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr
from slack_sdk import WebClient

from alerts.receivers.receiver import Sent
from alerts.slack.app import connect, slack_app
from config.settings import Secrets, Settings, settings_from
from tests.alerts.conftest import KIM, NOON, SATO, a_receiver, a_view, a_workspace
from tests.alerts.desk import Desk
from tests.fake_slack.server import FakeSlack

T = TypeVar("T")
MORI, ABE, STRANGER = "U0MORI0001", "U0ABE00001", "U0STRANGER"


@dataclass
class Office:
    """A workspace in which the app listens and one case was told."""

    slack: FakeSlack
    desk: Desk
    ts: str

    def press(self, button: str, user: str, **more: Any) -> None:
        self.slack.people.press("brand-voice", self.ts, f"case.{button}", user, **more)

    def said(self) -> str:
        """What the app last said to one person only."""
        return until(lambda: self.slack.workspace.ephemerals)[-1]["text"]

    def dialog(self) -> dict[str, Any]:
        """The dialog that was opened last."""
        return until(lambda: list(self.slack.workspace.views.values()))[-1]

    def sheet(self, user: str) -> dict[str, Any]:
        """The sheet of the case, opened."""
        self.press("more", user)
        return until(lambda: [one for one in self.views() if one["callback_id"] == "case.more"])[-1]

    def over(self, name: str) -> dict[str, Any]:
        """The dialog of this name, once it is open."""
        return until(lambda: [one for one in self.views() if one["callback_id"] == f"case.{name}"])[-1]

    def views(self) -> list[dict[str, Any]]:
        return list(self.slack.workspace.views.values())


def until(something: Callable[[], T]) -> T:
    """Waits for what another thread brings about."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := something():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen within a minute")


def a_team(slack: FakeSlack) -> Settings:
    return settings_from(
        {
            "brand": {"name": "ホテルさくら", "locations": [{"name": "浅草", "match": ["浅草"]}]},
            "teams": {"front-desk": {}, "quality": {}},
            "people": {
                SATO: {"name": "佐藤", "team": "front-desk"},
                MORI: {"name": "森", "team": "front-desk"},
                KIM: {"name": "Kim", "team": "quality"},
                ABE: {"name": "阿部", "team": "front-desk", "role": "viewer"},
            },
            "slack": {"api_url": slack.url},
        }
    )


@pytest.fixture(scope="session")
def listening() -> Iterator[tuple[FakeSlack, Desk]]:
    """One app that listens for all tests here: closing its socket takes slack-sdk three seconds."""
    with a_workspace() as slack:
        for user in (MORI, ABE, STRANGER):
            slack.workspace.add_user(user, user)
        settings, desk = a_team(slack), Desk()
        secrets = Secrets(slack_bot_token=SecretStr("xoxb-fake"), slack_app_token=SecretStr("xapp-fake"))
        client = WebClient(token="xoxb-fake", base_url=slack.url)
        handler = connect(slack_app(desk, settings, secrets, client, lambda: NOON), settings, secrets)
        handler.connect()
        slack.socket.wait()
        yield slack, desk
        handler.close()


@pytest.fixture
def office(listening: tuple[FakeSlack, Desk]) -> Office:
    slack, desk = listening
    slack.workspace.ephemerals.clear()
    slack.workspace.views.clear()
    sent = a_receiver(slack, interactive=True).deliver("case:42:social", "case_message", {}, a_view(), None)
    assert isinstance(sent, Sent)
    desk.cases, desk.did = {42: a_view()}, []
    desk.places = {(sent.address["channel"], sent.address["ts"]): 42}
    return Office(slack, desk, sent.address["ts"])
