"""Reddit: a comment below a post or a comment, by one's own account."""

from __future__ import annotations

import html
from typing import Any

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls, what_it_says
from responder.channels.channel import (
    Address,
    Failed,
    Live,
    Outgoing,
    Permanent,
    Published,
    Temporary,
    chosen,
)
from responder.channels.tokens import AccessToken, basic

_AGENT = "python:kintsugi-recovery:1 (replies of a brand)"  # Reddit refuses requests that do not say who they are.
_PAGES = 10
_REMOVED = ("[deleted]", "[removed]")


class Options(ChannelOptions):
    """As for reading, and a permanent refresh token of the account (scopes identity, read, history, submit, edit)."""

    client_id_env: str = "REDDIT_CLIENT_ID"
    client_secret_env: str = "REDDIT_CLIENT_SECRET"  # noqa: S105 (the name of a variable)
    refresh_token_env: str = "REDDIT_REFRESH_TOKEN"  # noqa: S105 (the name of a variable)
    base_url: str | None = None
    token_url: str | None = None


class Reddit:
    """One account. A comment can be changed and deleted."""

    replaces = False

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._own: str | None = None

    def look(self, reply: Outgoing) -> Live | None:
        """Our comment below it, as our account's own list of comments shows it; and whether the post still stands."""
        found = self._calls.get("/api/info", id=reply.mention, raw_json=1)["data"]["children"]
        told: dict[str, Any] = found[0]["data"] if found else {}
        text = told.get("body", told.get("selftext"))
        if not told or text in _REMOVED or told.get("removed_by_category") or told.get("author") == "[deleted]":
            raise Failed(Permanent("gone", f"reddit: {reply.mention} was deleted or removed"))
        ours = [one for one in reversed(self._comments()) if one.get("parent_id") == reply.mention]
        return chosen([_live(one) for one in ours if one.get("body") not in _REMOVED], reply)

    def publish(self, reply: Outgoing) -> Published:
        """Comments."""
        return self._said("/api/comment", {"thing_id": reply.mention, "text": _markdown(reply.text)})

    def edit(self, reply: Outgoing, address: Address) -> Published:
        """Changes our comment."""
        return self._said("/api/editusertext", {"thing_id": str(address["id"]), "text": _markdown(reply.text)})

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # the comment has an id
        """Deletes our comment."""
        self._calls.send("POST", "/api/del", data={"id": str(address["id"])})

    def _said(self, path: str, form: dict[str, str]) -> Published:
        """Errors come with status 200, as lists of a name, a sentence and a field."""
        body = {**form, "api_type": "json", "raw_json": "1"}
        found = self._calls.send("POST", path, data=body)["json"]
        if found.get("errors"):
            raise Failed(_problem([str(part) for part in found["errors"][0]]))
        live = _live(found["data"]["things"][0]["data"])
        return Published(live.address, live.url)

    def _comments(self) -> list[dict[str, Any]]:
        """What our account said, newest first: the thousand that Reddit lists."""
        found: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": 100, "sort": "new", "raw_json": 1}
        for _ in range(_PAGES):
            page = self._calls.get(f"/user/{self._account()}/comments", **query)["data"]
            found += [one["data"] for one in page["children"]]
            if not page.get("after"):
                break
            query["after"] = page["after"]
        return found

    def _account(self) -> str:
        if self._own is None:
            self._own = str(self._calls.get("/api/v1/me")["name"])
        return self._own


def _problem(error: list[str]) -> Temporary | Permanent:
    name, why = error[0], " ".join(error[1:2])[:200]
    if name == "RATELIMIT":
        return Temporary(f"reddit: {why}")
    if name in ("DELETED_COMMENT", "DELETED_LINK", "TOO_OLD", "THREAD_LOCKED"):
        return Permanent("gone", f"reddit: {name}: {why}")
    return Permanent("refused", f"reddit: {name}: {why}")


def _meaning(status: int, found: Any) -> Permanent | None:
    return Permanent("refused", f"reddit: {what_it_says(found)}") if status == 403 else None


def _markdown(text: str) -> str:
    """In Markdown a single line break is a space; two blanks before it keep it."""
    return text.replace("\n", "  \n")


def _live(told: dict[str, Any]) -> Live:
    name = str(told.get("name") or f"t1_{told['id']}")
    link = told.get("permalink")
    return Live(
        html.unescape(str(told.get("body") or "")), {"id": name}, f"https://www.reddit.com{link}" if link else None
    )


def open_channel(options: Options, account: Account) -> Reddit:
    """Raises Missing without the app's secrets and a refresh token."""
    signs = basic(account.secret(options.client_id_env), account.secret(options.client_secret_env))
    refresh = account.secret(options.refresh_token_env)
    url = options.token_url or f"{(options.base_url or 'https://www.reddit.com').rstrip('/')}/api/v1/access_token"
    token = AccessToken(
        "reddit",
        url,
        lambda: {"grant_type": "refresh_token", "refresh_token": refresh},
        {**signs, "User-Agent": _AGENT},
    )
    return Reddit(Calls("reddit", options.base_url or "https://oauth.reddit.com", _with_agent(token), _meaning))


def _with_agent(token: AccessToken) -> Any:
    return lambda refused: {**token(refused), "User-Agent": _AGENT}
