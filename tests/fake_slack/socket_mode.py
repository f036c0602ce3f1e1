"""Socket Mode: hands envelopes to the connected app and waits for what it acknowledges."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

ACKNOWLEDGE_WITHIN = 15.0  # seconds; Slack gives 3, a loaded test machine needs longer


class NotAcknowledged(Exception):
    """The app did not answer an envelope in time; Slack would show an error and try again."""


class SocketMode:
    """The other end of the app's WebSocket."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._connections: list[ServerConnection] = []
        self._connected = threading.Event()
        self._answers: dict[str, tuple[threading.Event, dict[str, Any]]] = {}
        self.sent: list[dict[str, Any]] = []

    def start(self) -> str:
        """Starts listening; returns the ws:// address that apps.connections.open gives out."""
        self._server = serve(self._serve, "127.0.0.1", 0)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"

    def stop(self) -> None:
        """Hangs up."""
        if self._server is not None:
            self._server.shutdown()

    def wait(self, seconds: float = 10) -> None:
        """Returns once an app is connected."""
        if not self._connected.wait(seconds):
            raise NotAcknowledged("no app connected to Socket Mode")

    def send(self, kind: str, payload: dict[str, Any], *, envelope: str | None = None) -> dict[str, Any]:
        """Hands over one envelope and returns the payload of its acknowledgement (often empty).

        The same `envelope` again is a retry of Slack.
        """
        self.wait()
        name = envelope or str(uuid.uuid4())
        arrived, answer = threading.Event(), dict[str, Any]()
        self._answers[name] = (arrived, answer)
        frame = {
            "envelope_id": name,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            frame |= {"retry_attempt": 0, "retry_reason": ""}
        self.sent.append(frame)
        self._connections[-1].send(json.dumps(frame))
        if not arrived.wait(ACKNOWLEDGE_WITHIN):
            raise NotAcknowledged(f"{kind} was not acknowledged within {ACKNOWLEDGE_WITHIN:g} s")
        return answer

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tells the app to connect again, as Slack does every few hours."""
        self._connected.clear()
        self._connections[-1].send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}}))

    def _serve(self, connection: ServerConnection) -> None:
        self._connections.append(connection)
        hello = {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": "A0FAKE0001"},
        }
        connection.send(json.dumps({**hello, "debug_info": {"host": "fake", "approximate_connection_time": 18060}}))
        self._connected.set()
        try:
            for frame in connection:
                answer = json.loads(frame)
                arrived, kept = self._answers.get(answer.get("envelope_id"), (threading.Event(), {}))
                kept.update(answer.get("payload") or {})
                arrived.set()
        except ConnectionClosed:
            pass
        finally:
            self._connections.remove(connection)
