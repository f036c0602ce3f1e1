"""The receiver `slack`: one channel, one living message a case, its thread for what must be noticed.

Every message carries its delivery key as metadata, and a picture in the name of its file, so that after an unclear
result Slack can be asked whether it has it. A 429 becomes Temporary with the Retry-After that Slack names; nothing here
waits except for the pace of one message a second a channel.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from alerts.messages.plain import one_line
from alerts.messages.wording import Words, words_for
from alerts.receivers.receiver import Address, Permanent, Result, Sent, Temporary
from alerts.slack.blocks import SlackMessage, case_message, notice, thread_reply
from alerts.slack.problems import explained
from alerts.view import CaseView
from config.mistakes import ConfigurationError
from config.route import SlackReceiver as SlackOptions
from config.settings import Secrets, Settings

log = structlog.get_logger(__name__)

EVENT = "kintsugi_delivery"  # the event_type of our metadata


class SlackReceiver:
    """A Slack channel by name or id."""

    def __init__(
        self, client: WebClient, channel: str, words: Words, *, interactive: bool = False, pace: Pace | None = None
    ) -> None:
        self._client = client
        self._channel = channel
        self._words = words
        self._interactive = interactive
        self._pace = pace or Pace(timedelta(0))
        self._channel_id: str | None = None

    def deliver(
        self, key: str, purpose: str, payload: Mapping[str, Any], view: CaseView | None, address: Address | None
    ) -> Result:
        """Posts, edits, replies or deletes; see alerts.receivers.receiver."""
        try:
            return self._deliver(key, purpose, payload, view, address)
        except SlackApiError as error:
            return explained(error, self._channel)
        except (SlackClientError, OSError) as error:
            # No answer: Slack may have taken it.
            return Temporary(f"Slack did not answer ({type(error).__name__}: {error})", unclear=True)

    def find(self, key: str, since: datetime, address: Address | None) -> dict[str, Any] | None:
        """Looks for a message with this key in the channel and, where the case has a message, in its thread."""
        oldest = f"{since.timestamp() - 60:.6f}"
        try:
            if address and address.get("ts"):
                calls = {"channel": address["channel"], "ts": address["ts"]}
                found = self._search("conversations.replies", key, oldest, calls)
                if found is not None:
                    return found
            return self._search("conversations.history", key, oldest, {"channel": self._id()})
        except (SlackClientError, OSError) as error:
            raise ConnectionError(f"Slack could not be asked for {key}: {error}") from error

    def check(self) -> str | None:
        """Asks Slack whether the token is accepted, may write, and sees the channel."""
        try:
            granted = self._client.auth_test().headers.get("X-OAuth-Scopes", "")
            if "chat:write" not in granted:
                return "Slack: missing_scope: add the scope chat:write to the app and install it again"
            self._id()
        except SlackApiError as error:
            return explained(error, self._channel).error
        except OSError as error:
            return f"Slack does not answer at {self._client.base_url}: {error}"
        return None

    def _deliver(
        self, key: str, purpose: str, payload: Mapping[str, Any], view: CaseView | None, address: Address | None
    ) -> Result:
        known = address if address and address.get("ts") else None
        match purpose:
            case "case_message" | "case_edit":
                if view is None:
                    return Permanent(f"{purpose} without a case: this is a mistake of the caller")
                note = payload.get("note")
                body = case_message(view, self._words, interactive=self._interactive, note=note)
                return self._update(body, known) if known else self._post(key, body)
            case "thread":
                body = thread_reply(str(payload["text"]), payload.get("mention"))
                if known is None:
                    return self._post(key, body)
                return self._post(key, body, str(known["channel"]), str(known["ts"]))
            case "direct":
                return self._post(key, thread_reply(str(payload["text"]), None), str(payload["person"]))
            case "erase":
                return self._erase(known)
            case "notice_edit" if known:
                return self._update(notice(payload, self._words), known)
            case "picture":
                return self._add_picture(key, payload, known)
            case _:
                return self._post(key, notice(payload, self._words))

    def _post(self, key: str, body: SlackMessage, channel: str | None = None, thread: str | None = None) -> Result:
        target = channel or self._id()
        self._pace.wait(target)
        try:
            return self._say(key, body, target, thread)
        except SlackApiError as error:
            if error.response.get("error") != "not_in_channel" or not self._joined():
                raise
        return self._say(key, body, target, thread)

    def _say(self, key: str, body: SlackMessage, channel: str, thread: str | None) -> Result:
        answer = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text=body.text,
            blocks=body.blocks,
            metadata={"event_type": EVENT, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Sent({"channel": answer["channel"], "ts": answer["ts"]})

    def _add_picture(self, key: str, payload: Mapping[str, Any], notice: Address | None) -> Result:
        """A chart in the thread of its notice, which stands without it where it could not be drawn."""
        picture = Path(str(payload["picture"]))
        if notice is None or not picture.is_file():
            log.warning("picture left out", receiver=self._channel, picture=picture.name)
            return Sent({})
        self._client.files_upload_v2(
            channel=str(notice["channel"]),
            thread_ts=str(notice["ts"]),
            file=str(picture),
            filename=_file_name(key),
            title=one_line(str(payload.get("title", "")), 100),
        )
        return Sent({})

    def _update(self, body: SlackMessage, address: Address) -> Result:
        channel = str(address["channel"])
        self._pace.wait(channel)
        self._client.chat_update(channel=channel, ts=str(address["ts"]), text=body.text, blocks=body.blocks)
        return Sent({"channel": channel, "ts": str(address["ts"])})

    def _erase(self, address: Address | None) -> Result:
        if address is None:
            return Sent({})
        thread = self._client.conversations_replies(channel=str(address["channel"]), ts=str(address["ts"]), limit=200)
        replies: list[dict[str, Any]] = thread.get("messages", [])
        for reply in reversed(replies):
            if reply.get("bot_id") or reply["ts"] == address["ts"]:
                self._client.chat_delete(channel=str(address["channel"]), ts=reply["ts"])
        return Sent({})

    def _search(self, method: str, key: str, oldest: str, calls: dict[str, str]) -> dict[str, Any] | None:
        cursor = ""
        while True:
            asked = {**calls, "oldest": oldest, "limit": 200, "include_all_metadata": True, "cursor": cursor}
            answer = self._client.api_call(method, http_verb="GET", params=asked)
            messages: list[dict[str, Any]] = answer.get("messages", [])
            for message in messages:
                metadata = message.get("metadata") or {}
                ours = metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("key") == key
                if ours or _file_name(key) in [file.get("name") for file in message.get("files", ())]:
                    return {"channel": calls["channel"], "ts": message["ts"]}
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    def _joined(self) -> bool:
        """Joins a public channel; False where that is not allowed and somebody must invite the bot."""
        try:
            self._client.conversations_join(channel=self._id())
        except SlackApiError:
            return False
        return True

    def _id(self) -> str:
        """The channel's id. chat.postMessage takes a name as well, the other methods do not."""
        if self._channel_id is None:
            name = self._channel.removeprefix("#")
            self._channel_id = name if _looks_like_id(self._channel) else self._named(name)
        return self._channel_id

    def _named(self, name: str) -> str:
        cursor = ""
        while True:
            answer = self._client.conversations_list(
                cursor=cursor, limit=1000, exclude_archived=False, types="public_channel,private_channel"
            )
            for channel in answer["channels"]:
                if channel["name"] == name:
                    return str(channel["id"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                raise SlackApiError("no such channel", {"ok": False, "error": "channel_not_found"})  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped


class Pace:
    """At most one message a channel in `every`; the caller waits for the rest of it."""

    def __init__(
        self,
        every: timedelta,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._every = every.total_seconds()
        self._clock = clock
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._lock = Lock()

    def wait(self, channel: str) -> None:
        """Returns when the channel may get its next message."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next.get(channel, now))
            self._next[channel] = turn + self._every
        if turn > now:
            self._sleep(turn - now)


_paces: dict[str, Pace] = {}  # one a workspace and process, shared by all receivers of a channel


def open_receiver(name: str, options: SlackOptions, settings: Settings, secrets: Secrets) -> SlackReceiver:
    """The receiver of a channel. Raises ConfigurationError without SLACK_BOT_TOKEN."""
    if secrets.slack_bot_token is None:
        raise ConfigurationError(
            [f"receivers.{name}: Slack needs SLACK_BOT_TOKEN (xoxb-…) in the environment or .env; see docs/operate.md"]
        )
    client = WebClient(
        token=secrets.slack_bot_token.get_secret_value(),
        base_url=settings.slack.api_url,
        timeout=max(1, round(settings.delivery.answer_within.total_seconds())),
        retry_handlers=[],  # the delivery log retries
    )
    pace = _paces.setdefault(settings.slack.api_url, Pace(settings.slack.pace))
    words = words_for(settings.brand.languages)
    # Somebody listens to buttons: over Socket Mode, or at /slack/events.
    listens = secrets.slack_app_token is not None or secrets.slack_signing_secret is not None
    return SlackReceiver(client, options.channel, words, interactive=listens, pace=pace)


def _looks_like_id(channel: str) -> bool:
    return channel[:1] in "CGD" and len(channel) >= 9 and channel.isalnum() and channel.isupper()


def _file_name(key: str) -> str:
    """What a picture of this delivery is called in Slack, where files carry no key."""
    return re.sub(r"[^\w.-]+", "-", key) + ".png"
