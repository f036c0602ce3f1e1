"""Listens to Slack: buttons, dialogs, commands, the home tab, notes in threads. Socket Mode or HTTP, the same app.

A handler acknowledges within three seconds, asks who may do it, calls the action that was handed in, and tells the
person what came of it. It may be called twice for one press: every action takes that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from slack_bolt import App, Respond
from slack_sdk import WebClient

from alerts.actions import CaseActions, Done, Refused
from alerts.permission import Action, Denied, permission
from alerts.slack import commands
from alerts.slack.answers import Answers, Payload, input_block
from alerts.slack.case_listener import CaseListener
from alerts.slack.home import home
from alerts.slack.listener import Ack, Listener, tell, who
from alerts.slack.work_modals import report
from config.settings import Secrets, Settings

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode import SocketModeHandler


def slack_app(
    actions: CaseActions, settings: Settings, secrets: Secrets, client: WebClient, now: Callable[[], datetime]
) -> App:
    """The app with all its handlers. Requests come to it through `alerts.slack.door`, never straight."""
    signing = secrets.slack_signing_secret
    app = App(
        client=client,
        signing_secret=signing.get_secret_value() if signing else None,
        request_verification_enabled=signing is not None,
        token_verification_enabled=False,
    )

    for listener in (CaseListener, OfficeListener):
        listener(actions, settings, client, now).listen(app)
    return app


def connect(app: App, settings: Settings, secrets: Secrets) -> SocketModeHandler:
    """Socket Mode for the app: `connect()` and `close()` it. The built-in client connects again by itself."""
    from alerts.slack.door import Door

    token = secrets.slack_app_token.get_secret_value() if secrets.slack_app_token else ""
    return Door(app, token, web_client=WebClient(token=token, base_url=settings.slack.api_url))


class OfficeListener(Listener):
    """What belongs to no single message of a case: commands, shortcuts, the home tab, threads, the staff's form."""

    def listen(self, app: App) -> None:
        """Registers the handlers."""
        app.command("/kintsugi")(self.command)
        app.shortcut("open_case")(self.open_case)
        app.shortcut("report")(self.report)
        app.view("staff.report")(self.reported)
        app.event("app_home_opened")(self.opened_home)
        app.event("message")(self.message)

    def command(self, ack: Ack, body: Payload, command: Payload, respond: Respond) -> None:
        """`/kintsugi …`."""
        ack()
        words = self.words(body)
        text = str(command.get("text", "")).strip()
        verb, _, rest = text.partition(" ")
        if verb.lower() == "report":
            self._open_report(body, respond, rest.strip())
        elif self._may("read", body, respond):
            tell(respond, commands.answered(text, who(body), self.actions, self.settings, words, self.now()))

    def report(self, ack: Ack, body: Payload) -> None:
        """The shortcut that opens the form from anywhere. It has no place to answer in but the form."""
        ack()
        if not isinstance(permission("report", who(body), None, self.settings), Denied):
            self.open_view(body, report(self.words(body), self._places(), self.now()))

    def reported(self, ack: Ack, body: Payload, view: Payload) -> None:
        """The form was sent."""
        person, words, answers = who(body), self.words(body), Answers(view)
        allowed = permission("report", person, None, self.settings)
        if isinstance(allowed, Denied):
            ack(response_action="errors", errors={input_block(view): self.denied(allowed, words)})
            return
        place = answers.chosen("place") or answers.text("place").strip() or None
        language = self.settings.brand.languages[0]
        at = min(answers.moment("when") or self.now(), self.now())
        result = self.actions.report_entry(answers.text("text"), place, at, person, language)
        if isinstance(result, Refused):
            ack(response_action="errors", errors={input_block(view): self.said(result, words)[:2000]})
        else:
            ack()

    def open_case(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """The shortcut in the menu of a message."""
        ack()
        if not self._may("open_case", body, respond):
            return
        domain, channel = body["team"].get("domain"), body["channel"]["id"]
        url = (
            f"https://{domain}.slack.com/archives/{channel}/p{body['message_ts'].replace('.', '')}" if domain else None
        )
        result = self.actions.open_case(str(body["message"].get("text", "")), url, who(body))
        ref = f" K-{result.case_id}" if isinstance(result, Done) and result.case_id else ""
        tell(respond, self.said(result, self.words(body)) + ref)

    def opened_home(self, event: Payload) -> None:
        """Somebody looks at the app's own tab."""
        person = event.get("user", "")
        if isinstance(permission("read", person, None, self.settings), Denied):
            return
        words = self.words({"user": {"id": person}})
        self.client.views_publish(user_id=person, view=home(self.actions.mine(person), self.actions.due(10), words))

    def message(self, event: Payload) -> None:
        """What a colleague writes in the thread of a case is a note of its timeline."""
        thread = event.get("thread_ts")
        if not thread or thread == event.get("ts") or event.get("subtype") or event.get("bot_id"):
            return
        case_id = self.actions.case_at(event.get("channel", ""), thread)
        person = event.get("user", "")
        if case_id is not None and not isinstance(permission("note", person, None, self.settings), Denied):
            # Slack delivers again what was not answered in time: the same message has the same ts.
            self.actions.note(
                case_id, person, event.get("text", ""), said_in=f"{event.get('channel')}:{event.get('ts')}"
            )

    def _open_report(self, body: Payload, respond: Respond, text: str) -> None:
        if self._may("report", body, respond):
            problem = self.open_view(body, report(self.words(body), self._places(), self.now(), text))
            if problem:
                tell(respond, problem)

    def _may(self, action: Action, body: Payload, respond: Respond) -> bool:
        allowed = permission(action, who(body), None, self.settings)
        if isinstance(allowed, Denied):
            tell(respond, self.denied(allowed, self.words(body)))
        return not isinstance(allowed, Denied)

    def _places(self) -> list[str]:
        return [place.name for place in self.settings.brand.locations]
