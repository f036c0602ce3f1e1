"""Nonsense, millions of times: the matcher language, tokens of forms, what Slack sends. Nothing breaks or is let in.

Seeded: the same inputs every time. `INPUTS=1000` for fewer; figures are printed.
"""

from __future__ import annotations

import copy
import json
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr
from slack_bolt import BoltRequest
from slack_sdk import WebClient

from alerts.matchers import MatcherError, parse_matchers
from alerts.receivers.receiver import Sent
from alerts.slack.app import slack_app
from config.settings import Secrets
from responder.feedback import FormLink, form_key, read_token, token_of
from tests.alerts.conftest import KIM, NOON, SATO, a_receiver, a_view, a_workspace
from tests.alerts.desk import Desk
from tests.alerts.office import ABE, MORI, STRANGER, a_team

INPUTS = int(os.environ.get("INPUTS", "1000000"))
LINES = (
    'severity="critical"', '{topic=~"staff|clean.*", location!="浅草"}', "a!~b,c=d",
    r'x="\u3042\"\\"', 'a=~"(?i)[a-z]+"',
    "{}", '"quoted name"="v"', "brand=Hotel Sora",
)  # fmt: skip
PIECES = (
    '"', "\\", "{", "}", ",", "=", "=~", "!~", "!=", "(", "[", "*", "+", "?", "(?i)",
    "\\x00", "\\u", "\\777", "\x00", "\ud800",
    "あ", "𠮷", " ", "\n", "\t", "a" * 300, "{1,1000}", "(?P<a>", "|", "$", "^", "é", "\u202e", "'", "`", "<!channel>",
)  # fmt: skip
VALUES = (
    None, True, 0, -1, 2**70, 1e308, "", "x", "42", "K-42", "'; DROP TABLE", "９" * 40, [], {}, ["x"], {"value": "42"},
    "\x00", "\ud800", "<!channel>", "a" * 5000, SATO, KIM, STRANGER, "../../etc",
)  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """A text in which up to four places were cut, doubled, or filled with something else."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.randint(0, 5))
        put = chance.choice((chance.choice(PIECES), text[start:end] * 2, chr(chance.randrange(0x3100)), ""))
        text = text[:start] + put + text[end:]
    return text


def fuzz_matchers(count: int, seed: int) -> Counter[str]:
    """Each line is read, or refused with a reason; what was read says itself again, and holds or does not."""
    chance, came = random.Random(seed), Counter[str]()
    for _ in range(count):
        line = mutated(chance.choice(LINES), chance)
        try:
            found = parse_matchers(line)
        except MatcherError:
            came["refused"] += 1
            continue
        came["read"] += 1
        for one in found:
            assert one.holds({one.name: "あ\ud800"}) in (True, False)
            assert str(one)
    return came


def fuzz_tokens(count: int, seed: int) -> Counter[str]:
    """No token that was changed is believed."""
    chance, key = random.Random(seed), form_key(b"a secret of this drill")
    token, came = "", Counter[str]()
    for number in range(count):
        if number % 1000 == 0:
            link = FormLink(chance.randrange(1, 2**40), chance.randrange(1, 2**16), datetime.fromtimestamp(number, UTC))
            token = token_of(link, key)
            assert read_token(token, key) == link
        changed = mutated(token, chance)
        if changed != token:
            assert read_token(changed, key) is None, changed
            came["refused"] += 1
    return came


def fuzz_slack(count: int, seed: int) -> Counter[str]:
    """Whatever shape a payload has, it is answered, and nobody does what they may not."""
    chance, came = random.Random(seed), Counter[str]()
    with a_workspace() as slack:
        for user in (MORI, ABE, STRANGER):
            slack.workspace.add_user(user, user)
        settings, desk = a_team(slack), Desk()
        client = WebClient(token="xoxb-fake", base_url=slack.url)
        app = slack_app(desk, settings, Secrets(slack_bot_token=SecretStr("xoxb-fake")), client, lambda: NOON)
        sent = a_receiver(slack, interactive=True).deliver("case:42:social", "case_message", {}, a_view(), None)
        assert isinstance(sent, Sent)
        place = (sent.address["channel"], sent.address["ts"])
        press = slack.people.press_payload("brand-voice", sent.address["ts"], "case.claim", SATO)
        buttons = ("claim", "resolve", "more", "posted", "not_a_case", "escalate", "approve", "snooze", "edit", "offer")
        shapes: list[dict[str, Any]] = [
            *({**press, "actions": [{**press["actions"][0], "action_id": f"case.{one}"}]} for one in buttons),
            _view("case.resolve"), _view("staff.report"), _view("case.posted"),
            {"command": "/kintsugi", "text": "cases", "user_id": SATO, "team_id": "T1", "channel_id": place[0],
             "trigger_id": "1", "response_url": slack.url},
            {"type": "event_callback", "team_id": "T1", "event": {
                "type": "message", "user": SATO, "text": "!note x", "channel": place[0], "thread_ts": place[1],
                "ts": "2.0"}},
            {"type": "event_callback", "team_id": "T1", "event": {
                "type": "app_home_opened", "user": KIM, "tab": "home"}},
        ]  # fmt: skip
        for _ in range(count):
            desk.cases, desk.did, desk.places = {42: a_view()}, [], {place: 42}
            payload = _changed(copy.deepcopy(chance.choice(shapes)), chance)
            try:
                answer = app.dispatch(BoltRequest(body=json.loads(json.dumps(payload)), mode="socket_mode"))
                came[str(answer.status)] += 1
            except Exception as error:  # Bolt finds out by itself of what kind a payload is, and breaks on some
                frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
                if any("/alerts/" in name for name in frames):
                    raise
                came["no kind of payload"] += 1
            # ABE only reads, KIM is of another team, and the stranger is nobody.
            assert not [one for one in desk.did if one[-1] in (ABE, STRANGER)], (payload, desk.did)
    return came


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


def _changed(payload: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """One to three of its leaves or branches are taken away or replaced; its kind mostly stays."""
    for _ in range(chance.randint(1, 3)):
        place: Any = payload
        while isinstance(place, dict | list) and place:
            key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
            inner = place[key]
            if isinstance(inner, dict | list) and inner and chance.random() < 0.8:
                place = inner
                continue
            if chance.random() < 0.25 and isinstance(place, dict):
                del place[key]
            else:
                place[key] = mutated(inner, chance) if isinstance(inner, str) else copy.deepcopy(chance.choice(VALUES))
            break
    return payload


def _figures(name: str, fuzz: Callable[[int, int], Counter[str]], count: int, seed: int) -> None:
    began = time.monotonic()
    came = fuzz(count, seed)
    sys.stdout.write(f"\n{name}: {count:,} inputs, {dict(came)}, {time.monotonic() - began:.0f} s\n")


def test_some_nonsense_breaks_nothing() -> None:
    assert set(fuzz_matchers(500, 1)) == {"read", "refused"}
    assert fuzz_tokens(500, 2)["refused"] > 400
    assert "500" not in fuzz_slack(40, 3)


@pytest.mark.drill
@pytest.mark.timeout(4 * 3600)
def test_much_nonsense_breaks_nothing() -> None:
    _figures("matcher language", fuzz_matchers, 2 * INPUTS, 11)
    _figures("form tokens", fuzz_tokens, 3 * INPUTS, 13)
    _figures("Slack payloads", fuzz_slack, max(100, INPUTS // 50), 17)
