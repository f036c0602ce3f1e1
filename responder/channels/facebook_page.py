"""Facebook: the page's comment below a recommendation, a post or a comment."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls
from responder.channels.channel import Address, Live, Outgoing, Published, chosen
from responder.channels.graph import graph_meaning
from responder.channels.tokens import fixed


class Options(ChannelOptions):
    """As for reading; the page's token needs pages_manage_engagement."""

    page_id: str
    token_env: str = "FACEBOOK_PAGE_TOKEN"  # noqa: S105 (the name of a variable)
    version: str = "v21.0"
    base_url: str = "https://graph.facebook.com"


class FacebookPage:
    """One page. A recommendation's id is that of its open_graph_story."""

    replaces = False

    def __init__(self, calls: Calls, page: str, version: str) -> None:
        self._calls, self._page, self._version = calls, page, version

    def look(self, reply: Outgoing) -> Live | None:
        """The page's comment below it."""
        # The newest come first: below a busy post ours would not be among the oldest, and would go out once more.
        query = {"fields": "id,message,from,created_time,permalink_url", "order": "reverse_chronological", "limit": 100}
        found = self._calls.get(f"{self._at(reply.mention)}/comments", **query).get("data", [])
        own = [one for one in reversed(found) if str((one.get("from") or {}).get("id")) == self._page]
        return chosen([_live(one) for one in own], reply)

    def publish(self, reply: Outgoing) -> Published:
        """Comments as the page."""
        made = self._calls.send("POST", f"{self._at(reply.mention)}/comments", data={"message": reply.text})
        return Published({"id": str(made["id"])})

    def edit(self, reply: Outgoing, address: Address) -> Published:
        """Changes the comment."""
        self._calls.send("POST", self._at(str(address["id"])), data={"message": reply.text})
        return Published(dict(address))

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # the comment has an id
        """Deletes the comment."""
        self._calls.send("DELETE", self._at(str(address["id"])))

    def _at(self, identity: str) -> str:
        return f"/{self._version}/{quote(identity, safe='')}"


def _live(comment: dict[str, Any]) -> Live:
    return Live(str(comment.get("message") or ""), {"id": str(comment["id"])}, comment.get("permalink_url"))


def open_channel(options: Options, account: Account) -> FacebookPage:
    """Raises Missing without the page's token."""
    token = fixed(account.secret(options.token_env))
    calls = Calls("facebook_page", options.base_url, token, partial(graph_meaning, "facebook_page"))
    return FacebookPage(calls, options.page_id, options.version)
