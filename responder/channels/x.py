"""X: an answer to a post, signed by OAuth 1.0a, whose tokens do not end. Posts cannot be changed, only deleted."""

from __future__ import annotations

import html
import re
from typing import Any

from responder.channels.account import Account, ChannelOptions
from responder.channels.calls import Calls, what_it_says
from responder.channels.channel import Address, Failed, Live, Outgoing, Permanent, Published, same_text
from responder.channels.tokens import oauth1

_NAMED = re.compile(r"^(?:@\w+\s+)+")
_PAGES = 8  # of 100
_LINK = re.compile(r"https?://\S+")


class Options(ChannelOptions):
    """Reading needs a bearer token; answers need the app's key and the account's token, both with their secrets."""

    api_key_env: str = "X_API_KEY"
    api_secret_env: str = "X_API_SECRET"  # noqa: S105 (the name of a variable)
    access_token_env: str = "X_ACCESS_TOKEN"  # noqa: S105 (the name of a variable)
    access_secret_env: str = "X_ACCESS_SECRET"  # noqa: S105 (the name of a variable)
    base_url: str = "https://api.twitter.com"


class X:
    """One account. Its own newest posts say what it has answered."""

    replaces = False

    def __init__(self, base_url: str, consumer: tuple[str, str], token: tuple[str, str]) -> None:
        self._base_url, self._consumer, self._token = base_url.rstrip("/"), consumer, token
        self._calls = Calls("x", base_url, lambda _refused: {}, _meaning)

    def look(self, reply: Outgoing) -> Live | None:
        """Our answer among our newest posts; and whether the post still stands."""
        self._ask("GET", f"/2/tweets/{reply.mention}")
        own = self._ask("GET", "/2/users/me")["data"]["id"]
        ours = [post for post in self._posts(own, reply.mention) if _answers(post, reply.mention)]
        if not ours:
            return None
        same = [post for post in ours if same_text(_bare(str(post["text"])), _bare(reply.text))]
        # A link is shown shortened: it is the rest of the text that is compared.
        return Live(reply.text, *_place(same[0])) if same else Live(html.unescape(ours[0]["text"]), *_place(ours[0]))

    def publish(self, reply: Outgoing) -> Published:
        """Posts the answer."""
        body = {"text": reply.text, "reply": {"in_reply_to_tweet_id": reply.mention}}
        return Published(*_place(self._ask("POST", "/2/tweets", body=body)["data"]))

    def delete(self, reply: Outgoing, address: Address) -> None:  # noqa: ARG002  # the answer has an id
        """Deletes our answer."""
        self._ask("DELETE", f"/2/tweets/{address['id']}")

    def _posts(self, own: str, since: str) -> list[dict[str, Any]]:
        """What our account posted after that post, newest first."""
        query = {"max_results": "100", "tweet.fields": "referenced_tweets,created_at", "since_id": since}
        found: list[dict[str, Any]] = []
        for _ in range(_PAGES):
            page = self._ask("GET", f"/2/users/{own}/tweets", query)
            found += page.get("data") or []
            if not (page.get("meta") or {}).get("next_token"):
                break
            query["pagination_token"] = page["meta"]["next_token"]
        return found

    def _ask(
        self, method: str, path: str, query: dict[str, str] | None = None, body: dict[str, Any] | None = None
    ) -> Any:
        headers = oauth1(method, self._base_url + path, query or {}, self._consumer, self._token)
        if method == "GET":
            found = self._calls.ask(method, path, params=query or {}, headers=headers)
            if "data" not in found and found.get("errors"):  # status 200 with nothing but the reason
                raise Failed(Permanent("gone", f"x: {what_it_says(found)}"))
            return found
        return self._calls.send(method, path, headers=headers, **({"json": body} if body is not None else {}))


def _answers(post: dict[str, Any], mention: str) -> bool:
    told = post.get("referenced_tweets") or []
    return any(one.get("type") == "replied_to" and one.get("id") == mention for one in told)


def _bare(text: str) -> str:
    return _LINK.sub("", _NAMED.sub("", html.unescape(text)))


def _place(post: dict[str, Any]) -> tuple[dict[str, Any], str]:
    return {"id": str(post["id"])}, f"https://x.com/i/web/status/{post['id']}"


def _meaning(status: int, found: Any) -> Permanent | None:
    """An answer to a post that was deleted is refused with status 400 or 403; its sentence says so."""
    said = what_it_says(found)
    if status in (400, 403) and "deleted or not visible" in said:
        return Permanent("gone", f"x: {said}")
    return None


def open_channel(options: Options, account: Account) -> X:
    """Raises Missing without the four secrets."""
    consumer = account.secret(options.api_key_env), account.secret(options.api_secret_env)
    token = account.secret(options.access_token_env), account.secret(options.access_secret_env)
    return X(options.base_url, consumer, token)
