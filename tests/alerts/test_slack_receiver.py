"""The Slack receiver against a real (fake) Slack, through the real slack-sdk."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

from slack_sdk import WebClient

from alerts.messages.wording import words_in
from alerts.receivers.receiver import Permanent, Sent, Temporary
from alerts.receivers.slack import Pace, SlackReceiver
from tests.alerts.conftest import NOON, SATO, a_receiver, a_view
from tests.fake_slack.server import FakeSlack


def test_a_case_is_posted_once_and_then_edited_in_place(slack: FakeSlack, receiver: SlackReceiver) -> None:
    sent = receiver.deliver("case:42:social", "case_message", {}, a_view(), None)
    assert isinstance(sent, Sent)
    edited = receiver.deliver("case:42:social:edit:2", "case_edit", {}, a_view(state="acknowledged"), sent.address)
    assert edited == sent
    [message] = slack.messages("brand-voice")
    assert "担当決定" in str(message["blocks"])
    assert slack.workspace.pings == []  # an edit notifies nobody


def test_a_thread_reply_mentions_the_owner(slack: FakeSlack, receiver: SlackReceiver) -> None:
    sent = receiver.deliver("k1", "case_message", {}, a_view(), None)
    assert isinstance(sent, Sent)
    receiver.deliver("k2", "thread", {"text": "深刻度が上がりました <!here>", "mention": SATO}, a_view(), sent.address)
    [reply] = slack.replies("brand-voice", sent.address["ts"])
    assert reply["text"].startswith(f"<@{SATO}> ")
    assert [who for _, who in slack.workspace.pings] == [SATO]


def test_after_an_unclear_result_slack_is_asked_by_the_key(slack: FakeSlack, receiver: SlackReceiver) -> None:
    slack.fail("chat.postMessage", silent_after=True)
    lost = receiver.deliver("case:42:social", "case_message", {}, a_view(), None)
    assert isinstance(lost, Temporary)
    assert lost.unclear
    found = receiver.find("case:42:social", NOON, None)
    assert found is not None
    assert found["ts"] == slack.messages("brand-voice")[0]["ts"]
    assert receiver.find("case:43:social", NOON, None) is None
    receiver.deliver("case:42:social:repeat:1", "thread", {"text": "まだです"}, a_view(), found)
    assert receiver.find("case:42:social:repeat:1", NOON, found) is not None


def test_a_lookup_reads_all_pages(slack: FakeSlack, receiver: SlackReceiver) -> None:
    receiver.deliver("wanted", "notice", {"title": "報告"}, None, None)
    for number in range(250):
        slack.people.write("brand-voice", f"message {number}", SATO)
    assert receiver.find("wanted", NOON, None) is not None


def test_slack_that_limits_is_tried_again_when_it_says(slack: FakeSlack, receiver: SlackReceiver) -> None:
    slack.limit("chat.postMessage", 30)
    limited = receiver.deliver("k", "case_message", {}, a_view(), None)
    assert limited == Temporary("Slack asks to slow down (ratelimited)", timedelta(seconds=30))
    assert isinstance(receiver.deliver("k", "case_message", {}, a_view(), None), Sent)


def test_trouble_of_slack_is_temporary_and_unclear(slack: FakeSlack, receiver: SlackReceiver) -> None:
    slack.fail("chat.postMessage", error="internal_error")
    slack.fail("chat.postMessage", status=503)
    for _ in range(2):
        result = receiver.deliver("k", "case_message", {}, a_view(), None)
        assert isinstance(result, Temporary)
        assert result.unclear


def test_a_slack_that_hangs_is_given_up_for_now(slack: FakeSlack) -> None:
    client = WebClient(token=slack.workspace.bot_token, base_url=slack.url, timeout=1, retry_handlers=[])
    patient = SlackReceiver(client, "#brand-voice", words_in("ja"))
    held = slack.fail("chat.postMessage", hang=threading.Event())
    result = patient.deliver("k", "case_message", {}, a_view(), None)
    assert isinstance(result, Temporary)
    assert held.hang is not None
    held.hang.set()


def test_a_server_that_is_gone_is_temporary() -> None:
    client = WebClient(token="xoxb-fake", base_url="http://127.0.0.1:9/api/", timeout=1, retry_handlers=[])
    result = SlackReceiver(client, "C0123456789", words_in("ja")).deliver("k", "notice", {"title": "x"}, None, None)
    assert isinstance(result, Temporary)


def test_permanent_errors_say_what_to_do(slack: FakeSlack) -> None:
    slack.workspace.add_channel("secret", is_private=True, has_bot=False)
    slack.workspace.add_channel("old", is_archived=True)
    for channel, words in (("#secret", "invite the app"), ("#nowhere", "correct its name"), ("#old", "unarchive")):
        result = a_receiver(slack, channel).deliver("k", "case_message", {}, a_view(), None)
        assert isinstance(result, Permanent)
        assert words in result.error
        assert channel in result.error
        assert result.elsewhere
    slack.workspace.scopes.remove("chat:write")
    denied = a_receiver(slack).deliver("k", "case_message", {}, a_view(), None)
    assert denied == Permanent("Slack: missing_scope: add the scope chat:write to the app and install it again")
    slack.fail("chat.postMessage", error="token_revoked")
    revoked = a_receiver(slack).deliver("k", "case_message", {}, a_view(), None)
    assert isinstance(revoked, Permanent)
    assert "copy the new token" in revoked.error


def test_a_public_channel_is_joined_by_itself(slack: FakeSlack) -> None:
    slack.workspace.add_channel("open", has_bot=False)
    assert isinstance(a_receiver(slack, "#open").deliver("k", "case_message", {}, a_view(), None), Sent)


def test_a_deleted_message_is_reported_as_such(slack: FakeSlack, receiver: SlackReceiver) -> None:
    sent = receiver.deliver("k", "case_message", {}, a_view(), None)
    assert isinstance(sent, Sent)
    slack.workspace.channel("brand-voice").messages.clear()
    gone = receiver.deliver("k2", "case_edit", {}, a_view(), sent.address)
    assert gone == Permanent("Slack: message_not_found: somebody deleted the message in #brand-voice", elsewhere=True)


def test_erasing_takes_the_message_and_its_thread(slack: FakeSlack, receiver: SlackReceiver) -> None:
    sent = receiver.deliver("k", "case_message", {}, a_view(), None)
    assert isinstance(sent, Sent)
    receiver.deliver("k2", "thread", {"text": "旅する猫さんの件"}, a_view(), sent.address)
    assert receiver.deliver("k3", "erase", {}, None, sent.address) == Sent({})
    assert slack.messages("brand-voice", threads=True) == []
    assert receiver.deliver("k3", "erase", {}, None, None) == Sent({})


def test_the_picture_of_a_notice_stands_in_its_thread(
    slack: FakeSlack, receiver: SlackReceiver, tmp_path: Path
) -> None:
    chart = tmp_path / "chart.png"
    chart.write_bytes(b"png of a storm")
    payload = {"title": "清潔さへの不満が急増", "picture": str(chart)}
    sent = receiver.deliver("spike:1:social", "notice", {"title": "清潔さへの不満が急増"}, None, None)
    assert isinstance(sent, Sent)
    assert receiver.find("spike:1:social:chart", NOON, sent.address) is None
    slack.fail("files.completeUploadExternal", silent_after=True)
    lost = receiver.deliver("spike:1:social:chart", "picture", payload, None, sent.address)
    assert isinstance(lost, Temporary)
    assert lost.unclear
    [reply] = slack.replies("brand-voice", sent.address["ts"])
    assert reply["files"][0]["title"] == "清潔さへの不満が急増"
    assert list(slack.workspace.files.values()) == [b"png of a storm"]
    assert receiver.find("spike:1:social:chart", NOON, sent.address) is not None
    assert receiver.find("spike:1:social:other", NOON, sent.address) is None
    chart.unlink()
    assert receiver.deliver("spike:1:social:late", "picture", payload, None, sent.address) == Sent({})
    slack.workspace.scopes.remove("files:write")
    chart.touch()
    refused = receiver.deliver("spike:2:social:chart", "picture", payload, None, sent.address)
    assert isinstance(refused, Permanent)


def test_a_direct_message_reaches_one_person(slack: FakeSlack, receiver: SlackReceiver) -> None:
    receiver.deliver("k", "direct", {"person": SATO, "text": "期限が近づいています"}, a_view(), None)
    assert slack.workspace.direct(SATO).messages[0]["text"] == "期限が近づいています"


def test_a_channel_gets_at_most_one_message_a_second() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(timedelta(seconds=1), clock=lambda: now[0], sleep=sleep)
    for channel in ("C1", "C1", "C2", "C1"):
        pace.wait(channel)
    assert slept == [1.0, 1.0]
