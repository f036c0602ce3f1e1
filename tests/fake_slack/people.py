"""What people do in the workspace: press buttons, fill in dialogs, type commands. Each returns the app's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fake_slack.server import FakeSlack

Payload = dict[str, Any]


class People:
    """The hands of the workspace."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def press(self, channel: str, ts: str, action_id: str, user: str, *, value: str | None = None) -> Payload:
        """Presses a button of a message. `value` forges what the button carries. KeyError: there is no such button."""
        return self._slack.socket.send("interactive", self.press_payload(channel, ts, action_id, user, value=value))

    def press_payload(self, channel: str, ts: str, action_id: str, user: str, *, value: str | None = None) -> Payload:
        """What Slack sends for it, to replay or to post with a signature."""
        place = self._slack.workspace.channel(channel)
        message = next(one for one in place.messages if one["ts"] == ts)
        found = [
            (block, element)
            for block in message.get("blocks", [])
            for element in [*block.get("elements", []), block.get("accessory") or {}]
            if element.get("action_id") == action_id
        ]
        if not found:
            raise KeyError(f"the message has no button {action_id}")
        block, element = found[0]
        action = {key: element[key] for key in ("action_id", "text", "value", "type") if key in element}
        action |= {"block_id": block.get("block_id", "b"), "action_ts": self._slack.workspace.new_ts()}
        if value is not None:
            action["value"] = value
        return {
            **self._from(user, "block_actions"),
            "container": {"type": "message", "message_ts": ts, "channel_id": place.id, "is_ephemeral": False},
            "channel": {"id": place.id, "name": place.name},
            "message": message,
            "state": {"values": {}},
            "actions": [action],
        }

    def submit(self, view_id: str, values: dict[str, Any], user: str) -> Payload:
        """Fills in a dialog and sends it. `values`: action id → what was typed or chosen."""
        view = self._slack.workspace.views[view_id]
        state = _state(view)
        for block in view["blocks"]:
            for element in _elements(block):
                if element["action_id"] in values:
                    typed = _typed(element, values[element["action_id"]])
                    state.setdefault(block["block_id"], {})[element["action_id"]] = typed
        filled = {**view, "state": {"values": state}}
        payload = {**self._from(user, "view_submission"), "view": filled, "response_urls": []}
        return self._slack.socket.send("interactive", payload)

    def press_in(self, view_id: str, action_id: str, user: str, *, value: str | None = None) -> Payload:
        """Presses a button in a dialog, the first of this id or the one of this value."""
        block, element = self._found_in(view_id, action_id, value)
        return self._act_in(view_id, user, block, element, {"value": element.get("value", "")})

    def type_in(self, view_id: str, action_id: str, text: str, user: str) -> Payload:
        """Types into a field of a dialog that asks to be told of it."""
        block, element = self._found_in(view_id, action_id, None)
        if not block.get("dispatch_action"):
            raise KeyError(f"{action_id} does not ask to be told")
        return self._act_in(view_id, user, block, element, {"value": text})

    def choose_in(self, view_id: str, action_id: str, value: str, user: str) -> Payload:
        """Chooses an option of a menu that stands in a row of actions."""
        block, element = self._found_in(view_id, action_id, None)
        return self._act_in(view_id, user, block, element, _typed(element, value))

    def _found_in(self, view_id: str, action_id: str, value: str | None) -> tuple[Payload, Payload]:
        for block in self._slack.workspace.views[view_id]["blocks"]:
            for element in [*block.get("elements", []), block.get("accessory") or {}, block.get("element") or {}]:
                if element.get("action_id") == action_id and value in (None, element.get("value")):
                    return block, element
        raise KeyError(f"the dialog has no {action_id} {value or ''}")

    def _act_in(self, view_id: str, user: str, block: Payload, element: Payload, said: Payload) -> Payload:
        view = self._slack.workspace.views[view_id]
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"], **said}
        values = _state(view)
        values.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **said}
        payload = {
            **self._from(user, "block_actions"),
            "container": {"type": "view", "view_id": view_id},
            "view": {**view, "state": {"values": values}},
            "actions": [action],
        }
        payload.pop("response_url")
        self._slack.api.trigger_views[payload["trigger_id"]] = view_id
        return self._slack.socket.send("interactive", payload)

    def command(self, text: str, user: str, channel: str = "general", command: str = "/kintsugi") -> Payload:
        """Types a slash command."""
        place = self._slack.workspace.channel(channel)
        common = self._from(user, "")
        payload = {
            "token": "fake", "team_id": common["team"]["id"], "team_domain": common["team"]["domain"],
            "channel_id": place.id, "channel_name": place.name, "user_id": user,
            "user_name": common["user"]["name"], "command": command, "text": text, "api_app_id": "A0FAKE0001",
            "response_url": common["response_url"], "trigger_id": common["trigger_id"],
        }  # fmt: skip
        return self._slack.socket.send("slash_commands", payload)

    def shortcut(self, callback_id: str, channel: str, ts: str, user: str) -> Payload:
        """Chooses a shortcut in the menu of a message."""
        place = self._slack.workspace.channel(channel)
        message = next(one for one in place.messages if one["ts"] == ts)
        payload = {
            **self._from(user, "message_action"), "callback_id": callback_id, "message_ts": ts, "message": message,
            "channel": {"id": place.id, "name": place.name}, "action_ts": self._slack.workspace.new_ts(),
        }  # fmt: skip
        return self._slack.socket.send("interactive", payload)

    def shortcut_anywhere(self, callback_id: str, user: str) -> Payload:
        """Chooses a global shortcut: it belongs to no message and has no place to answer in."""
        payload = {**self._from(user, "shortcut"), "callback_id": callback_id, "action_ts": "1.0"}
        payload.pop("response_url")
        return self._slack.socket.send("interactive", payload)

    def open_home(self, user: str) -> Payload:
        """Opens the app's home tab."""
        return self._event({"type": "app_home_opened", "user": user, "tab": "home", "channel": "D0FAKE0001"})

    def write(self, channel: str, text: str, user: str, thread_ts: str | None = None, times: int = 1) -> str:
        """Writes a message; its ts. The app hears of it where it listens, several `times` if it was slow to answer."""
        place = self._slack.workspace.channel(channel)
        message = {"type": "message", "ts": self._slack.workspace.new_ts(), "user": user, "text": text}
        if thread_ts:
            message["thread_ts"] = thread_ts
        place.messages.append(message)
        for _ in range(times):
            self._event({**message, "channel": place.id, "channel_type": "channel", "event_ts": message["ts"]})
        return message["ts"]

    def responded(self, name: str, body: Payload) -> None:
        """Somebody answered through a response_url."""
        self._slack.workspace.ephemerals.append({"user": name.partition("-")[0], "text": body.get("text", ""), **body})

    def _event(self, event: Payload) -> Payload:
        workspace = self._slack.workspace
        if not self._slack.socket.sent and not self._slack.socket._connections:
            return {}
        payload = {
            "token": "fake", "team_id": workspace.team["id"], "api_app_id": "A0FAKE0001", "type": "event_callback",
            "event_id": workspace.new_id("Ev"), "event_time": 1, "event": event, "is_ext_shared_channel": False,
            "authorizations": [{"enterprise_id": None, "team_id": workspace.team["id"],
                                "user_id": workspace.bot_user, "is_bot": True, "is_enterprise_install": False}],
        }  # fmt: skip
        return self._slack.socket.send("events_api", payload)

    def _from(self, user: str, kind: str) -> Payload:
        workspace = self._slack.workspace
        name = workspace.users.get(user, {}).get("name", user)
        return {
            "type": kind,
            "user": {"id": user, "username": name, "name": name, "team_id": workspace.team["id"]},
            "api_app_id": "A0FAKE0001",
            "token": "fake",
            "trigger_id": self._slack.api.trigger(),
            "team": {"id": workspace.team["id"], "domain": workspace.team["domain"]},
            "enterprise": None,
            "is_enterprise_install": False,
            "response_url": f"{self._slack.origin}/response/{user}-{workspace.new_id('R')}",
        }


def _elements(block: Payload) -> list[Payload]:
    """What of a block has a state."""
    if block["type"] == "input":
        return [block["element"]]
    return [one for one in block["elements"] if one["type"] != "button"] if block["type"] == "actions" else []


def _state(view: Payload) -> dict[str, dict[str, Payload]]:
    """The state of a dialog that nobody touched."""
    return {
        block["block_id"]: {element["action_id"]: _initial(element) for element in elements}
        for block in view["blocks"]
        if (elements := _elements(block))
    }


def _initial(element: Payload) -> Payload:
    """What a field holds that nobody touched."""
    return {
        "type": element["type"],
        "value": element.get("initial_value"),
        "selected_option": element.get("initial_option"),
        "selected_date_time": element.get("initial_date_time"),
    }


def _typed(element: Payload, value: Any) -> Payload:
    """One value as view.state holds it."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": value}
    if kind == "datetimepicker":
        return {"type": kind, "selected_date_time": value}
    option = next(one for one in element["options"] if one["value"] == value)
    return {"type": kind, "selected_option": option}
