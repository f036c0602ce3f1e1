"""Reddit: searched posts and comments, signed in by OAuth, or by its public feed without an account."""

from __future__ import annotations

import base64
import html
import os
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from config.section import Section
from crawlers import feed
from crawlers.fetching.signing import bearer, token_for
from crawlers.fetching.visit import Answer, Ask, Visit, secret
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, load, said
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import Gone, WindowRead

_DEEPEST = 100
_REMOVED = ("[deleted]", "[removed]", "[ Removed by Reddit ]", "[removed by reddit]")
_SUBMITTER = re.compile(r"submitted by\s*(?:&#32;|\s)*<a href=\"[^\"]*/user/([\w-]+)")


class Options(Section):
    """`query`, in one `subreddit` or everywhere. The app's id and secret are variables; without them: the feed."""

    query: str
    subreddit: str | None = None
    client_id_env: str = "REDDIT_CLIENT_ID"
    client_secret_env: str = "REDDIT_CLIENT_SECRET"  # noqa: S105 (the name of a variable)
    base_url: str | None = None
    token_url: str | None = None


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """Posts and comments of a listing, of a post with its comments, or of the feed."""
    if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        if b"reddit.com" not in body:
            raise Unreadable("a feed of another site")
        for parsed in feed.parse(body, page):
            if isinstance(parsed, Raw):
                # The older feed names the author only in its text: "submitted by <a href=…/user/name>".
                found_in_text = _SUBMITTER.search(str(parsed.text))
                name = parsed.author_name or (found_in_text[1] if found_in_text else None)
                parsed.author_name = str(name).removeprefix("/u/") if name else None
                parsed.text = _without_foot(str(parsed.text or ""))
                if str(parsed.external_id).startswith("t5_"):
                    continue  # A subreddit that fits the search.
            yield parsed
        return
    found = load(body)
    found = dig(found, "json", "data", "things") or found  # Branches that were unfolded.
    if str(dig(found, "name")).startswith(("t1_", "t3_")) and ("body" in found or "title" in found):
        found = {"kind": str(found["name"])[:2], "data": found}  # Alone, without its envelope.
    listings = found if isinstance(found, list) else [found]
    if not any(dig(listing, "kind") in ("Listing", "t1", "t3") for listing in listings):
        raise Unreadable(said(found))
    yield from each(list(_things(listings, 0)), _thing)


def _without_foot(text: str) -> str:
    """The text without what Reddit writes below it in its feed: submitted by … [link] [comments]."""
    foot = text.rfind("submitted by")
    return text[:foot] if foot >= 0 and "/user/" in text[foot : foot + 200] else text


def _things(listings: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Posts (t3) and comments (t1), replies included; `more` is a collapsed branch."""
    if depth > _DEEPEST:
        return
    for node in listings if isinstance(listings, list) else [listings]:
        kind = dig(node, "kind")
        if kind == "Listing":
            yield from _things(dig(node, "data", "children"), depth + 1)
        elif kind in ("t1", "t3"):
            yield node
            replies = dig(node, "data", "replies")
            if isinstance(replies, dict):  # "" when there are none.
                yield from _things(replies, depth + 1)


def _thing(node: dict[str, Any]) -> Parsed:
    told, comment = node["data"], node["kind"] == "t1"
    name = told.get("name") or f"{node['kind']}_{told['id']}"
    text = told.get("body") if comment else told.get("selftext")
    if text in _REMOVED or told.get("removed_by_category"):
        return Gone(name)
    author = told.get("author") if told.get("author") != "[deleted]" else None
    permalink = told.get("permalink") or _comment_link(told)
    edited = told.get("edited")
    return Raw(
        external_id=name,
        kind="post",
        text=html.unescape(str(text or "")),
        title=html.unescape(str(told["title"])) if told.get("title") else None,
        author_id=told.get("author_fullname") or author,
        author_name=author,
        author_url=f"https://www.reddit.com/user/{quote(author)}" if author else None,
        url=f"https://www.reddit.com{permalink}" if str(permalink or "").startswith("/") else permalink,
        posted_at=told.get("created_utc"),
        edited_at=edited if isinstance(edited, int | float) and not isinstance(edited, bool) else None,
        reach={"likes": told.get("score"), "replies": told.get("num_comments")},
    )


def _comment_link(told: dict[str, Any]) -> str | None:
    """Older answers give no link of a comment, but the ids that make it."""
    link, subreddit = told.get("link_id"), told.get("subreddit")
    if not (link and subreddit and told.get("id")):
        return told.get("url")
    return f"/r/{subreddit}/comments/{str(link).removeprefix('t3_')}/_/{told['id']}/"


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first until the window is read; a search forgets, so that only `[deleted]` means gone."""
    options: Options = visit.options
    signed_in = bool(os.environ.get(options.client_id_env))
    base = (options.base_url or ("https://oauth.reddit.com" if signed_in else "https://www.reddit.com")).rstrip("/")
    path = f"/r/{quote(options.subreddit)}/search" if options.subreddit else "/search"
    query = {"q": options.query, "sort": "new", "limit": "100", "raw_json": "1", "type": "link,comment"}
    query |= {"restrict_sr": "1"} if options.subreddit else {}
    if not signed_in:
        answer = await visit.get(f"{base}{path}.rss?{urlencode(query)}", conditional=True)
        for parsed in parse(answer.body, answer.page()) if answer.status == 200 else ():
            yield parsed
        return
    headers = await _signed_in(visit, options)

    def ask(after: str | None) -> Ask:
        return Ask(f"{base}{path}?{urlencode({**query, **({'after': after} if after else {})})}", headers=headers)

    def following(answer: Answer, _number: int) -> Ask | None:
        after = dig(load(answer.body), "data", "after")
        return ask(after) if isinstance(after, str) and after else None

    async for parsed in Walk(visit, parse, following).read(ask(None)):
        yield parsed


async def _signed_in(visit: Visit, options: Options) -> dict[str, str]:
    pair = f"{secret(options.client_id_env)}:{secret(options.client_secret_env)}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    url = options.token_url or f"{(options.base_url or 'https://www.reddit.com').rstrip('/')}/api/v1/access_token"
    return bearer(await token_for(visit, url, {"grant_type": "client_credentials"}, headers))


KIND = Kind("reddit", Options, parse, crawl)
