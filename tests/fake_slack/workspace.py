"""What a workspace holds: people, channels, messages, views. Only the server changes it."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, field
from typing import Any

ALL_SCOPES = (
    "app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "commands", "files:write",
    "groups:history", "groups:read", "im:history", "im:write", "users:read",
)  # fmt: skip
_PING = re.compile(r"<(?:!(channel|here|everyone)|@([UW][A-Z0-9]+))[^>]*>")


@dataclass
class Channel:
    """A conversation and everything in it, replies included, oldest first."""

    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    has_bot: bool = True
    messages: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The channel as conversations.list shows it."""
        return {
            "id": self.id, "name": self.name, "is_channel": not self.is_private, "is_private": self.is_private,
            "is_archived": self.is_archived, "is_member": self.has_bot,
        }  # fmt: skip


class Workspace:
    """The state of one fake workspace."""

    def __init__(self) -> None:
        self.team = {"id": "T0FAKE0001", "domain": "sakura", "name": "Hotel Sakura"}
        self.bot_user = "U0BOT00001"
        self.bot_token = "xoxb-fake"
        self.app_token = "xapp-fake"
        self.scopes = list(ALL_SCOPES)
        self.users: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.ephemerals: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.file_names: dict[str, str] = {}
        self.pings: list[tuple[str, str]] = []  # (channel, who): every notification that a text caused
        self._numbers = itertools.count(1)

    def add_user(self, user: str, name: str, locale: str = "ja-JP") -> None:
        """Somebody of the team."""
        self.users[user] = {"id": user, "name": name, "real_name": name, "locale": locale, "tz": "Asia/Tokyo"}

    def add_channel(self, name: str, **more: Any) -> Channel:
        """A channel; the bot is in it unless `has_bot=False`."""
        channel = Channel(f"C0{len(self.channels):07d}", name, **more)
        self.channels[channel.id] = channel
        return channel

    def channel(self, name: str) -> Channel:
        """By id, or by name with or without #."""
        if name in self.channels:
            return self.channels[name]
        return next(one for one in self.channels.values() if one.name == name.removeprefix("#"))

    def direct(self, user: str) -> Channel:
        """The private conversation between the bot and a user."""
        name = f"dm-{user}"
        found = next((one for one in self.channels.values() if one.name == name), None)
        return found or self.add_channel(name, is_private=True)

    def new_ts(self) -> str:
        """A message id: time and a running number."""
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def new_id(self, letter: str) -> str:
        """An id of a view, a trigger, a file."""
        return f"{letter}0{next(self._numbers):08d}"

    def note_pings(self, channel: str, message: dict[str, Any]) -> None:
        """Remembers whom a new message notifies. An edit notifies nobody."""
        for text in _mrkdwn_texts(message):
            for group, user in _PING.findall(text):
                self.pings.append((channel, group or user))


def _mrkdwn_texts(value: Any) -> list[str]:
    """Texts that Slack reads as markup: those of type mrkdwn, or `text` where there are no blocks."""
    if isinstance(value, list):
        return [text for one in value for text in _mrkdwn_texts(one)]
    if not isinstance(value, dict):
        return []
    if value.get("type") == "mrkdwn":
        return [value["text"]]
    if value.get("blocks"):
        return _mrkdwn_texts(value["blocks"])
    if value.get("type") == "message":
        return [value.get("text", "")]
    return [text for one in value.values() for text in _mrkdwn_texts(one)]
