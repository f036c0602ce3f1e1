"""What all handlers share: whose words, what was denied and why, opening a dialog in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from alerts.actions import CaseActions, Done, Result
from alerts.messages.wording import Words, name_of, words_for
from alerts.permission import Denied
from alerts.slack.answers import Payload
from alerts.slack.text import fitted
from config.settings import Settings

Ack = Callable[..., None]
_LATE = ("expired_trigger_id", "exchanged_trigger_id", "trigger_expired")


class Listener:
    """Handlers over one installation; `now` says what time it is."""

    def __init__(
        self, actions: CaseActions, settings: Settings, client: WebClient, now: Callable[[], datetime]
    ) -> None:
        self.actions, self.settings, self.client, self.now = actions, settings, client, now
        self._locales: dict[str, str] = {}

    def open_view(self, body: Payload, view: View, *, over: bool = False) -> str | None:
        """Opens a dialog, or lays it over the one that is open. A trigger lives three seconds: why it did not work."""
        words = self.words(body)
        try:
            if over:
                self.client.views_push(trigger_id=body["trigger_id"], view=view)
            else:
                self.client.views_open(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            why = str(error.response.get("error"))
            return words["said.expired"] if why in _LATE else words["said.failed"].format(why=why)
        return None

    def said(self, result: Result, words: Words) -> str:
        """What came of it, for the person who did it."""
        if isinstance(result, Done):
            return words["said.done"]
        if result.reason == "taken":
            return words["said.taken"].format(who=fitted(result.why, 200))
        # In the words of the person where the reason has some; what the desk says itself is for the terminal.
        why = words.get(f"refused.{result.reason}", "{why}").format(why=fitted(result.why, 1000))
        return words["said.failed"].format(why=why)

    def denied(self, denied: Denied, words: Words) -> str:
        """Why somebody may not, and what they can do."""
        if denied.reason == "unknown_person":
            return words["said.unknown_person"].format(id=denied.detail)
        detail = name_of(words, "rank", denied.detail)
        return words["said.denied"].format(why=words[f"denied.{denied.reason}"].format(detail=fitted(detail, 200)))

    def words(self, body: Payload) -> Words:
        """The words of the person's own Slack language."""
        person = who(body)
        if person not in self._locales:
            try:
                answer: Any = self.client.users_info(user=person, include_locale=True)
                self._locales[person] = answer["user"].get("locale") or ""
            except SlackApiError:
                return words_for(self.settings.brand.languages)
        return words_for([self._locales[person], *self.settings.brand.languages])


def who(body: Payload) -> str:
    """The Slack id of the person who acted."""
    return str((body.get("user") or {}).get("id") or body.get("user_id") or "")


def tell(respond: Respond, text: str) -> None:
    """Only the person who acted sees it."""
    respond(text=text, response_type="ephemeral", replace_original=False)
