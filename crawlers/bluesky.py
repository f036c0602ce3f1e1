"""Bluesky: searched posts; also threads, feeds and Jetstream frames where they were recorded."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from config.section import Section
from crawlers.fetching.signing import bearer
from crawlers.fetching.visit import Answer, Ask, Failure, Visit, secret
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load, read_line
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import Gone, WindowRead

_POST = "app.bsky.feed.post"
_DEEPEST = 50
_SKEW = timedelta(minutes=10)  # of the clocks of clients
_BEFORE_BLUESKY = 1990  # Archives of other networks are posted with their own dates; 0001 is a client's "none".


class Options(Section):
    """`query` as in the app's search. With a handle and an app password (variables) it searches signed in."""

    query: str
    language: str | None = None
    handle_env: str = "BLUESKY_HANDLE"
    password_env: str = "BLUESKY_APP_PASSWORD"  # noqa: S105 (the name of a variable)
    base_url: str | None = None


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """The posts of a search, a feed, a thread, or of Jetstream's lines."""
    lines = body.strip().splitlines()
    if len(lines) > 1 and isinstance(dig(read_line(lines[0]), "did"), str):
        yield from _frames(lines)
        return
    found = load(body)
    if isinstance(dig(found, "commit"), dict):
        yield from each([found], _frame)
    elif isinstance(dig(found, "thread"), dict):
        yield from each(list(_in_thread(found["thread"], 0)), _post)
    elif isinstance(dig(found, "thread"), list):  # Of the second version, flat.
        yield from each([dig(entry, "value", "post") for entry in found["thread"]], lambda post: post and _post(post))
    elif isinstance(dig(found, "feed"), list):
        yield from each([dig(entry, "post") or entry for entry in found["feed"]], _post)
    elif dig(found, "uri") and (dig(found, "record") or dig(found, "value")):
        yield from each([found], _post)
    else:
        yield from each(expect(listed(found, "posts", "records", "notifications"), "uri"), _post)


def _post(post: dict[str, Any]) -> Raw | None:
    uri, author, record = post["uri"], post.get("author") or {}, post.get("record") or post.get("value") or {}
    if f"/{_POST}/" not in uri:
        return None
    did = author.get("did") or uri.removeprefix("at://").partition("/")[0]
    handle = author.get("handle") or did
    return Raw(
        external_id=uri,
        kind="post",
        text=record.get("text"),
        author_id=did,
        author_name=author.get("displayName") or handle,
        author_url=f"https://bsky.app/profile/{handle}" if handle else None,
        language=dig(record, "langs", 0),
        url=_link(uri, handle),
        posted_at=_moment(record.get("createdAt"), post.get("indexedAt")),
        reach={
            "likes": post.get("likeCount"), "reposts": post.get("repostCount"), "replies": post.get("replyCount"),
            "quotes": post.get("quoteCount"),
        },
    )  # fmt: skip


def _moment(created: Any, seen: Any) -> Any:
    """When it was written, as the client says; when the server saw it, where that is missing or cannot be."""
    try:
        moment = datetime.fromisoformat(created)
        return seen if moment.year < _BEFORE_BLUESKY or moment - datetime.fromisoformat(seen) > _SKEW else created
    except (TypeError, ValueError):
        return created or seen


def _link(uri: str, handle: Any) -> str:
    authority, _, rest = uri.removeprefix("at://").partition("/")
    return f"https://bsky.app/profile/{handle or authority}/post/{rest.rpartition('/')[2]}"


def _in_thread(node: Any, depth: int) -> Iterator[Any]:
    """Parents, the post, replies; blocked and deleted ones have no post."""
    if not isinstance(node, dict) or depth > _DEEPEST:
        return
    yield from _in_thread(node.get("parent"), depth + 1)
    if isinstance(node.get("post"), dict):
        yield node["post"]
    replies = node.get("replies")
    for reply in replies if isinstance(replies, list) else []:
        yield from _in_thread(reply, depth + 1)


def _frames(lines: list[bytes]) -> Iterator[Parsed]:
    def frames() -> Iterator[Any]:
        for line in lines:
            yield read_line(line) or {"broken": line[:200].decode("utf-8", "replace")}

    yield from each(frames(), _frame)


def _frame(frame: dict[str, Any]) -> Parsed | None:
    """A Jetstream event: created or changed posts, and deletions, which have no record."""
    if "broken" in frame:
        raise ValueError("a line that is no JSON")
    commit = frame.get("commit")
    if not isinstance(commit, dict) or commit.get("collection") != _POST:
        return None
    uri = f"at://{frame['did']}/{_POST}/{commit['rkey']}"
    if commit.get("operation") == "delete":
        return Gone(uri)
    seen = frame.get("time_us")
    return _post({"uri": uri, "author": {"did": frame["did"]}, "record": commit.get("record"), "indexedAt": seen})


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first until the window is read. A search shows what its index holds: nothing is called gone by it."""
    options: Options = visit.options
    signed_in = bool(os.environ.get(options.handle_env))
    own = "https://bsky.social" if signed_in else "https://public.api.bsky.app"
    base = (options.base_url or own).rstrip("/")
    headers = await _session(visit, base, options) if signed_in else {}

    def ask(cursor: str | None) -> Ask:
        query = {"q": options.query, "sort": "latest", "limit": "100"}
        query |= {"lang": options.language} if options.language else {}
        query |= {"cursor": cursor} if cursor else {}
        return Ask(f"{base}/xrpc/app.bsky.feed.searchPosts?{urlencode(query)}", headers=headers)

    def following(answer: Answer, _number: int) -> Ask | None:
        cursor = dig(load(answer.body), "cursor")
        return ask(cursor) if isinstance(cursor, str) and cursor else None

    async for parsed in Walk(visit, parse, following).read(ask(None)):
        yield parsed


async def _session(visit: Visit, base: str, options: Options) -> dict[str, str]:
    body = json.dumps({"identifier": secret(options.handle_env), "password": secret(options.password_env)}).encode()
    url = f"{base}/xrpc/com.atproto.server.createSession"
    answer = await visit.ask(Ask(url, "POST", {"Content-Type": "application/json"}, body, accept=frozenset((400, 401))))
    try:
        token = dig(load(answer.body), "accessJwt")
    except Unreadable:
        token = None
    if not isinstance(token, str):
        raise Failure(f"Bluesky does not know {options.handle_env} with {options.password_env}: use an app password")
    return bearer(token)


KIND = Kind("bluesky", Options, parse, crawl)
