"""A local site that keeps replies and refuses what the real one refuses; its troubles are set by the test."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from responder.channels.channel import Outgoing

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Asked:
    """A request as the site sees it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def bearer(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass
class Said:
    """What the site answers."""

    status: int = 200
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Troubles = Callable[[], str]  # fine, busy (429), lost (no answer, nothing done), dropped (done, no answer)


class FakeSite:
    """Mentions by id, and the replies of our account below each. Subclasses speak one API."""

    kind = ""  # of the source
    secrets: dict[str, str] = {}
    options: dict[str, Any] = {}
    reply: dict[str, Any] = {}
    edits = deletes = replaces = True
    asked = True

    def __init__(self) -> None:
        self.mentions: dict[str, bool] = {}  # whether it is there
        self.replies: dict[str, dict[str, str]] = {}  # mention → our replies by their id
        self.revoked = False
        self.issued: set[str] = set()
        self.trouble: Troubles = lambda: "fine"
        self.requests: list[Asked] = []
        self._number = 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536  # headers and body in one packet: else each answer waits 40 ms for the other side

            def handle_one(self) -> None:
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, unquote(url.path), query, headers, body)
                said = site.answer(asked)
                if said is None:
                    self.close_connection = True
                    return
                payload = json.dumps(said.json).encode() if said.json is not None else b""
                self.send_response(said.status)
                for name, value in {**said.headers, "Content-Length": str(len(payload))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_PUT = do_DELETE = handle_one

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # For tests.

    def source(self) -> dict[str, Any]:
        """The source as kintsugi.yaml has it."""
        return {"kind": self.kind, "base_url": self.url, **self.options, "reply": self.reply}

    def add(self, number: int) -> str:
        """A mention; returns the id that its crawler keeps."""
        name = self.name(number)
        self.mentions[name] = True
        self.replies.setdefault(name, {})
        return name

    def name(self, number: int) -> str:
        return f"review-{number}"

    def gone(self, name: str) -> None:
        self.mentions[name] = False

    def live(self, name: str) -> list[str]:
        """What customers read of us below a mention."""
        return list(self.replies.get(name, {}).values()) if self.mentions.get(name) else []

    # For sites.

    def answer(self, asked: Asked) -> Said | None:
        self.requests.append(asked)
        token = self.sign_in(asked)
        if token is not None:
            return token
        if not self.known(asked):
            return self.stranger()
        trouble = self.trouble() if self.writes(asked) else "fine"
        if trouble == "busy":
            return Said(429, self.problem("slow down"), {"Retry-After": "7"})
        if trouble == "lost":
            return None
        said = self.serve(asked)
        return None if trouble == "dropped" else said

    def sign_in(self, asked: Asked) -> Said | None:
        """OAuth 2 at /token: an access token for the right grant, for an hour."""
        if not asked.path.endswith(("/token", "/access_token", "/accesstoken")):
            return None
        if self.revoked or not self.granted(asked):
            return Said(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        self._number += 1
        token = f"access-{self._number}"
        self.issued.add(token)
        return Said(200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def granted(self, asked: Asked) -> bool:
        return asked.form.get("refresh_token") == "refresh-good" and asked.form.get("client_secret") == "secret-good"

    def known(self, asked: Asked) -> bool:
        return not self.revoked and asked.bearer in self.issued

    def stranger(self) -> Said:
        return Said(401, self.problem("Request had invalid authentication credentials."))

    def problem(self, why: str) -> Any:
        return {"error": {"code": 400, "message": why, "status": "INVALID"}}

    def writes(self, asked: Asked) -> bool:
        return asked.method != "GET"

    def serve(self, asked: Asked) -> Said:
        raise NotImplementedError

    def add_reply(self, name: str, text: str) -> str:
        self._number += 1
        identity = f"{self._number}"
        self.replies[name][identity] = text
        return identity

    def of_reply(self, identity: str) -> str | None:
        """The mention that a reply of ours answers."""
        return next((name for name, known in self.replies.items() if identity in known), None)


def outgoing(name: str, text: str, number: int = 1, **more: Any) -> Outgoing:
    return Outgoing(number=number, text=text, approved_at=START, mention=name, language="ja", **more)
