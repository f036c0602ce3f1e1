"""The door to the app, for HTTP and Socket Mode alike: what cannot be Slack's is refused before Bolt reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import time
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk.socket_mode.response import SocketModeResponse

from alerts.slack.answers import Payload
from alerts.slack.shapes import malformed

if TYPE_CHECKING:
    from slack_sdk.socket_mode import SocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

Headers = dict[str, str | Sequence[str]]
log = structlog.get_logger(__name__)


def let_in(app: App, body: Payload | None, headers: Headers | None = None) -> BoltResponse:
    """The app's answer to a payload, or 400 and one line of log; None: a body that nobody can read.

    Whoever hands it in has made sure that it is from Slack: by its signature, or by the socket that it came through.
    """
    why = "no JSON object" if body is None else malformed(body, app.client.base_url)
    if body is None or why is not None:
        log.warning("a payload that is not Slack's", why=why)
        return BoltResponse(status=400, body=f"malformed payload: {why}")
    # Read already and once only: in its HTTP mode Bolt would read the text again, by other rules.
    return app.dispatch(BoltRequest(body=body, headers=headers, mode="socket_mode"))


def read_body(body: str) -> Payload | None:
    """The payload in the body of a request: JSON, or a form that may hold JSON. None where it is neither."""
    form = {} if body.startswith("{") else dict(parse_qsl(body, keep_blank_values=True))
    if form and "payload" not in form:
        return dict(form)
    try:
        found = json.loads(form.get("payload", body))
    except (ValueError, RecursionError):
        return None
    return cast("Payload", found) if isinstance(found, dict) else None


class Door(SocketModeHandler):
    """Socket Mode through the same door. What is refused is acknowledged, since it would come again."""

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as theirs
        """Called by the client, in a thread of its own, for each envelope."""
        began = time()
        body = cast("Payload", req.payload) if isinstance(req.payload, dict) else None
        answer = let_in(self.app, body, build_headers(req))
        if answer.status == 400:
            client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
        else:
            send_response(client, req, answer, began)
