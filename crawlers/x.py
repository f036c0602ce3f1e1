"""X: posts of the last seven days, by its API; recordings of the older API are read as well."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from config.section import Section
from crawlers.fetching.signing import bearer
from crawlers.fetching.visit import Answer, Ask, Visit, secret
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.dates import read_date
from crawlers.parsing.jsonbody import dig, expect, load, read_line, said
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import Gone, WindowRead

_REACHES_BACK = timedelta(days=7) - timedelta(minutes=5)
_SNOWFLAKES_BEGAN = 1_288_834_974_657  # ms
_EDITABLE = timedelta(hours=1)


class Options(Section):
    """`query` in X's own language. The bearer token is in the variable `token_env`; every post read is charged."""

    query: str
    token_env: str = "X_BEARER_TOKEN"  # noqa: S105 (the name of a variable)
    base_url: str = "https://api.twitter.com"


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """The posts of API v2 (a search, mentions, one post) or v1.1."""
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) > 1 and all(isinstance(read_line(line), dict) for line in lines[:2]):
        for line in lines:  # A stream.
            with suppress(Unreadable):
                yield from parse(line, _page)
        return
    found = load(body)
    deleted = dig(found, "delete", "status")
    if isinstance(deleted, dict):
        yield Gone(str(deleted.get("id_str") or deleted.get("id")))
        return
    if isinstance(dig(found, "id_str"), str) and "user" in found:
        found = [found]
    if isinstance(dig(found, "statuses"), list) or (isinstance(found, list) and dig(found, 0, "id_str")):
        yield from each(expect(found if isinstance(found, list) else found["statuses"], "user", "id_str"), _older)
        return
    data = dig(found, "data")
    if data is None and isinstance(dig(found, "meta", "result_count"), int):
        return  # Nothing found: then there is no `data` at all.
    posts = data if isinstance(data, list) else [data]
    if data is None or not any(_is_post(post) for post in posts):
        raise Unreadable(said(found))
    included = dig(found, "includes", "users")
    users = {str(user["id"]): user for user in (included if isinstance(included, list) else []) if dig(user, "id")}
    yield from each(posts, lambda post: _post(post, users))


def _is_post(entry: Any) -> bool:
    """Comments of Instagram have a `timestamp`, private messages an `event_type`."""
    return isinstance(dig(entry, "text"), str) and not {"timestamp", "event_type"} & set(entry)


def _post(post: dict[str, Any], users: dict[Any, Any]) -> Raw:
    user = users.get(str(post.get("author_id"))) or {}
    history = post.get("edit_history_tweet_ids")
    # An edit makes a new id, with a moment of its own: the first one stays the mention's.
    first = history[0] if isinstance(history, list) and history else post["id"]
    edited = post.get("created_at") or _moment_in(post["id"]) if str(first) != str(post["id"]) else None
    metrics = post.get("public_metrics") or {}
    name = user.get("username")
    return Raw(
        external_id=first,
        kind="post",
        text=html.unescape(str(dig(post, "note_tweet", "text") or post["text"])),
        author_id=post.get("author_id"),
        author_name=user.get("name") or name,
        author_url=f"https://x.com/{name}" if name else None,
        language=_language(post.get("lang")),
        url=f"https://x.com/{name or 'i/web'}/status/{post['id']}",
        posted_at=_moment_in(first) if edited else post.get("created_at") or _moment_in(post["id"]),
        edited_at=edited,
        reach={
            "likes": metrics.get("like_count"), "reposts": metrics.get("retweet_count"),
            "replies": metrics.get("reply_count"), "quotes": metrics.get("quote_count"),
            "followers": dig(user, "public_metrics", "followers_count"),
        },
    )  # fmt: skip


def _language(given: Any) -> Any:
    """What X calls a language, without its signs for none (und, zxx, art, qme …)."""
    none = not isinstance(given, str) or given in ("und", "zxx", "art") or (len(given) == 3 and given[0] == "q")
    return None if none else {"in": "id", "iw": "he"}.get(given, given)


def _moment_in(identity: Any) -> float | None:
    """The moment of a post, which its id holds since 2010: only asked-for fields are in an answer."""
    number = int(identity) if str(identity).isdecimal() and len(str(identity)) < 20 else 0
    return ((number >> 22) + _SNOWFLAKES_BEGAN) / 1000 if number > 1 << 40 else None


def _older(status: dict[str, Any]) -> Raw | None:
    if "text" not in status and "full_text" not in status:
        return None  # An account has an `id_str` as well.
    user = status.get("user") or {}
    identity, name = status.get("id_str") or status["id"], user.get("screen_name")
    text = status.get("full_text") or dig(status, "extended_tweet", "full_text") or status.get("text")
    return Raw(
        external_id=identity,
        kind="post",
        text=html.unescape(str(text or "")),
        author_id=user.get("id_str") or user.get("id"),
        author_name=user.get("name") or name,
        author_url=f"https://x.com/{name}" if name else None,
        language=_language(status.get("lang")),
        url=f"https://x.com/{name or 'i/web'}/status/{identity}",
        posted_at=status.get("created_at"),
        reach={
            "likes": status.get("favorite_count"), "reposts": status.get("retweet_count"),
            "followers": user.get("followers_count"),
        },
    )  # fmt: skip


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """What is new since last time, and one hour before it: so long can a post be edited."""
    options: Options = visit.options
    headers = bearer(secret(options.token_env))
    newest = visit.before.get("newest")
    start = max(visit.job.from_when, visit.at - _REACHES_BACK)
    if newest and visit.job.since is None:
        start = max(start, datetime.fromisoformat(newest) - _EDITABLE)
    query = {
        "query": options.query, "max_results": "100", "start_time": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tweet.fields": "created_at,lang,public_metrics,referenced_tweets,edit_history_tweet_ids,note_tweet",
        "expansions": "author_id", "user.fields": "username,name,public_metrics",
    }  # fmt: skip

    def ask(token: str | None) -> Ask:
        more = {"next_token": token} if token else {}
        url = f"{options.base_url.rstrip('/')}/2/tweets/search/recent?{urlencode({**query, **more})}"
        return Ask(url, headers=headers)

    def following(answer: Answer, _number: int) -> Ask | None:
        token = dig(load(answer.body), "meta", "next_token")
        return ask(token) if isinstance(token, str) and token else None

    latest = datetime.fromisoformat(newest) if newest else None
    async for parsed in Walk(visit, parse, following).read(ask(None)):
        if isinstance(parsed, Raw):
            moment = read_date(parsed.edited_at or parsed.posted_at, visit.at).at
            latest = max(filter(None, (latest, moment)), default=None)
        yield parsed
    visit.cursor["newest"] = latest.isoformat() if latest else None


KIND = Kind("x", Options, parse, crawl)
