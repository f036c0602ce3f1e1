"""Instagram: an answer below a comment on one's own media, or a comment below media whose caption names the account."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls
from responder.channels.channel import Address, Failed, Live, Outgoing, Permanent, Published, chosen
from responder.channels.graph import graph_meaning
from responder.channels.tokens import fixed

_SAID = "id,text,username,timestamp"
_AT_ONCE, _PAGES = 50, 10  # Instagram gives no more of them at once


class Options(ChannelOptions):
    """As for reading, and `username`, the account's own name; the token needs instagram_manage_comments."""

    user_id: str
    username: str
    token_env: str = "INSTAGRAM_TOKEN"  # noqa: S105 (the name of a variable)
    version: str = "v21.0"
    base_url: str = "https://graph.facebook.com"


class Instagram:
    """One business account. Answers cannot be changed; those below one's own media can be deleted."""

    replaces = False

    def __init__(self, calls: Calls, user: str, name: str, version: str) -> None:
        self._calls, self._user, self._name, self._version = calls, user, name, version

    def look(self, reply: Outgoing) -> Live | None:
        """Our answer below the comment, or our comment below the media, however many others stand there."""
        comment = self._comment(reply)
        below = self._below_media(reply) if comment is None else self._below_comment(reply, comment)
        own = sorted((one for one in below if one.get("username") == self._name), key=lambda one: one["timestamp"])
        return chosen([Live(str(one.get("text") or ""), {"id": str(one["id"])}) for one in own], reply)

    def publish(self, reply: Outgoing) -> Published:
        """Answers the comment; media of others are answered as a mention."""
        if self._comment(reply) is not None:
            made = self._calls.send("POST", f"{self._at(reply.mention)}/replies", data={"message": reply.text})
        else:
            form = {"media_id": reply.mention, "message": reply.text}
            made = self._calls.send("POST", f"{self._at(self._user)}/mentions", data=form)
        return Published({"id": str(made["id"])})

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # the comment has an id
        """Deletes our answer."""
        self._calls.send("DELETE", self._at(str(address["id"])))

    def _comment(self, reply: Outgoing) -> dict[str, Any] | None:
        """The comment with the first of its answers; None where the mention is no comment on media of ours."""
        fields = f"id,text,replies.limit({_AT_ONCE}){{{_SAID}}}"
        try:
            found: dict[str, Any] = self._calls.get(self._at(reply.mention), fields=fields)
        except Failed as failed:
            if isinstance(failed.result, Permanent) and failed.result.reason in ("gone", "refused"):
                return None
            raise
        return found if "text" in found else None

    def _below_comment(self, reply: Outgoing, comment: dict[str, Any]) -> list[dict[str, Any]]:
        page = comment.get("replies") or {}
        below: list[dict[str, Any]] = list(page.get("data", []))
        for _ in range(_PAGES):
            after = _next(page)
            if after is None:
                break
            query = {"fields": _SAID, "limit": _AT_ONCE, "after": after}
            page = self._calls.get(f"{self._at(reply.mention)}/replies", **query)
            below += page.get("data", [])
        return below

    def _below_media(self, reply: Outgoing) -> list[dict[str, Any]]:
        below: list[dict[str, Any]] = []
        after: str | None = ""
        for _ in range(_PAGES):
            place = f".after({after})" if after else ""
            page = self._mentioned(reply, f"comments.limit({_AT_ONCE}){place}{{{_SAID}}}").get("comments") or {}
            below += page.get("data", [])
            after = _next(page)
            if after is None:
                break
        return below

    def _mentioned(self, reply: Outgoing, what: str) -> dict[str, Any]:
        fields = f"mentioned_media.media_id({reply.mention}){{id,{what}}}"
        try:
            found: dict[str, Any] = self._calls.get(self._at(self._user), fields=fields)["mentioned_media"]
        except Failed as failed:
            if not isinstance(failed.result, Permanent) or failed.result.reason != "refused":
                raise
            said = f"instagram: {reply.mention} is no longer there, or its caption does not name us"
            raise Failed(Permanent("gone", said)) from None
        return found

    def _at(self, identity: str) -> str:
        return f"/{self._version}/{quote(identity, safe='')}"


def _next(page: dict[str, Any]) -> str | None:
    """The cursor of the page after this one. Without `next` it is the last, which has a cursor all the same."""
    paging = page.get("paging") or {}
    after = (paging.get("cursors") or {}).get("after")
    return after if paging.get("next") and isinstance(after, str) else None


def open_channel(options: Options, account: Account) -> Instagram:
    """Raises Missing without a token."""
    token = fixed(account.secret(options.token_env))
    calls = Calls("instagram", options.base_url, token, partial(graph_meaning, "instagram"))
    return Instagram(calls, options.user_id, options.username, options.version)
