"""What a payload of Slack must hold: a table of what is let in, and of what is refused and where its mistake is."""

from __future__ import annotations

import copy
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from alerts.slack.door import read_body
from alerts.slack.shapes import malformed

API = "https://slack.com/api/"
USER: dict[str, Any] = {"id": "U1", "team_id": "T1"}
ANSWER = "https://hooks.slack.com/actions/T1/2/3"
PRESS: dict[str, Any] = {
    "type": "block_actions", "user": USER, "team": {"id": "T1", "domain": "sakura"}, "trigger_id": "1.2",
    "enterprise": None, "is_enterprise_install": False, "channel": {"id": "C1"}, "response_url": ANSWER,
    "container": {"type": "message", "channel_id": "C1", "message_ts": "1.0"}, "message": {"user": "U2", "ts": "1.0"},
    "actions": [{"type": "button", "action_id": "case.claim", "block_id": "b", "value": "42"}],
}  # fmt: skip
VIEW: dict[str, Any] = {
    "id": "V1", "type": "modal", "callback_id": "case.resolve", "private_metadata": "{}",
    "blocks": [{"type": "input", "block_id": "done"}],
    "state": {"values": {"done": {"done": {"type": "plain_text_input", "value": "済み"}}}},
}  # fmt: skip
SUBMITTED: dict[str, Any] = {"type": "view_submission", "user": USER, "team": {"id": "T1"}, "view": VIEW}
COMMAND: dict[str, Any] = {
    "command": "/kintsugi", "text": "mine", "user_id": "U1", "team_id": "T1", "trigger_id": "1", "response_url": ANSWER
}  # fmt: skip
SHORTCUT: dict[str, Any] = {"type": "shortcut", "callback_id": "report", "user": USER, "trigger_id": "1"}
MESSAGE: dict[str, Any] = {
    "type": "message_action", "callback_id": "open_case", "user": USER, "team": {"id": "T1", "domain": "sakura"},
    "channel": {"id": "C1"}, "message_ts": "1.0", "message": {"text": "遅い", "user": "U2"}, "response_url": ANSWER,
}  # fmt: skip
EVENT: dict[str, Any] = {
    "type": "event_callback", "team_id": "T1", "authorizations": [{"team_id": "T1", "enterprise_id": None}],
    "event": {"type": "message", "user": "U1", "text": "見ました", "channel": "C1", "thread_ts": "1.0", "ts": "2.0"},
}  # fmt: skip
WHOLE = {
    "press": PRESS, "submission": SUBMITTED, "command": COMMAND, "shortcut": SHORTCUT, "message": MESSAGE,
    "event": EVENT, "challenge": {"type": "url_verification", "challenge": "x"}, "nothing": {},
    "press at home": {
        **{name: value for name, value in PRESS.items() if name != "response_url"}, "view": {**VIEW, "type": "home"}
    },
    "closed": {"type": "view_closed", "user": USER, "view": VIEW},
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_what_slack_sends_is_let_in(name: str) -> None:
    assert malformed(WHOLE[name], API) is None


GONE = object()


@pytest.mark.parametrize(
    ("whole", "place", "value", "said"),
    [
        ("press", "user", None, "user"),
        ("press", "user.id", 7, "user.id"),
        ("press", "actions", [], "actions"),
        ("press", "actions", GONE, "actions"),
        ("press", "actions.0", "x", "actions.0"),
        ("press", "actions.0.action_id", GONE, "actions.0.action_id"),
        ("press", "actions.0.value", {"x": 1}, "actions.0.value"),
        ("press", "trigger_id", GONE, "trigger_id"),
        ("press", "response_url", GONE, "pressed nowhere"),
        ("press", "response_url", "https://hooks.slack.com.evil.example/x", "not an address of Slack"),
        ("press", "response_url", "http://hooks.slack.com/x", "not an address of Slack"),
        ("press", "response_url", "https://user@hooks.slack.com/x", "not an address of Slack"),
        ("press", "response_url", "https://hooks.slack.com/a\tb", "not an address of Slack"),
        ("press", "response_url", "http://[::1", "not an address of Slack"),
        ("press", "response_url", "https://hooks.slack.com/あ", "not an address of Slack"),
        ("press", "container", "message", "container"),
        ("press", "enterprise", 5, "enterprise"),
        ("press", "team", 5, "team"),
        ("press", "channel", True, "channel"),
        ("press", "message", "x", "message"),
        ("press", "event", None, "event"),
        ("press", "event", "x", "event"),
        ("submission", "view", GONE, "view"),
        ("submission", "view.type", "workflow_step", "view.type"),
        ("submission", "view.type", GONE, "view.type"),
        ("submission", "view.blocks", [], "a dialog without a field"),
        ("submission", "view.blocks.0", 7, "view.blocks.0"),
        ("submission", "view.state", {"values": []}, "view.state.values"),
        ("submission", "view.private_metadata", 7, "view.private_metadata"),
        ("command", "user_id", GONE, "user_id"),
        ("command", "text", ["x"], "text"),
        ("command", "response_url", GONE, "response_url"),
        ("shortcut", "user", [], "user"),
        ("message", "message", None, "message"),
        ("message", "team", "T1", "team"),
        ("message", "channel.id", None, "channel.id"),
        ("event", "event", GONE, "event"),
        ("event", "event", None, "event"),
        ("event", "event.type", GONE, "event.type"),
        ("event", "event.user", 7, "event.user"),
        ("event", "event.channel", 7, "event.channel"),
        ("event", "authorizations", [None], "authorizations.0"),
        ("challenge", "user", 7, "user"),
        ("challenge", "actions", 7, "actions"),
        ("challenge", "response_urls", [7], "response_urls.0"),
    ],
)
def test_what_slack_never_sends_is_refused_with_the_place_of_its_mistake(
    whole: str, place: str, value: object, said: str
) -> None:
    body = copy.deepcopy(WHOLE[whole])
    *way, last = [int(one) if one.isdigit() else one for one in place.split(".")]
    inner: Any = body
    for one in way:
        inner = inner[one]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    assert said in (malformed(body, API) or "let in")


def test_answers_go_to_the_host_of_the_web_api_in_use_as_well() -> None:
    body = {**COMMAND, "response_url": "http://127.0.0.1:9/respond"}
    assert malformed(body, API) == "response_url: not an address of Slack"
    assert malformed(body, "http://127.0.0.1:9/api/") is None


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ('{"type": "url_verification"}', {"type": "url_verification"}),
        (urlencode({"payload": json.dumps({"type": "shortcut"})}), {"type": "shortcut"}),
        (urlencode({"command": "/kintsugi", "text": ""}), {"command": "/kintsugi", "text": ""}),
        ("", None), ("{", None), ("payload=", None), ("payload=[1]", None), ("payload={", None),
        ("{" + '"a":{' * 100_000, None), ('{"a": 1}{', None),
    ],
)  # fmt: skip
def test_a_body_is_json_or_a_form_or_nothing(body: str, read: dict[str, str] | None) -> None:
    assert read_body(body) == read
