"""Instagram: media that tag one's own account, and the comments below one's own media."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from config.section import Section
from crawlers.facebook_page import GraphPaging, further_comments
from crawlers.fetching.signing import bearer
from crawlers.fetching.visit import Visit, secret
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import by_id, changes_in, dig, expect, load, said
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import WindowRead

_MEDIA = "id,caption,username,permalink,timestamp,like_count,comments_count"
_SAID = "id,text,username,timestamp,like_count"
_COMMENT = f"{_SAID},replies.limit(50){{{_SAID}}}"
_COMMENTS = f"{_MEDIA},comments.limit(50){{{_COMMENT}}}"


class Options(Section):
    """`user_id` of the business account, `username` its own name; the token is in the variable `token_env`."""

    user_id: str
    username: str | None = None
    token_env: str = "INSTAGRAM_TOKEN"  # noqa: S105 (the name of a variable)
    version: str = "v21.0"
    base_url: str = "https://graph.facebook.com"


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """Media and comments of the Graph API: mentioned, tagging, or listed."""
    found = load(body)
    own = page.options.username if isinstance(page.options, Options) else None
    if dig(found, "object") == "instagram" and isinstance(dig(found, "entry"), list):
        yield from each(changes_in(found), lambda pair: _told(pair[0]["value"], pair[1], own))
        return
    entries: Any = [dig(found, name) for name in ("mentioned_comment", "mentioned_media") if dig(found, name)]
    if not entries:  # Of another account, of one's own, or several by their ids.
        entries = dig(found, "business_discovery", "media", "data") or dig(found, "media", "data") or by_id(found)
    if not entries:
        entries = dig(found, "data") if "data" in (found if isinstance(found, dict) else ()) else None
    if (
        entries is None
        and dig(found, "id")
        and (dig(found, "timestamp") or dig(found, "caption") or dig(found, "text"))
    ):
        entries = [found]
    if not isinstance(entries, list):
        raise Unreadable(said(found))
    expect(entries, "timestamp", "caption", "media_type", "permalink", "username")
    yield from each(list(_with_comments(entries, None)), lambda pair: _said(pair[0], pair[1], own))


def _with_comments(entries: list[Any], media: str | None) -> Iterator[tuple[Any, str | None]]:
    for entry in entries:
        yield entry, media
        link = dig(entry, "permalink") or media
        for name in ("comments", "replies"):
            below = dig(entry, name, "data")
            yield from _with_comments(below if isinstance(below, list) else [], link)


def _said(entry: dict[str, Any], media: str | None, own: str | None) -> Raw | None:
    author = entry.get("username") or dig(entry, "from", "username")
    if own and author == own:
        return None
    if not any(name in entry for name in ("text", "caption", "timestamp")):
        return None
    return Raw(
        external_id=entry["id"],
        kind="post",
        text=entry.get("text") or entry.get("caption"),
        author_id=dig(entry, "from", "id") or author,
        author_name=author,
        author_url=f"https://www.instagram.com/{author}/" if author else None,
        url=entry.get("permalink") or media,  # Addresses of pictures are signed and expire: they are no link.
        posted_at=entry.get("timestamp"),
        reach={"likes": entry.get("like_count"), "replies": entry.get("comments_count")},
    )


def _told(value: dict[str, Any], entry: dict[str, Any], own: str | None) -> Raw | None:
    """A webhook's comment. A mention there has ids only."""
    return _said({"timestamp": entry.get("time"), **value}, None, own) if value.get("text") else None


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Media that tag the account, then its own with their comments."""
    options: Options = visit.options
    headers = bearer(secret(options.token_env))
    base = f"{options.base_url.rstrip('/')}/{options.version}"
    for edge, fields in (("tags", _MEDIA), ("media", _COMMENTS)):
        paging = GraphPaging(f"{base}/{options.user_id}/{edge}", {"fields": fields, "limit": "50"}, headers)
        async for parsed in Walk(visit, parse, paging).read(paging.ask(None)):
            yield parsed
    query = {"fields": _COMMENT, "limit": "50"}
    async for parsed in further_comments(visit, parse, paging.longer, base, query, headers):
        yield parsed


KIND = Kind("instagram", Options, parse, crawl, own=True)
