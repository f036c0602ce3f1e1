"""Bluesky: an answer in the thread of a post. Its key is made from the approval, so that a second try is the same."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls
from responder.channels.channel import Address, Failed, Live, Outgoing, Permanent, Published, chosen
from responder.channels.tokens import bearer

_POST = "app.bsky.feed.post"
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"  # base32 of a TID (atproto.com/specs/tid)
_URL = re.compile(r"https?://[^\s、。」）)]+")


class Options(ChannelOptions):
    """As for reading, signed in."""

    handle_env: str = "BLUESKY_HANDLE"
    password_env: str = "BLUESKY_APP_PASSWORD"  # noqa: S105 (the name of a variable)
    base_url: str | None = None


class Bluesky:
    """One account on its server (PDS). Posts cannot be changed, only deleted."""

    replaces = False

    def __init__(self, calls: Calls, session: _Session) -> None:
        self._calls, self._session = calls, session

    def look(self, reply: Outgoing) -> Live | None:
        """Our answer in the thread."""
        thread = self._xrpc("app.bsky.feed.getPostThread", uri=reply.mention, depth=1, parentHeight=0)["thread"]
        if not isinstance(thread.get("post"), dict):
            raise Failed(Permanent("gone", f"bluesky: the post {reply.mention[:120]} is no longer there"))
        posts = [one["post"] for one in thread.get("replies") or [] if isinstance(one.get("post"), dict)]
        own = self._session.did()
        answers = [_live(post) for post in posts if post["author"]["did"] == own]
        return chosen(answers, reply) or self._record(reply, own)

    def publish(self, reply: Outgoing) -> Published:
        """Writes the record of the answer under its own key."""
        parent = self._post(reply)
        inside = (parent.get("record") or {}).get("reply") or {}
        this = {"uri": parent["uri"], "cid": parent["cid"]}
        record = {
            "$type": _POST,
            "text": reply.text,
            "createdAt": reply.approved_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "reply": {"root": inside.get("root") or this, "parent": this},
            **({"langs": [reply.language]} if reply.language else {}),
            **({"facets": facets} if (facets := _facets(reply.text)) else {}),
        }
        body = {"repo": self._session.did(), "collection": _POST, "rkey": _key(reply), "record": record}
        made = self._calls.send("POST", "/xrpc/com.atproto.repo.createRecord", json=body)
        return _published(str(made["uri"]))

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # the answer has an address
        """Takes the record away."""
        key = str(address["id"]).rpartition("/")[2]
        body = {"repo": self._session.did(), "collection": _POST, "rkey": key}
        self._calls.send("POST", "/xrpc/com.atproto.repo.deleteRecord", json=body)

    def _post(self, reply: Outgoing) -> dict[str, Any]:
        found = self._xrpc("app.bsky.feed.getPosts", uris=reply.mention).get("posts") or []
        if not found:
            raise Failed(Permanent("gone", f"bluesky: the post {reply.mention[:120]} is no longer there"))
        post: dict[str, Any] = found[0]
        return post

    def _record(self, reply: Outgoing, own: str) -> Live | None:
        """What was just written is in our repository before any thread shows it."""
        try:
            found = self._xrpc("com.atproto.repo.getRecord", repo=own, collection=_POST, rkey=_key(reply))
        except Failed as failed:
            if isinstance(failed.result, Permanent) and failed.result.reason == "gone":
                return None
            raise
        return Live(str(found["value"].get("text") or ""), *_place(str(found["uri"])))

    def _xrpc(self, method: str, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._calls.get(f"/xrpc/{method}", **query)
        return found


class _Session:
    """The signed-in session: its access token, renewed by signing in again."""

    def __init__(self, base_url: str, handle: str, password: str) -> None:
        self._calls = Calls("bluesky", base_url, lambda _refused: {}, _signing_in)
        self._given = {"identifier": handle, "password": password}
        self._known: dict[str, Any] = {}

    def __call__(self, refused: bool) -> dict[str, str]:
        if refused or not self._known:
            self._known = self._calls.ask("POST", "/xrpc/com.atproto.server.createSession", json=self._given)
        return bearer(str(self._known["accessJwt"]))

    def did(self) -> str:
        """The account's own id."""
        self(False)
        return str(self._known["did"])


def _signing_in(status: int, _found: Any) -> Permanent | None:
    said = "bluesky does not know this handle with this password: make a new app password"
    return Permanent("revoked", said) if status in (400, 401) else None


def _meaning(status: int, found: Any) -> Permanent | None:
    """Errors have names: a post that is gone is status 400, and so is a token that is not valid."""
    name = found.get("error") if isinstance(found, dict) else None
    if name in ("NotFound", "RecordNotFound"):
        return Permanent("gone", "bluesky: the post is no longer there")
    if status == 400 and name in ("InvalidToken", "ExpiredToken"):
        return Permanent("revoked", f"bluesky: {name}: sign in again")
    return None


def _key(reply: Outgoing) -> str:
    """A TID: microseconds of the approval, and the reply's number as the clock id."""
    number = (int(reply.approved_at.timestamp() * 1_000_000) << 10) | (reply.number & 0x3FF)
    return "".join(_SORTABLE[(number >> shift) & 31] for shift in range(60, -1, -5))


def _facets(text: str) -> list[dict[str, Any]]:
    """Links are links only where a facet says so, by places in bytes."""
    return [
        {
            "index": {"byteStart": len(text[: one.start()].encode()), "byteEnd": len(text[: one.end()].encode())},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": one[0]}],
        }
        for one in _URL.finditer(text)
    ]


def _live(post: dict[str, Any]) -> Live:
    return Live(str((post.get("record") or {}).get("text") or ""), *_place(str(post["uri"])))


def _published(uri: str) -> Published:
    return Published(*_place(uri))


def _place(uri: str) -> tuple[dict[str, Any], str]:
    repository, _, rest = uri.removeprefix("at://").partition("/")
    return {"id": uri}, f"https://bsky.app/profile/{repository}/post/{rest.rpartition('/')[2]}"


def open_channel(options: Options, account: Account) -> Bluesky:
    """Raises Missing without a handle and an app password."""
    base = options.base_url or "https://bsky.social"
    session = _Session(base, account.secret(options.handle_env), account.secret(options.password_env))
    return Bluesky(Calls("bluesky", base, session, _meaning), session)
