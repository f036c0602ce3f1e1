"""The one interface of every site on which a reply can be published, and what comes of publishing it.

A channel is called outside any transaction. Its methods raise `Failed` with the result that is to be recorded;
`put_live` and `take_down` turn that into a plain result. What a site cannot do it does not have: one that can be
asked is `Asked`, one whose reply can be changed is `Edited`, one whose reply can be taken away is `Deleted`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

Address = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way, and what it answers. Every try to publish one reply is given an equal value."""

    number: int  # of the reply's row
    text: str
    approved_at: datetime
    mention: str  # the mention's id at its source
    author: str | None = None  # the author's id there
    title: str | None = None
    language: str | None = None
    address: Address = field(default_factory=dict)  # of the reply whose place it takes, where that is known


@dataclass(frozen=True, slots=True)
class Published:
    """It is live. `address` finds it there again, to change it or to take it away."""

    address: dict[str, Any]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Temporary:
    """It did not go live, and may later. `retry_after` is what the site asked for."""

    error: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Permanent:
    """It will never go live as it is. `reason`: revoked, gone, answered or refused; `error` says what to do."""

    reason: str
    error: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows whether it is live: the site took the request and did not answer."""

    error: str


Result = Published | Temporary | Permanent | Unclear


class Failed(Exception):
    """Why a channel could not do it, as the result to record."""

    def __init__(self, result: Temporary | Permanent | Unclear) -> None:
        super().__init__(result.error)
        self.result = result


@dataclass(frozen=True, slots=True)
class Live:
    """Our reply as the site shows it."""

    text: str
    address: dict[str, Any]
    url: str | None = None


class Channel(Protocol):
    """A place where one of our sources shows replies."""

    replaces: bool  # publishing once more takes the place of the reply that is there

    def publish(self, reply: Outgoing) -> Published:
        """Publishes it. Raises Failed."""
        ...


@runtime_checkable
class Asked(Protocol):
    """A site that can be asked whether our reply is live."""

    def look(self, reply: Outgoing) -> Live | None:
        """Our reply to that mention, whatever it says; None: there is none. Raises Failed (`gone`: the mention is)."""
        ...


@runtime_checkable
class Edited(Protocol):
    """A site on which our reply can be changed in its place."""

    def edit(self, reply: Outgoing, address: Address) -> Published:
        """Gives the reply at `address` the text of `reply`. Raises Failed."""
        ...


@runtime_checkable
class Deleted(Protocol):
    """A site on which our reply can be taken away."""

    def delete(self, reply: Outgoing, address: Address) -> None:
        """Takes away the reply at `address`; one that is gone already is no error. Raises Failed."""
        ...


def put_live(channel: Channel, reply: Outgoing) -> Result:
    """Makes this the one reply that the site shows. The site is asked first, so that a repeated try changes nothing.

    A reply that is there already is replaced or changed where the site can do that; otherwise it is `answered`.
    """
    try:
        live = channel.look(reply) if isinstance(channel, Asked) else None
        if live is not None and same_text(live.text, reply.text):
            return Published(live.address, live.url)
        if live is None or channel.replaces:
            return channel.publish(reply)
        if isinstance(channel, Edited):
            return channel.edit(reply, live.address)
    except Failed as failed:
        return failed.result
    return Permanent(
        "answered", "our account has replied already, and this site cannot change a reply: delete it first"
    )


def take_down(channel: Channel, reply: Outgoing) -> Result:
    """Takes our reply away from the site; Published means that it is no longer there."""
    if not isinstance(channel, Deleted):
        return Permanent("refused", "this site lets nobody delete a reply by its API: delete it by hand")
    try:
        address: Address = reply.address
        if isinstance(channel, Asked):
            live = channel.look(reply)
            if live is None:
                return Published({})
            address = live.address
        channel.delete(reply, address)
    except Failed as failed:
        gone = isinstance(failed.result, Permanent) and failed.result.reason == "gone"
        return Published({}) if gone else failed.result
    return Published({})


def chosen(found: Sequence[Live], reply: Outgoing) -> Live | None:
    """Of several replies of our account: the one with this text, the one whose place it takes, or the newest (last)."""
    for live in found:
        if same_text(live.text, reply.text):
            return live
    known = [live for live in found if live.address.get("id") == reply.address.get("id", "")]
    return known[0] if known else found[-1] if found else None


def same_text(one: str, other: str) -> bool:
    """Whether a site shows this text: sites change white space and character widths."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
