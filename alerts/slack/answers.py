"""What a dialog holds when it is sent or changed. Blocks are found by the action id of their element."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]


class Answers:
    """The state of a view. Whatever is missing or of another shape reads as empty: payloads may be forged."""

    def __init__(self, view: Payload) -> None:
        self._found: dict[str, Payload] = {}
        for block in ((view.get("state") or {}).get("values") or {}).values():
            self._found |= {name: value for name, value in block.items() if isinstance(value, dict)}

    def text(self, name: str) -> str:
        """What was typed."""
        return str(self._found.get(name, {}).get("value") or "")

    def texts(self, prefix: str) -> list[str]:
        """What was typed into all fields whose names begin so, in their order."""
        return [self.text(name) for name in sorted(self._found) if name.startswith(prefix)]

    def chosen(self, name: str) -> str:
        """The value of the chosen option."""
        return str((self._found.get(name, {}).get("selected_option") or {}).get("value") or "")

    def moment(self, name: str) -> datetime | None:
        """The chosen moment."""
        stamp = self._found.get(name, {}).get("selected_date_time")
        return datetime.fromtimestamp(stamp, UTC) if isinstance(stamp, int) and 0 < stamp < 10**10 else None


def input_block(view: Payload) -> str:
    """The first field of a dialog, at which a refusal is shown."""
    return next(str(block["block_id"]) for block in view["blocks"] if block.get("type") == "input")
