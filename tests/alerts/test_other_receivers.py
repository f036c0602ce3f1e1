"""Mail, webhooks and chats: sent, temporary, permanent, against real local servers."""

from __future__ import annotations

import base64
import email
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr
from pytest_httpserver import HTTPServer

from alerts.messages.wording import words_in
from alerts.receivers.email import EmailReceiver
from alerts.receivers.opening import open_receivers
from alerts.receivers.receiver import Permanent, Sent, Temporary
from alerts.receivers.webhook import WebhookReceiver
from config.mistakes import ConfigurationError
from config.settings import Secrets, SmtpSettings, settings_from
from tests.alerts.conftest import SATO, a_view
from tests.stranger import stranger

HOSTILE = "@channel [公式](https://evil.example) <script>alert(1)</script> 090-1234-5678"


class Postbox:
    """A mail server that keeps what it gets; addresses of `full` and `gone` it refuses."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address.startswith("full@"):
            return "452 mailbox full"
        if address.startswith("gone@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(email.message_from_bytes(envelope.content or b"", policy=policy.default))  # type: ignore[arg-type]  # bytes as configured
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def by_mail(port: int, to: str = "quality@example.jp") -> EmailReceiver:
    smtp = SmtpSettings(host="127.0.0.1", port=port, security="none", sender="kintsugi@example.jp")
    return EmailReceiver("mail", [to], smtp, None, words_in("ja"))


def test_a_case_is_one_mail_thread(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    receiver = by_mail(port)
    view = a_view(evidence=HOSTILE, author="evil\r\nBcc: all@example.jp")
    assert isinstance(receiver.deliver("case:42:mail", "case_message", {}, view, None), Sent)
    receiver.deliver("case:42:mail:repeat:1", "thread", {"text": "まだ誰も担当していません。"}, view, None)
    assert receiver.deliver("case:42:mail:edit:3", "case_edit", {}, view, {"message_id": "x"}) == Sent(
        {"message_id": "x"}
    )
    first, second = box.mails
    assert first["Subject"] == "K-42 · 重大 · ★1 · 浅草 · 接客"
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["Subject"].startswith("Re: K-42")
    assert first["Bcc"] is None
    text, html = (part.get_content() for part in first.iter_parts())
    assert "申し訳ございません" in text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "090-1234" not in text + html


def test_mail_that_fails_says_whether_to_try_again(postbox: tuple[Postbox, int]) -> None:
    _, port = postbox
    full = by_mail(port, "full@example.jp").deliver("k", "notice", {"title": "報告", "lines": ["1"]}, None, None)
    gone = by_mail(port, "gone@example.jp").deliver("k", "notice", {"title": "報告", "lines": ["1"]}, None, None)
    down = by_mail(9).deliver("k", "notice", {"title": "報告"}, None, None)
    assert isinstance(full, Temporary)
    assert isinstance(gone, Permanent)
    assert "550 no such user" in gone.error
    assert isinstance(down, Temporary)


def test_a_webhook_gets_a_signed_cloud_event(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    secret = "whsec_" + base64.b64encode(b"a shared key").decode()
    receiver = WebhookReceiver(
        "ops", httpserver.url_for("/hook"), secret, "ホテルさくら", clock=lambda: 1_800_000_000.0
    )
    assert isinstance(receiver.deliver("case:42:ops", "case_message", {}, a_view(text=HOSTILE), None), Sent)
    request, _ = httpserver.log[0]
    event = json.loads(request.data)
    assert (event["specversion"], event["id"], event["type"]) == ("1.0", "case:42:ops", "kintsugi.case_message")
    assert (event["subject"], event["data"]["case"]["severity"]) == ("K-42", "major")
    assert "[phone]" in event["data"]["case"]["text"]
    signed = b"case:42:ops.1800000000." + request.data
    mac = base64.b64encode(hmac.new(b"a shared key", signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{mac}"


@pytest.mark.parametrize(
    ("status", "headers", "result"),
    [
        (500, {}, Temporary("webhook ops: HTTP 500")),
        (429, {"Retry-After": "7"}, Temporary("webhook ops: HTTP 429", timedelta(seconds=7))),
        (410, {}, Permanent("webhook ops: HTTP 410: correct the address (it was refused for good)")),
        (
            302,
            {"Location": "http://127.0.0.1/"},
            Permanent("webhook ops: HTTP 302: correct the address (it was refused for good)"),
        ),
    ],
)
def test_the_answer_of_a_webhook_decides(
    httpserver: HTTPServer, status: int, headers: dict[str, str], result: object
) -> None:
    httpserver.expect_request("/hook").respond_with_data("", status=status, headers=headers)
    receiver = WebhookReceiver("ops", httpserver.url_for("/hook"), None, "x")
    assert receiver.deliver("k", "notice", {"title": "t"}, None, None) == result


def test_an_address_that_does_not_answer_is_temporary() -> None:
    result = WebhookReceiver("ops", "http://127.0.0.1:9/", None, "x").deliver("k", "notice", {}, None, None)
    assert isinstance(result, Temporary)
    assert result.unclear


@pytest.mark.parametrize("kind", ["mattermost", "discord", "teams"])
def test_chats_get_the_case_without_mentions_links_or_phone_numbers(
    httpserver: HTTPServer, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/chat").respond_with_data("ok")
    monkeypatch.setenv("CHAT_URL", httpserver.url_for("/chat"))
    settings = settings_from(
        {
            "brand": {"name": "x"},
            "receivers": {"chat": {kind: {"url_from": "CHAT_URL"}}},
            "route": {"receiver": "chat"},
        }
    )
    receiver = open_receivers(settings, Secrets(_env_file=None))["chat"]
    view = a_view(evidence=HOSTILE, author=HOSTILE)
    assert isinstance(receiver.deliver("k1", "case_message", {}, view, None), Sent)
    assert isinstance(receiver.deliver("k2", "thread", {"text": "期限です", "mention": SATO}, view, None), Sent)
    assert isinstance(receiver.deliver("k3", "notice", {"title": "週報", "lines": [HOSTILE]}, None, None), Sent)
    assert isinstance(receiver.deliver("k4", "case_edit", {}, view, None), Sent)
    bodies = [request.get_data(as_text=True) for request, _ in httpserver.log]
    assert len(bodies) == 3  # an edit cannot be shown there
    for body in map(lambda text: json.dumps(json.loads(text), ensure_ascii=False), bodies):
        assert "@channel" not in body
        assert "](https://evil.example" not in body
        assert "090-1234" not in body
    assert "申し訳ございません" in json.dumps(json.loads(bodies[0]), ensure_ascii=False)
    if kind == "discord":
        assert json.loads(bodies[0])["allowed_mentions"] == {"parse": []}
        assert len(json.loads(bodies[0])["content"]) <= 2000


def test_no_password_goes_to_a_mail_server_that_nobody_vouches_for(tmp_path: Path) -> None:
    with stranger(tmp_path) as port:
        smtp = SmtpSettings(host="localhost", port=port, security="tls", username="care", sender="k@example.jp")
        receiver = EmailReceiver("mail", ["quality@example.jp"], smtp, "secret", words_in("ja"))
        result = receiver.deliver("case:1", "case_message", {}, a_view(), None)
    assert isinstance(result, Temporary)
    assert "CERTIFICATE_VERIFY_FAILED" in result.error


def test_a_missing_secret_is_said_with_its_name() -> None:
    for receiver, words in (
        ({"teams": {"url_from": "NO_SUCH"}}, "NO_SUCH"),
        ({"slack": {"channel": "#x"}}, "SLACK_BOT_TOKEN"),
    ):
        settings = settings_from({"brand": {"name": "x"}, "receivers": {"r": receiver}, "route": {"receiver": "r"}})
        with pytest.raises(ConfigurationError, match=words):
            open_receivers(settings, Secrets(_env_file=None))


def test_every_kind_of_receiver_opens() -> None:
    settings = settings_from(
        {
            "brand": {"name": "x"},
            "receivers": {
                "a": {"slack": {"channel": "#x"}},
                "b": {"email": {"to": ["a@example.jp"]}},
                "c": {"webhook": {"url": "https://example.jp"}},
            },
            "route": {"receiver": "a"},
        }
    )
    opened = open_receivers(settings, Secrets(_env_file=None, slack_bot_token=SecretStr("xoxb-1")))
    assert set(opened) == {"a", "b", "c", "console"}
