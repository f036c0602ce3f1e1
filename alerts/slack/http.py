"""Slack over HTTP, where there is a public address: one signed request in, one answer out, for any web server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_bolt import App, BoltRequest

from config.settings import Secrets


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web server answers."""

    status: int
    body: str
    headers: Mapping[str, Sequence[str]]


def answered(app: App, secrets: Secrets, body: str, headers: Mapping[str, str]) -> Answer:
    """Hands a request to the app of `alerts.slack.app`, which checks the signature and its age (five minutes).

    `body` is the raw text as it came: the signature is over it. Without SLACK_SIGNING_SECRET everything is refused,
    since anybody could press any button.
    """
    if secrets.slack_signing_secret is None or not secrets.slack_signing_secret.get_secret_value():
        return Answer(503, "Slack over HTTP needs SLACK_SIGNING_SECRET in the environment or .env", {})
    response = app.dispatch(BoltRequest(body=body, headers=dict(headers)))
    return Answer(response.status, response.body, response.headers)
