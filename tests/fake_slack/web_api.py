"""The methods of the Web API: what each needs, what it changes, what it refuses."""

from __future__ import annotations

import time
from typing import Any

from tests.fake_slack.block_kit import complaints, view_complaints
from tests.fake_slack.workspace import Channel, Workspace

Answer = dict[str, Any]
SCOPES = {
    "chat.postMessage": "chat:write", "chat.postEphemeral": "chat:write", "chat.update": "chat:write",
    "chat.delete": "chat:write", "conversations.list": "channels:read", "conversations.info": "channels:read",
    "conversations.history": "channels:history", "conversations.replies": "channels:history",
    "conversations.join": "channels:join", "conversations.open": "im:write", "users.info": "users:read",
    "files.getUploadURLExternal": "files:write", "files.completeUploadExternal": "files:write",
}  # fmt: skip
TRIGGER_LIVES = 3.0  # seconds


class Refused(Exception):
    """The method answers ok: false."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


class WebApi:
    """Calls methods on a workspace. `messages_per_second` a channel; None: no limit."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.triggers: dict[str, float] = {}  # id → when it was given out; used ones are gone
        self.used_triggers: set[str] = set()
        self.trigger_views: dict[str, str] = {}  # the dialog in which a trigger was given out
        self.socket_url = ""
        self.origin = ""
        self.messages_per_second: int | None = None
        self._posted: dict[str, list[float]] = {}

    def call(self, method: str, asked: dict[str, Any], token: str) -> Answer:
        """The JSON answer. Raises Refused, and RateLimited where Slack answers 429."""
        if not token:
            raise Refused("not_authed")
        app_method = method == "apps.connections.open"
        if token != (self.workspace.app_token if app_method else self.workspace.bot_token):
            raise Refused("invalid_auth")
        needed = SCOPES.get(method)
        if needed and needed not in self.workspace.scopes:
            raise Refused("missing_scope", needed=needed, provided=",".join(self.workspace.scopes))
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            raise Refused("unknown_method", req_method=method)
        return {"ok": True, **handler(asked)}

    def trigger(self) -> str:
        """A new trigger id, good for one dialog within three seconds."""
        name = f"{self.workspace.new_id('1')}.trigger"
        self.triggers[name] = time.monotonic()
        return name

    def _auth_test(self, asked: Answer) -> Answer:
        team = self.workspace.team
        return {
            "url": f"https://{team['domain']}.slack.com/", "team": team["name"], "team_id": team["id"],
            "user": "kintsugi", "user_id": self.workspace.bot_user, "bot_id": "B0BOT00001",
            "is_enterprise_install": False,
        }  # fmt: skip

    def _chat_postMessage(self, asked: Answer) -> Answer:
        channel = self._writable(asked.get("channel", ""))
        self._check_body(asked)
        self._count(channel)
        thread = asked.get("thread_ts")
        if thread and not any(one["ts"] == thread for one in channel.messages):
            raise Refused("thread_not_found")
        message = {
            "type": "message", "ts": self.workspace.new_ts(), "user": self.workspace.bot_user,
            "bot_id": "B0BOT00001", "app_id": "A0FAKE0001", "team": self.workspace.team["id"],
            "text": asked.get("text", ""),
        }  # fmt: skip
        message |= {key: asked[key] for key in ("blocks", "metadata", "thread_ts") if asked.get(key)}
        channel.messages.append(message)
        self.workspace.note_pings(channel.id, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _chat_postEphemeral(self, asked: Answer) -> Answer:
        channel = self._writable(asked.get("channel", ""))
        self._check_body(asked)
        self.workspace.ephemerals.append({"channel": channel.id, "user": asked["user"], "text": asked.get("text", "")})
        return {"message_ts": self.workspace.new_ts()}

    def _chat_update(self, asked: Answer) -> Answer:
        channel = self._writable(asked.get("channel", ""), by_name=False)
        message = self._own(channel, asked.get("ts", ""), "cant_update_message")
        self._check_body(asked)
        if len(asked.get("text") or "") > 4000:
            raise Refused("msg_too_long")
        message |= {key: asked[key] for key in ("text", "blocks", "metadata") if asked.get(key) is not None}
        message["edited"] = {"user": self.workspace.bot_user, "ts": self.workspace.new_ts()}
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}

    def _chat_delete(self, asked: Answer) -> Answer:
        channel = self._writable(asked.get("channel", ""), by_name=False)
        message = self._own(channel, asked.get("ts", ""), "cant_delete_message")
        channel.messages.remove(message)
        return {"channel": channel.id, "ts": message["ts"]}

    def _conversations_list(self, asked: Answer) -> Answer:
        types = str(asked.get("types") or "public_channel").split(",")
        found = [
            one.as_json()
            for one in self.workspace.channels.values()
            if ("private_channel" in types and one.has_bot if one.is_private else "public_channel" in types)
            and not one.name.startswith("dm-")
            and not (str(asked.get("exclude_archived")).lower() in ("true", "1") and one.is_archived)
        ]
        return self._page("channels", found, asked)

    def _conversations_info(self, asked: Answer) -> Answer:
        return {"channel": self._channel(asked.get("channel", ""), by_name=False).as_json()}

    def _conversations_history(self, asked: Answer) -> Answer:
        channel = self._readable(asked)
        found = [one for one in reversed(channel.messages) if one.get("thread_ts") in (None, one["ts"])]
        return self._page("messages", [self._shown(one, asked) for one in found if self._after(one, asked)], asked)

    def _conversations_replies(self, asked: Answer) -> Answer:
        channel = self._readable(asked)
        found = [one for one in channel.messages if asked["ts"] in (one["ts"], one.get("thread_ts"))]
        if not found:
            raise Refused("thread_not_found")
        return self._page("messages", [self._shown(one, asked) for one in found], asked)

    def _conversations_join(self, asked: Answer) -> Answer:
        channel = self._channel(asked.get("channel", ""), by_name=False)
        if channel.is_private:
            raise Refused("method_not_supported_for_channel_type")
        channel.has_bot = True
        return {"channel": channel.as_json()}

    def _conversations_open(self, asked: Answer) -> Answer:
        if asked.get("users") not in self.workspace.users:
            raise Refused("user_not_found")
        return {"channel": {"id": self.workspace.direct(asked["users"]).id}}

    def _users_info(self, asked: Answer) -> Answer:
        user = self.workspace.users.get(asked.get("user", ""))
        if user is None:
            raise Refused("user_not_found")
        shown = user if str(asked.get("include_locale")).lower() in ("true", "1") else {**user, "locale": None}
        return {"user": {key: value for key, value in shown.items() if value is not None}}

    def _views_open(self, asked: Answer) -> Answer:
        self._use_trigger(asked.get("trigger_id", ""))
        return {"view": self._store_view(asked.get("view"))}

    def _views_push(self, asked: Answer) -> Answer:
        trigger = asked.get("trigger_id", "")
        below = self.workspace.views.get(self.trigger_views.get(trigger, ""))
        if below is None:
            raise Refused("not_found")
        self._use_trigger(trigger)
        if below["depth"] >= 3:
            raise Refused("push_limit_reached")
        return {"view": self._store_view(asked.get("view"), below=below)}

    def _views_update(self, asked: Answer) -> Answer:
        known = self.workspace.views.get(asked.get("view_id", ""))
        if known is None:
            raise Refused("not_found")
        if asked.get("hash") not in (None, known["hash"]):
            raise Refused("hash_conflict")
        return {"view": self._store_view(asked.get("view"), known["id"])}

    def _views_publish(self, asked: Answer) -> Answer:
        view = self._store_view(asked.get("view"))
        self.workspace.homes[asked["user_id"]] = view
        return {"view": view}

    def _apps_connections_open(self, asked: Answer) -> Answer:
        return {"url": self.socket_url}

    def _files_getUploadURLExternal(self, asked: Answer) -> Answer:
        name = self.workspace.new_id("F")
        self.workspace.file_names[name] = asked["filename"]
        return {"file_id": name, "upload_url": f"{self.origin}/upload/{name}"}

    def _files_completeUploadExternal(self, asked: Answer) -> Answer:
        names = self.workspace.file_names
        files = [{"id": one["id"], "name": names[one["id"]], "title": one.get("title", "")} for one in asked["files"]]
        if asked.get("channel_id"):
            channel = self._writable(asked["channel_id"], by_name=False)
            message = {"type": "message", "ts": self.workspace.new_ts(), "user": self.workspace.bot_user, "text": ""}
            message |= {"bot_id": "B0BOT00001", "files": files}
            channel.messages.append(message | ({"thread_ts": asked["thread_ts"]} if asked.get("thread_ts") else {}))
        return {"files": files}

    def _page(self, name: str, found: list[Answer], asked: Answer) -> Answer:
        start, size = int(asked.get("cursor") or 0), int(asked.get("limit") or 100)
        following = str(start + size) if start + size < len(found) else ""
        return {
            name: found[start : start + size], "has_more": bool(following),
            "response_metadata": {"next_cursor": following},
        }  # fmt: skip

    def _shown(self, message: Answer, asked: Answer) -> Answer:
        if str(asked.get("include_all_metadata")).lower() in ("true", "1"):
            return message
        return {key: value for key, value in message.items() if key != "metadata"}

    def _after(self, message: Answer, asked: Answer) -> bool:
        return float(message["ts"]) >= float(asked.get("oldest") or 0)

    def _channel(self, name: str, *, by_name: bool = True) -> Channel:
        if by_name and name in self.workspace.users:
            return self.workspace.direct(name)
        try:
            channel = self.workspace.channel(name)
        except StopIteration:
            raise Refused("channel_not_found") from None
        if (not by_name and name != channel.id) or (channel.is_private and not channel.has_bot):
            raise Refused("channel_not_found")
        return channel

    def _writable(self, name: str, *, by_name: bool = True) -> Channel:
        channel = self._channel(name, by_name=by_name)
        if channel.is_archived:
            raise Refused("is_archived")
        if not channel.has_bot:
            raise Refused("not_in_channel")
        return channel

    def _readable(self, asked: Answer) -> Channel:
        channel = self._channel(asked.get("channel", ""), by_name=False)
        if not channel.has_bot:
            raise Refused("not_in_channel")
        return channel

    def _own(self, channel: Channel, ts: str, otherwise: str) -> Answer:
        message = next((one for one in channel.messages if one["ts"] == ts), None)
        if message is None:
            raise Refused("message_not_found")
        if message.get("user") != self.workspace.bot_user:
            raise Refused(otherwise)
        return message

    def _check_body(self, asked: Answer) -> None:
        if not asked.get("text") and not asked.get("blocks"):
            raise Refused("no_text")
        found = complaints(asked.get("blocks") or [])
        if found:
            raise Refused("invalid_blocks", errors=found, response_metadata={"messages": found})

    def _count(self, channel: Channel) -> None:
        now = time.monotonic()
        recent = [moment for moment in self._posted.get(channel.id, []) if now - moment < 1]
        if self.messages_per_second is not None and len(recent) >= self.messages_per_second:
            raise RateLimited(1)
        self._posted[channel.id] = [*recent, now]

    def _use_trigger(self, trigger: str) -> None:
        if trigger in self.used_triggers:
            raise Refused("exchanged_trigger_id")
        given = self.triggers.get(trigger)
        if given is None:
            raise Refused("invalid_trigger_id")
        if time.monotonic() - given > TRIGGER_LIVES:
            raise Refused("expired_trigger_id")
        self.used_triggers.add(trigger)

    def _store_view(self, view: Any, known: str | None = None, below: Answer | None = None) -> Answer:
        found = view_complaints(view)
        if found:
            raise Refused("invalid_arguments", response_metadata={"messages": found})
        name = known or self.workspace.new_id("V")
        place = self.workspace.views.get(name) or below
        stored = {
            **view, "id": name, "team_id": self.workspace.team["id"],
            "hash": self.workspace.new_id("h"), "state": {"values": {}}, "app_id": "A0FAKE0001",
            "root_view_id": place["root_view_id"] if place else name,
            "previous_view_id": below["id"] if below else None,
            "depth": below["depth"] + 1 if below else place["depth"] if place else 1,
        }  # fmt: skip
        self.workspace.views[stored["id"]] = stored
        return stored


class RateLimited(Exception):
    """HTTP 429 with Retry-After."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds
