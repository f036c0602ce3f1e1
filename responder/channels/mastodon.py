"""Mastodon and servers that speak its API: a public answer to a post, which names its author so that they see it."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import quote

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls
from responder.channels.channel import Address, Failed, Live, Outgoing, Permanent, Published, chosen
from responder.channels.tokens import fixed

_BREAK = re.compile(r"<br\s*/?>|</p>")
_TAG = re.compile(r"<[^>]+>")
_NAMED = re.compile(r"^(?:@\S+\s+)+")


class Options(ChannelOptions):
    """As for reading; the token needs the scopes read and write:statuses."""

    base_url: str = "https://mastodon.social"
    token_env: str = "MASTODON_TOKEN"  # noqa: S105 (the name of a variable)


class Mastodon:
    """One account on one server. The server takes an idempotency key for an hour, and can be asked at any time."""

    replaces = False

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._own: str | None = None

    def look(self, reply: Outgoing) -> Live | None:
        """Our answer below the post."""
        post = self._post(reply)
        below = self._calls.get(f"/api/v1/statuses/{post['id']}/context").get("descendants", [])
        own = self._account()
        answers = [one for one in below if one.get("in_reply_to_id") == post["id"] and one["account"]["id"] == own]
        return chosen([_live(one) for one in answers], reply)

    def publish(self, reply: Outgoing) -> Published:
        """Posts the answer; the same key twice gives the same post."""
        post = self._post(reply)
        body = {
            "status": f"@{post['account']['acct']} {reply.text}",
            "in_reply_to_id": post["id"],
            "visibility": "unlisted" if post.get("visibility") == "unlisted" else "public",
            **({"language": reply.language} if reply.language else {}),
        }
        key = {"Idempotency-Key": f"kintsugi-{reply.number}-{int(reply.approved_at.timestamp())}"}
        live = _live(self._calls.send("POST", "/api/v1/statuses", json=body, headers=key))
        return Published(live.address, live.url)

    def edit(self, reply: Outgoing, address: Address) -> Published:
        """Changes our answer."""
        post = self._post(reply)
        body = {"status": f"@{post['account']['acct']} {reply.text}"}
        live = _live(self._calls.send("PUT", f"/api/v1/statuses/{address['id']}", json=body))
        return Published(live.address, live.url)

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # the answer has an id
        """Takes our answer away."""
        self._calls.send("DELETE", f"/api/v1/statuses/{address['id']}")

    def _post(self, reply: Outgoing) -> dict[str, Any]:
        """The post on this server: mentions are kept by their uri, which is the same everywhere."""
        if reply.mention.isdecimal():
            post: dict[str, Any] = self._calls.get(f"/api/v1/statuses/{quote(reply.mention, safe='')}")
            return post
        found = self._calls.get("/api/v2/search", q=reply.mention, type="statuses", resolve="true", limit=5)
        for status in found.get("statuses", []):
            if reply.mention in (status.get("uri"), status.get("url")):
                known: dict[str, Any] = status
                return known
        raise Failed(Permanent("gone", f"mastodon: the post {reply.mention[:120]} is no longer there"))

    def _account(self) -> str:
        if self._own is None:
            self._own = str(self._calls.get("/api/v1/accounts/verify_credentials")["id"])
        return self._own


def _live(status: dict[str, Any]) -> Live:
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", str(status.get("content") or "")))).strip()
    return Live(_NAMED.sub("", text), {"id": str(status["id"])}, status.get("url"))


def open_channel(options: Options, account: Account) -> Mastodon:
    """Raises Missing without a token."""
    return Mastodon(Calls("mastodon", options.base_url, fixed(account.secret(options.token_env))))
