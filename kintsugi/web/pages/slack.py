"""Slack over HTTP, where there is a public address: buttons, dialogs, commands and events, each signed by Slack."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

if TYPE_CHECKING:
    from slack_bolt import App as SlackApp

    from alerts.slack.http import Answer
    from config.settings import Settings
    from kintsugi.app import App


def router(app: App) -> APIRouter:
    """The route; without SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN there is nothing behind it."""
    routes = APIRouter()
    office = _Office(app)

    @routes.post("/slack/events")
    async def events(request: Request) -> Response:
        """What Slack sends (docs/operate.md). Bodies above 1 MB are refused before."""
        if app.secrets.slack_signing_secret is None or app.secrets.slack_bot_token is None:
            raise HTTPException(404, "Slack over HTTP is not set up: SLACK_SIGNING_SECRET, SLACK_BOT_TOKEN")
        body = (await request.body()).decode("utf-8", "replace")
        answer = await run_in_threadpool(office.answer, body, dict(request.headers))
        made = Response(answer.body, status_code=answer.status)
        for name, values in answer.headers.items():
            made.headers[name] = values[0]
        return made

    return routes


class _Office:
    """The app that answers; made when it is first needed, and anew after other settings were taken."""

    def __init__(self, app: App) -> None:
        self._app, self._lock = app, Lock()
        self._made: tuple[Settings, SlackApp] | None = None

    def answer(self, body: str, headers: dict[str, str]) -> Answer:
        """The answer to one request. Its signature is checked by Bolt."""
        from alerts.slack.http import answered

        return answered(self._opened(), self._app.secrets, body, headers)

    def _opened(self) -> SlackApp:
        from kintsugi.desk.slack_desk import open_slack

        with self._lock:
            if self._made is None or self._made[0] is not self._app.settings:
                self._made = (self._app.settings, open_slack(self._app))
            return self._made[1]
