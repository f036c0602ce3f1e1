"""A mail server that takes answers to complaints, refuses strangers and boxes that are gone, and may fall silent."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.responder.channels.server import Troubles


class Mail:
    """The interface of FakeSite: a mention is a Message-ID, its author an address."""

    kind = "imap"
    secrets = {"SMTP_PASSWORD": "pass-good"}
    edits = deletes = replaces = asked = False

    def __init__(self) -> None:
        self.mentions: dict[str, bool] = {}
        self.mails: list[tuple[str, str, str]] = []  # (Message-ID, answered one, text)
        self.revoked = False
        self.trouble: Troubles = lambda: "fine"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, authenticator=self._signed_in, auth_require_tls=False
        )
        self._controller.start()

    def close(self) -> None:
        self._controller.stop()

    def source(self) -> dict[str, Any]:
        return {
            "kind": "imap",
            "host": "localhost",
            "username": "care",
            "reply": {"sender": "Sakura <care@sakura.example>"},
        }

    def smtp(self) -> dict[str, Any]:
        return {"host": "127.0.0.1", "port": self.port, "security": "none", "username": "care"}

    def name(self, number: int) -> str:
        return f"complaint-{number}@mail.example"

    def author(self, name: str) -> str:
        return name.replace("@mail", "@box")

    def add(self, number: int) -> str:
        self.mentions[self.name(number)] = True
        return self.name(number)

    def gone(self, name: str) -> None:
        self.mentions[name] = False

    def live(self, name: str) -> list[str]:
        return [text for _, answered, text in self.mails if answered == name]

    def _signed_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=not self.revoked and data.password == b"pass-good", handled=False)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if not self.mentions.get(address.replace("@box", "@mail")):
            return "550 no such box"
        self._now = self.trouble()
        if self._now == "busy":
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        if self._now != "lost":
            answered = str(mail["In-Reply-To"]).strip("<>")
            self.mails.append((str(mail["Message-ID"]), answered, mail.get_content().strip()))  # type: ignore[attr-defined]
        if self._now in ("lost", "dropped"):
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return "250 OK"
