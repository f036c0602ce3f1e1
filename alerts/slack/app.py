"""Listens to Slack: buttons, dialogs, commands, the home tab, notes in threads. Socket Mode or HTTP, the same app.

A handler acknowledges within three seconds, asks who may do it, calls the action that was handed in, and tells the
person what came of it. It may be called twice for one press: every action takes that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from slack_bolt import App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from alerts.actions import CaseActions, Done, Refused, Result
from alerts.permission import Action, Denied, permission
from alerts.slack import commands, modals
from alerts.slack.home import home
from alerts.slack.text import fitted
from alerts.view import CaseView
from alerts.wording import Words, name_of, words_for, words_in
from config.settings import Secrets, Settings

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode import SocketModeHandler

Payload = dict[str, Any]
Ack = Callable[..., None]


def slack_app(
    actions: CaseActions, settings: Settings, secrets: Secrets, client: WebClient, now: Callable[[], datetime]
) -> App:
    """The app with all its handlers. For HTTP, hand it to an adapter of Bolt: SLACK_SIGNING_SECRET is checked there."""
    signing = secrets.slack_signing_secret
    app = App(
        client=client,
        signing_secret=signing.get_secret_value() if signing else None,
        request_verification_enabled=signing is not None,
        token_verification_enabled=False,
    )
    _Handlers(actions, settings, client, now).listen(app)
    return app


def connect(app: App, settings: Settings, secrets: Secrets) -> SocketModeHandler:
    """Socket Mode for the app: `connect()` and `close()` it. The built-in client connects again by itself."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    token = secrets.slack_app_token.get_secret_value() if secrets.slack_app_token else ""
    return SocketModeHandler(app, token, web_client=WebClient(token=token, base_url=settings.slack.api_url))


