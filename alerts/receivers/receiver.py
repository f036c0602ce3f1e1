"""The one interface of everything that can be told something, and what comes of telling it.

A receiver is called outside any transaction: claim the delivery, commit, `deliver`, record the result. Purposes:

| purpose | payload | effect |
|---|---|---|
| case_message | | posts the living message of a case |
| case_edit | | edits it in place (posts it where there was none) |
| thread | `text`, `mention` (person id or absent) | a reply to the case's message |
| notice | `title`, `lines`, `severity`, `link`, `image` (path) | a message of its own: summary, incident, report |
| | `images` (paths), `page` (path of an HTML page: what mail shows in place of the lines) | |
| notice_edit | the same | edits that message |
| picture | `picture` (path), `title` | a picture in the thread of a notice, where there are threads |
| direct | `person`, `text` | a private message to one person |
| erase | | removes the message at the address |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from alerts.view import CaseView

Address = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiver took it. `address` finds it there again (Slack: channel and ts)."""

    address: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Temporary:
    """It failed for now. `unclear`: it may have arrived, so ask the receiver (`find`) before the next try."""

    error: str
    retry_after: timedelta | None = None
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Permanent:
    """It will never work as it is. `error` says what to do. `elsewhere`: the next receiver should be told instead."""

    error: str
    elsewhere: bool = False


Result = Sent | Temporary | Permanent


class Receiver(Protocol):
    """A place that can be told."""

    def deliver(
        self, key: str, purpose: str, payload: Mapping[str, Any], view: CaseView | None, address: Address | None
    ) -> Result:
        """Shows one delivery. `view` is the case now, `address` that of the case's message at this receiver."""
        ...


@runtime_checkable
class Asked(Protocol):
    """A receiver that can be asked whether it has a delivery."""

    def find(self, key: str, since: datetime, address: Address | None) -> dict[str, Any] | None:
        """The address of the delivery of this key, told at or after `since`; None when it never arrived.

        `address` is that of the message in whose thread it would be. Raises ConnectionError when the
        receiver does not answer.
        """
        ...


@runtime_checkable
class Checked(Protocol):
    """A receiver that can look at itself before it is needed."""

    def check(self) -> str | None:
        """None when everything is right; otherwise what is wrong and what to do, in one line."""
        ...
