"""Buttons and dialogs of a case: in its message, and in the sheet that opens over it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from slack_bolt import App, Respond
from slack_sdk.errors import SlackApiError

from alerts.actions import Refused
from alerts.messages.wording import Words, name_of
from alerts.permission import ACTIONS, Action, Denied, permission
from alerts.slack import reply_modals, work_modals
from alerts.slack.answers import Answers, Payload, input_block
from alerts.slack.buttons import is_useful
from alerts.slack.dialogs import PRESSES, Asking, dialogs, progress
from alerts.slack.listener import Ack, Listener, tell, who
from alerts.slack.sheet import sheet
from alerts.view import CaseView

# The action that a button stands for, where it has another name.
_ACTIONS: dict[str, Action] = {
    "more": "read",
    "offer_approve": "decide_offer",
    "offer_refuse": "decide_offer",
    "offer_redeem": "redeem_offer",
    "offer_withdraw": "withdraw_offer",
}
_AFTER_CLOSING = ("split", "finish_task")
_QUIET = ("claim",)  # the message itself shows that it worked


class CaseListener(Listener):
    """Handlers of everything that names a case. The case is read anew and permission asked at every step."""

    def listen(self, app: App) -> None:
        """Registers the handlers."""
        self._dialogs = dialogs(self.settings)
        for name in PRESSES:
            app.action(f"case.{name}")(self.press)
        for name, dialog in self._dialogs.items():
            app.action(f"case.{name}")(self.dialog)
            if dialog.send is not None:
                app.view(f"case.{name}")(self.submitted)
        app.action("reply")(self.typed)
        app.action("version")(self.typed)
        app.action("stage")(self.staged)
        app.action("until")(self.staged)

    def press(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """A button that acts at once."""
        ack()
        name = body["actions"][0]["action_id"].removeprefix("case.")
        case, target, why = self._pressed(name, body)
        words = self.words(body)
        if case is None:
            self._answer(body, respond, why)
            return
        result = PRESSES[name](self.actions, case.case_id, who(body), target)
        if isinstance(result, Refused) or name not in _QUIET:
            self._answer(body, respond, self.said(result, words))

    def dialog(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """A button that opens a dialog: over the sheet where it was pressed there."""
        ack()
        name = body["actions"][0]["action_id"].removeprefix("case.")
        case, _, why = self._pressed(name, body)
        if case is not None:
            view = self._dialogs[name].draw(self._asking(case, body))
            why = self.open_view(body, view, over=_in_view(body)) or ""
        if why:
            self._answer(body, respond, why)

    def submitted(self, ack: Ack, body: Payload, view: Payload) -> None:
        """A dialog was sent. What is refused stays open with the reason at its first field."""
        name = str(view["callback_id"]).removeprefix("case.")
        words, send = self.words(body), self._dialogs[name].send
        case, why = self._permitted(name, who(body), str(view.get("private_metadata", "")), words)
        if case is None or send is None:
            ack(response_action="errors", errors={input_block(view): why})
            return
        result = send(self.actions, case.case_id, who(body), Answers(view))
        if isinstance(result, Refused):
            ack(response_action="errors", errors={input_block(view): self.said(result, words)[:2000]})
        elif name in ("split", "merge"):
            ack(response_action="clear")  # The sheet below would show a case that is another one now.
        else:
            ack()
            below = view.get("root_view_id")
            if below and below != view.get("id"):
                self._redraw(str(below), case.case_id, words, self.said(result, words))

    def typed(self, ack: Ack, body: Payload) -> None:
        """The reply changed, or another version was chosen: the guard looks at it."""
        ack()
        view, action = body["view"], body["actions"][0]
        name = str(view["callback_id"]).removeprefix("case.")
        case, _ = self._permitted(name, who(body), str(view.get("private_metadata", "")), self.words(body))
        if case is None or name not in reply_modals.WRITING:
            return
        if action["action_id"] == "version":
            version = str((action.get("selected_option") or {}).get("value") or reply_modals.DRAFT)
            text = reply_modals.text_of(case, version)
        else:
            version, text = reply_modals.version_of(view), str(action.get("value") or "")
        checked = self.actions.check(case.case_id, text)
        drawn = reply_modals.reply(name, case, self.words(body), checked, version, text)
        # A conflict means that a newer change is being looked at already.
        with suppress(SlackApiError):
            self.client.views_update(view_id=view["id"], hash=view.get("hash"), view=drawn)

    def staged(self, ack: Ack, body: Payload) -> None:
        """Another stage, or another day on which the customer hears again: another text."""
        ack()
        view, answers = body["view"], Answers(body["view"])
        case, _ = self._permitted("progress", who(body), str(view.get("private_metadata", "")), self.words(body))
        stage = answers.chosen("stage")
        if case is None or stage not in work_modals.STAGES:
            return
        until = answers.moment("until") or self.now() + timedelta(days=1)
        drawn = progress(self._asking(case, body), stage, until)
        with suppress(SlackApiError):
            self.client.views_update(view_id=view["id"], hash=view.get("hash"), view=drawn)

    def _asking(self, case: CaseView, body: Payload) -> Asking:
        return Asking(case, who(body), self.words(body), self.now(), self.actions, self.settings)

    def _pressed(self, name: str, body: Payload) -> tuple[CaseView | None, int, str]:
        """(the case, the thing in it, "") if the button stands in that case's message or sheet and its presser may."""
        words = self.words(body)
        value, _, target = str(body["actions"][0].get("value", "")).partition(":")
        container = body.get("container") or {}
        case, why = self._permitted(name, who(body), value, words)
        if case is not None and container.get("type") == "message":
            at_message = self.actions.case_at(container.get("channel_id", ""), container.get("message_ts", ""))
            if at_message != case.case_id:
                case, why = None, self.denied(Denied("no_such_case"), words)
        return case, int(target) if _is_number(target) else 0, why

    def _permitted(self, name: str, person: str, value: str, words: Words) -> tuple[CaseView | None, str]:
        """(the case, "") or (None, why not)."""
        case = self.actions.view(int(value)) if _is_number(value) else None
        action = _ACTIONS.get(name) or next((one for one in ACTIONS if one == name), None)
        if case is None or action is None:
            return None, self.denied(Denied("no_such_case"), words)
        allowed = permission(action, person, case, self.settings)
        if isinstance(allowed, Denied):
            return None, self.denied(allowed, words)
        if _is_past(name, case):
            return None, words["said.stale"].format(state=name_of(words, "state", case.state))
        return case, ""

    def _answer(self, body: Payload, respond: Respond, text: str) -> None:
        """To the person who pressed: below the message, or at the head of the sheet."""
        if not _in_view(body):
            tell(respond, text)
            return
        view = body["view"]
        value = str(view.get("private_metadata", ""))
        if view.get("callback_id") == "case.more" and _is_number(value):
            self._redraw(str(view["id"]), int(value), self.words(body), text)

    def _redraw(self, view_id: str, case_id: int, words: Words, said: str) -> None:
        """The sheet shows the truth again. It may have been closed meanwhile."""
        case = self.actions.view(case_id)
        if case is not None:
            with suppress(SlackApiError):
                self.client.views_update(view_id=view_id, view=sheet(case, words, said))


def _is_past(name: str, case: CaseView) -> bool:
    """The case has moved on since the button was drawn."""
    if case.state == "closed":
        return name not in _AFTER_CLOSING
    if name in ("approve", "edit", "ask_approval", "decline", "posted"):
        return case.reply is not None
    if name in ("asked_in_person", "thanked"):
        return not is_useful(name, case)
    return name in ("resolve", "snooze", "escalate") and case.state in ("resolved", "following_up")


def _in_view(body: Payload) -> bool:
    return (body.get("container") or {}).get("type") == "view"


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 18