@dataclass
class _Handlers:
    actions: CaseActions
    settings: Settings
    client: WebClient
    now: Callable[[], datetime]
    _locales: dict[str, str] = field(default_factory=dict)

    def listen(self, app: App) -> None:
        app.action("case.claim")(self.claim)
        app.action("case.undo")(self.undo)
        app.action("case.escalate")(self.escalate)
        for name in ("approve", "posted", "not_a_case", "resolve", "snooze"):
            app.action(f"case.{name}")(self.dialog)
            app.view(f"case.{name}")(self.submitted)
        app.command("/kintsugi")(self.command)
        app.shortcut("open_case")(self.open_case)
        app.event("app_home_opened")(self.opened_home)
        app.event("message")(self.message)

    def claim(self, ack: Ack, body: Payload, respond: Respond) -> None:
        ack()
        case = self._pressed("claim", body, respond)
        if case is not None:
            words = self._words(body)
            result = self.actions.claim(case.case_id, _who(body))
            if isinstance(result, Refused):
                _tell(respond, self._said(result, words))

    def undo(self, ack: Ack, body: Payload, respond: Respond) -> None:
        ack()
        case = self._pressed("undo", body, respond)
        if case is not None:
            _tell(respond, self._said(self.actions.undo(case.case_id, _who(body)), self._words(body)))

    def escalate(self, ack: Ack, body: Payload, respond: Respond) -> None:
        ack()
        case = self._pressed("escalate", body, respond)
        if case is not None:
            _tell(respond, self._said(self.actions.escalate(case.case_id, _who(body)), self._words(body)))

    def dialog(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Opens the dialog of a button. A trigger lives three seconds; one that came too late is said so."""
        ack()
        name = body["actions"][0]["action_id"].removeprefix("case.")
        case = self._pressed(name, body, respond)
        if case is None:
            return
        words = self._words(body)
        try:
            self.client.views_open(trigger_id=body["trigger_id"], view=self._dialog(name, case, words))
        except SlackApiError as error:
            late = str(error.response.get("error")) in ("expired_trigger_id", "exchanged_trigger_id", "trigger_expired")
            why = words["said.expired"] if late else words["said.failed"].format(why=error.response.get("error"))
            _tell(respond, why)

    def _dialog(self, name: str, case: CaseView, words: Words) -> View:
        match name:
            case "approve":
                return modals.approve(case, words)
            case "posted":
                return modals.posted(case, words)
            case "not_a_case":
                return modals.not_a_case(case, words)
            case "resolve":
                language = "ja" if words is words_in("ja") else "en"
                return modals.resolve(case, words, self.actions.causes(language))
            case _:
                return modals.snooze(case, words, self.now())

    def submitted(self, ack: Ack, body: Payload, view: Payload) -> None:
        """A dialog was sent. What is refused stays open with the reason at its first field."""
        name = view["callback_id"].removeprefix("case.")
        words = self._words(body)
        first = view["blocks"][0]["block_id"]
        case, why = self._permitted(name, _who(body), view.get("private_metadata", ""), words)
        if case is None:
            ack(response_action="errors", errors={first: why})
            return
        result = self._apply(name, case.case_id, _who(body), view["state"]["values"])
        if isinstance(result, Refused):
            ack(response_action="errors", errors={first: self._said(result, words)[:2000]})
        else:
            ack()

    def command(self, ack: Ack, body: Payload, command: Payload, respond: Respond) -> None:
        ack()
        person, words = _who(body), self._words(body)
        allowed = permission("read", person, None, self.settings)
        if isinstance(allowed, Denied):
            _tell(respond, self._denied(allowed, words))
            return
        text = commands.answered(command.get("text", ""), person, self.actions, self.settings, words, self.now())
        _tell(respond, text)

    def open_case(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """The shortcut in the menu of a message."""
        ack()
        person, words = _who(body), self._words(body)
        allowed = permission("open_case", person, None, self.settings)
        if isinstance(allowed, Denied):
            _tell(respond, self._denied(allowed, words))
            return
        domain, channel = body["team"].get("domain"), body["channel"]["id"]
        url = (
            f"https://{domain}.slack.com/archives/{channel}/p{body['message_ts'].replace('.', '')}" if domain else None
        )
        result = self.actions.open_case(str(body["message"].get("text", "")), url, person)
        ref = f" K-{result.case_id}" if isinstance(result, Done) and result.case_id else ""
        _tell(respond, self._said(result, words) + ref)

    def opened_home(self, event: Payload) -> None:
        person = event["user"]
        words = self._words({"user": {"id": person}})
        if isinstance(permission("read", person, None, self.settings), Denied):
            return
        self.client.views_publish(user_id=person, view=home(self.actions.mine(person), self.actions.due(10), words))

    def message(self, event: Payload) -> None:
        """What a colleague writes in the thread of a case is a note of its timeline."""
        thread = event.get("thread_ts")
        if not thread or thread == event.get("ts") or event.get("subtype") or event.get("bot_id"):
            return
        case_id = self.actions.case_at(event["channel"], thread)
        person = event.get("user", "")
        if case_id is not None and not isinstance(permission("note", person, None, self.settings), Denied):
            self.actions.note(case_id, person, event.get("text", ""))

    def _pressed(self, action: str, body: Payload, respond: Respond) -> CaseView | None:
        """The case of a button, if it stands in that case's message and the presser may do this."""
        words = self._words(body)
        value = str(body["actions"][0].get("value", ""))
        container = body.get("container") or {}
        case, why = self._permitted(action, _who(body), value, words)
        if case is not None and container.get("type") == "message":
            at_message = self.actions.case_at(container.get("channel_id", ""), container.get("message_ts", ""))
            if at_message != case.case_id:
                case, why = None, self._denied(Denied("no_such_case"), words)
        if case is None:
            _tell(respond, why)
        return case

    def _permitted(self, action: str, person: str, value: str, words: Words) -> tuple[CaseView | None, str]:
        """(the case, "") or (None, why not)."""
        case = self.actions.view(int(value)) if value.isascii() and value.isdecimal() and len(value) < 18 else None
        if case is None:
            return None, self._denied(Denied("no_such_case"), words)
        known: Action = action  # type: ignore[assignment]  # names of our own handlers
        allowed = permission(known, person, case, self.settings)
        if isinstance(allowed, Denied):
            return None, self._denied(allowed, words)
        if _is_past(action, case):
            return None, words["said.stale"].format(state=name_of(words, "state", case.state))
        return case, ""

    def _apply(self, name: str, case_id: int, person: str, values: Payload) -> Result:
        match name:
            case "approve":
                return self.actions.approve(case_id, person, _text(values, "text"), _text(values, "despite"))
            case "posted":
                return self.actions.mark_posted(case_id, person, _text(values, "text"))
            case "not_a_case":
                chosen = _chosen(values, "reason")
                reason = chosen if chosen in modals.REASONS else "other"
                return self.actions.not_a_case(case_id, person, reason, _text(values, "note"))
            case "resolve":
                return self.actions.resolve(case_id, person, _text(values, "done"), _chosen(values, "cause"))
            case _:
                until = datetime.fromtimestamp(values["until"]["until"]["selected_date_time"], UTC)
                return self.actions.snooze(case_id, person, until)

    def _said(self, result: Result, words: Words) -> str:
        if isinstance(result, Done):
            return words["said.done"]
        if result.reason == "taken":
            return words["said.taken"].format(who=fitted(result.why, 200))
        return words["said.failed"].format(why=fitted(result.why, 1000))

    def _denied(self, denied: Denied, words: Words) -> str:
        if denied.reason == "unknown_person":
            return words["said.unknown_person"].format(id=denied.detail)
        why = words[f"denied.{denied.reason}"].format(detail=fitted(denied.detail, 200))
        return words["said.denied"].format(why=why)

    def _words(self, body: Payload) -> Words:
        """The words of the person's own Slack language."""
        person = _who(body)
        if person not in self._locales:
            try:
                answer = self.client.users_info(user=person, include_locale=True)
                self._locales[person] = answer["user"].get("locale") or ""
            except SlackApiError:
                return words_for(self.settings.brand.languages)
        return words_for([self._locales[person], *self.settings.brand.languages])


def _is_past(action: str, case: CaseView) -> bool:
    """The case has moved on since the button was drawn."""
    if case.state == "closed":
        return action != "note"
    if action in ("approve", "posted"):
        return case.reply is not None
    return action in ("resolve", "snooze", "escalate") and case.state in ("resolved", "following_up")


def _who(body: Payload) -> str:
    return str((body.get("user") or {}).get("id") or body.get("user_id") or "")


def _tell(respond: Respond, text: str) -> None:
    """Only the person who acted sees it."""
    respond(text=text, response_type="ephemeral", replace_original=False)


def _chosen(values: Payload, name: str) -> str:
    return str((values.get(name, {}).get(name, {}).get("selected_option") or {}).get("value") or "")


def _text(values: Payload, name: str) -> str:
    return str(values.get(name, {}).get(name, {}).get("value") or "")
