"""The server: HTTP for the Web API, WebSocket for Socket Mode, and what people do in the workspace."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fake_slack.page import channel_page
from tests.fake_slack.people import People
from tests.fake_slack.socket_mode import SocketMode
from tests.fake_slack.web_api import RateLimited, Refused, WebApi
from tests.fake_slack.workspace import Workspace


@dataclass
class Fault:
    """What goes wrong with the next calls of a method (`*`: any)."""

    method: str
    times: int = 1
    error: str | None = None  # ok: false with this error
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    silent_after: bool = False  # Slack does it, and the connection breaks before it says so
    hang: threading.Event | None = None  # answers nothing until the event is set


class FakeSlack:
    """A running workspace. Use it as a context manager; `url` is the base of its Web API."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.api = WebApi(self.workspace)
        self.socket = SocketMode()
        self.people = People(self)
        self.calls: list[tuple[str, dict[str, Any]]] = []  # every call of the Web API, in order
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> FakeSlack:
        self._thread.start()
        self.api.socket_url, self.api.origin = self.socket.start(), self.origin
        return self

    def __exit__(self, *_: object) -> None:
        for fault in self._faults:
            if fault.hang is not None:
                fault.hang.set()
        self.socket.stop()
        self._http.shutdown()
        self._http.server_close()

    @property
    def origin(self) -> str:
        """http://127.0.0.1:PORT"""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        """What `slack.api_url` must be."""
        return f"{self.origin}/api/"

    def messages(self, channel: str, *, threads: bool = False) -> list[dict[str, Any]]:
        """What stands in a channel, oldest first; with `threads`, replies as well."""
        found = self.workspace.channel(channel).messages
        return [one for one in found if threads or one.get("thread_ts") in (None, one["ts"])]

    def replies(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """The thread under a message, without the message."""
        return [one for one in self.workspace.channel(channel).messages if one.get("thread_ts") == ts != one["ts"]]

    def fail(self, method: str, **fault: Any) -> Fault:
        """Makes the next call (or `times` calls) of a method fail; see Fault."""
        made = Fault(method, **fault)
        with self._lock:
            self._faults.append(made)
        return made

    def limit(self, method: str, seconds: int, times: int = 1) -> None:
        """429 with Retry-After."""
        self.fail(method, error="ratelimited", status=429, headers={"Retry-After": str(seconds)}, times=times)

    def answer(
        self, method: str, asked: dict[str, Any], token: str
    ) -> tuple[int, dict[str, str], dict[str, Any]] | None:
        """(status, headers, body) of one call; None: the connection breaks without an answer."""
        with self._lock:
            self.calls.append((method, asked))
            fault = self._next_fault(method)
        if fault is not None and fault.hang is not None:
            fault.hang.wait(60)
            return None
        if fault is not None and not fault.silent_after:
            return fault.status, fault.headers, {"ok": False, "error": fault.error or "internal_error"}
        with self._lock:
            try:
                body = self.api.call(method, asked, token)
            except Refused as refused:
                body = refused.answer
            except RateLimited as limited:
                return 429, {"Retry-After": str(limited.seconds)}, {"ok": False, "error": "ratelimited"}
        return None if fault is not None else (200, {"X-OAuth-Scopes": ",".join(self.workspace.scopes)}, body)

    def _next_fault(self, method: str) -> Fault | None:
        for fault in self._faults:
            if fault.method in (method, "*") and fault.times > 0:
                fault.times -= 1
                return fault
        return None


def _handler(slack: FakeSlack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path)
            if path.path.startswith("/response/"):
                slack.people.responded(path.path.removeprefix("/response/"), json.loads(body))
                self._say(200, {}, b"ok", "text/plain")
            elif path.path.startswith("/upload/"):
                slack.workspace.files[path.path.removeprefix("/upload/")] = body
                self._say(200, {}, b"OK", "text/plain")
            else:
                self._api(path.path, _asked(path.query, self.headers.get("Content-Type", ""), body))

        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path.startswith("/api/"):
                self._api(path.path, _asked(path.query, "", b""))
            else:
                page = channel_page(slack.workspace, path.path.strip("/"))
                self._say(200, {}, page.encode(), "text/html; charset=utf-8")

        def _api(self, path: str, asked: dict[str, Any]) -> None:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ") or str(asked.pop("token", ""))
            result = slack.answer(path.removeprefix("/api/"), asked, token)
            if result is None:
                self.close_connection = True
                self.connection.close()
                return
            status, headers, body = result
            self._say(status, headers, json.dumps(body).encode(), "application/json; charset=utf-8")

        def _say(self, status: int, headers: dict[str, str], body: bytes, kind: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stays quiet."""

    return Handler


def _asked(query: str, kind: str, body: bytes) -> dict[str, Any]:
    """The arguments of a call, wherever they stand; what is JSON inside a form is read."""
    asked: dict[str, Any] = dict(parse_qsl(query))
    if kind.startswith("application/json"):
        asked |= json.loads(body or b"{}")
    else:
        asked |= dict(parse_qsl(body.decode()))
    for key in ("blocks", "metadata", "view", "files"):
        if isinstance(asked.get(key), str):
            asked[key] = json.loads(asked[key])
    return asked
