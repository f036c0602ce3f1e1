"""Slack over HTTP, where there is a public address: one signed request in, one answer out, for any web server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_bolt import App
from slack_sdk.signature import SignatureVerifier

from alerts.slack.door import let_in, read_body
from config.settings import Secrets


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web server answers."""

    status: int
    body: str
    headers: Mapping[str, Sequence[str]]


def answered(app: App, secrets: Secrets, body: str, headers: Mapping[str, str]) -> Answer:
    """Checks the signature and its age (five minutes), and hands a request to the app of `alerts.slack.app`.

    `body` is the raw text as it came: the signature is over it. Without SLACK_SIGNING_SECRET everything is refused,
    since anybody could press any button.
    """
    if secrets.slack_signing_secret is None or not secrets.slack_signing_secret.get_secret_value():
        return Answer(503, "Slack over HTTP needs SLACK_SIGNING_SECRET in the environment or .env", {})
    if not SignatureVerifier(secrets.slack_signing_secret.get_secret_value()).is_valid_request(body, dict(headers)):
        return Answer(401, "not signed by Slack with SLACK_SIGNING_SECRET within five minutes", {})
    response = let_in(app, read_body(body), dict(headers))
    return Answer(response.status, response.body, response.headers)
