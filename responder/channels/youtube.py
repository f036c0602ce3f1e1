"""YouTube: the channel's answer below a comment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls
from responder.channels.channel import Address, Failed, Live, Outgoing, Permanent, Published, Temporary, chosen
from responder.channels.tokens import AccessToken, refreshed

_GONE = {"commentNotFound", "parentCommentNotFound", "videoNotFound", "notFound"}
_FULL = {"quotaExceeded", "rateLimitExceeded", "userRateLimitExceeded"}
_PAGES = 5  # of 100 answers


class Options(ChannelOptions):
    """The API key only reads; answers need OAuth with the scope youtube.force-ssl."""

    client_id_env: str = "GOOGLE_CLIENT_ID"
    client_secret_env: str = "GOOGLE_CLIENT_SECRET"  # noqa: S105 (the name of a variable)
    refresh_token_env: str = "YOUTUBE_REFRESH_TOKEN"  # noqa: S105 (the name of a variable)
    base_url: str = "https://www.googleapis.com"
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)


class YouTube:
    """One channel. An answer costs 50 units of the day's 10,000, and so do its change and its deletion."""

    replaces = False

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._own: str | None = None

    def look(self, reply: Outgoing) -> Live | None:
        """Our answer in the thread of the comment."""
        top = _top(reply)
        own, found, token = self._channel(), [], ""
        if not self._calls.get("/youtube/v3/comments", part="id", id=top).get("items"):
            raise Failed(Permanent("gone", f"youtube: the comment {top} is no longer there"))
        for _ in range(_PAGES):
            query = {"part": "snippet", "parentId": top, "maxResults": 100, "textFormat": "plainText"}
            page = self._calls.get("/youtube/v3/comments", **query, **({"pageToken": token} if token else {}))
            found += [one for one in page.get("items", []) if _author(one) == own]
            token = page.get("nextPageToken") or ""
            if not token:
                break
        found.sort(key=lambda one: str(one["snippet"].get("publishedAt") or ""))
        return chosen([_live(one) for one in found], reply)

    def publish(self, reply: Outgoing) -> Published:
        """Answers in the thread: an answer to an answer stands there as well."""
        body = {"snippet": {"parentId": _top(reply), "textOriginal": reply.text}}
        made = self._calls.send("POST", "/youtube/v3/comments", params={"part": "snippet"}, json=body)
        return Published({"id": str(made["id"])})

    def edit(self, reply: Outgoing, address: Address) -> Published:
        """Changes our answer."""
        body = {"id": str(address["id"]), "snippet": {"textOriginal": reply.text}}
        self._calls.send("PUT", "/youtube/v3/comments", params={"part": "snippet"}, json=body)
        return Published(dict(address))

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # the answer has an id
        """Deletes our answer."""
        self._calls.send("DELETE", "/youtube/v3/comments", params={"id": str(address["id"])})

    def _channel(self) -> str:
        if self._own is None:
            self._own = str(self._calls.get("/youtube/v3/channels", part="id", mine="true")["items"][0]["id"])
        return self._own


def _top(reply: Outgoing) -> str:
    """Ids of answers are `parent.child`; only top comments have a thread."""
    return reply.mention.partition(".")[0]


def _author(comment: dict[str, Any]) -> Any:
    return (comment["snippet"].get("authorChannelId") or {}).get("value")


def _live(comment: dict[str, Any]) -> Live:
    told = comment["snippet"]
    return Live(str(told.get("textOriginal") or told.get("textDisplay") or ""), {"id": str(comment["id"])})


def _meaning(status: int, found: Any) -> Temporary | Permanent | None:
    """Quotas and closed comments are both status 403; the reason tells them apart."""
    error = found.get("error") if isinstance(found, dict) else None
    if status not in (400, 403, 404) or not isinstance(error, dict):
        return None
    errors = error.get("errors") or [{}]
    reason, said = str(errors[0].get("reason")), f"youtube: {str(error.get('message'))[:200]}"
    if reason in _FULL:
        return Temporary(said, timedelta(hours=1))  # The quota is filled up at midnight, Pacific time.
    return Permanent("gone" if reason in _GONE else "refused", f"{said} ({reason})")


def open_channel(options: Options, account: Account) -> YouTube:
    """Raises Missing without the secrets of OAuth."""
    client, secret = account.secret(options.client_id_env), account.secret(options.client_secret_env)
    refresh = account.secret(options.refresh_token_env)
    token = AccessToken("youtube", options.token_url, lambda: refreshed(client, secret, refresh))
    return YouTube(Calls("youtube", options.base_url, token, _meaning))
