"""What Slack sends, and what somebody sends who claims to be Slack: its shape, and what the handlers make of it."""

from __future__ import annotations

import copy
import json
import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from pydantic import SecretStr
from slack_sdk import WebClient

from alerts.receivers.receiver import Sent
from alerts.slack.app import slack_app
from alerts.slack.door import let_in
from alerts.slack.shapes import malformed
from config.settings import Secrets
from tests.alerts.conftest import KIM, NOON, SATO, a_receiver, a_view, a_workspace
from tests.alerts.desk import Desk
from tests.alerts.office import ABE, MORI, STRANGER, a_team
from tests.drills.nonsense import VALUES, changed
from tests.fake_slack.server import FakeSlack

BUTTONS = ("claim", "resolve", "more", "posted", "not_a_case", "escalate", "approve", "snooze", "edit", "offer")
HURT = (*VALUES, SATO, KIM, STRANGER)


def fuzz_payload_shapes(count: int, seed: int) -> Counter[str]:
    """Whatever it holds, it is let in or refused with the place of its mistake; what was not hurt is let in."""
    chance, came = random.Random(seed), Counter[str]()
    with a_workspace() as slack:
        shapes = _shapes(slack, ("C1", "1.0"))
        assert [malformed(one, slack.url) for one in shapes] == [None] * len(shapes)
        kept = [json.dumps(one) for one in shapes]
        for number in range(count):
            body = changed(json.loads(kept[number % len(kept)]), chance, HURT)
            came["let in" if malformed(body, slack.url) is None else "refused"] += 1
    return came


def fuzz_slack(count: int, seed: int) -> Counter[str]:
    """Whatever a payload is, it is answered, and nobody does what they may not."""
    chance, came = random.Random(seed), Counter[str]()
    with a_workspace() as slack, _silence():
        for user in (MORI, ABE, STRANGER):
            slack.workspace.add_user(user, user)
        settings, desk = a_team(slack), Desk()
        app = slack_app(
            desk, settings, Secrets(slack_bot_token=SecretStr("xoxb-fake")), _Answering(slack.url), lambda: NOON
        )
        sent = a_receiver(slack, interactive=True).deliver("case:42:social", "case_message", {}, a_view(), None)
        assert isinstance(sent, Sent)
        place = (sent.address["channel"], sent.address["ts"])
        shapes = _shapes(slack, place)
        for _ in range(count):
            desk.cases, desk.did, desk.places = {42: a_view()}, [], {place: 42}
            payload = changed(copy.deepcopy(chance.choice(shapes)), chance, HURT)
            body = json.loads(json.dumps(payload))
            answer = let_in(app, body)
            assert answer.status < 500, payload
            came[str(answer.status)] += 1
            # ABE only reads, KIM is of another team, and the stranger is nobody.
            assert not [one for one in desk.did if one[-1] in (ABE, STRANGER)], (payload, desk.did)
    return came


@contextmanager
def _silence() -> Iterator[None]:
    """Each of them is said in the log."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    structlog.configure(**before)


class _Answering(WebClient):
    """Slack's client with the way to Slack cut short: what is asked of it is answered at once."""

    def __init__(self, url: str) -> None:
        super().__init__(token="xoxb-fake", base_url=url)

    def api_call(self, api_method: str, **asked: Any) -> Any:
        json.dumps(asked.get("json"))
        return {"ok": True, "ts": "1.0", "channel": "C1", "view": {"id": "V1"}, "user": {"tz": "Asia/Tokyo"}}


def _shapes(slack: FakeSlack, place: tuple[str, str]) -> list[dict[str, Any]]:
    press = (
        slack.people.press_payload("brand-voice", place[1], "case.claim", SATO)
        if place[0] != "C1"
        else {
            "type": "block_actions", "user": {"id": SATO}, "team": {"id": "T1"}, "trigger_id": "1",
            "response_url": f"{slack.url}/respond", "container": {"type": "message", "channel_id": place[0]},
            "actions": [{"type": "button", "action_id": "case.claim", "block_id": "b", "value": "42"}],
        }
    )  # fmt: skip
    return [
        *({**press, "actions": [{**press["actions"][0], "action_id": f"case.{one}"}]} for one in BUTTONS),
        _view("case.resolve"), _view("staff.report"), _view("case.posted"),
        {"command": "/kintsugi", "text": "cases", "user_id": SATO, "team_id": "T1", "channel_id": place[0],
         "trigger_id": "1", "response_url": slack.url},
        {"type": "event_callback", "team_id": "T1", "event": {
            "type": "message", "user": SATO, "text": "!note x", "channel": place[0], "thread_ts": place[1],
            "ts": "2.0"}},
        {"type": "event_callback", "team_id": "T1", "event": {
            "type": "app_home_opened", "user": KIM, "tab": "home"}},
    ]  # fmt: skip


def _view(name: str) -> dict[str, Any]:
    values = {"text": {"text": {"type": "plain_text_input", "value": "済みました"}}}
    blocks = [{"type": "input", "block_id": "text"}]
    view = {"type": "modal", "callback_id": name, "private_metadata": '{"case": 42}', "state": {"values": values}}
    return {
        "type": "view_submission",
        "user": {"id": SATO},
        "team": {"id": "T1"},
        "view": {**view, "id": "V1", "hash": "h", "blocks": blocks},
    }
