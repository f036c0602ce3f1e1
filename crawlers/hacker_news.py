"""Hacker News: stories and comments that name the brand, by Algolia's search."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from config.section import Section
from crawlers.fetching.visit import Answer, Ask, Visit
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load
from crawlers.parsing.raw import Page, Parsed, Raw, each
from storage.item import Gone, WindowRead

_ADDRESS = "https://news.ycombinator.com"
_DEEPEST = 100


class Options(Section):
    """`query` as in the search box; `comments: false` reads stories only."""

    query: str
    comments: bool = True
    base_url: str = "https://hn.algolia.com"


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """The hits of a search, or an item with all that was answered to it; also one item of the site's own API."""
    found = load(body)
    if dig(found, "type") in ("story", "comment", "job", "poll") and isinstance(dig(found, "time"), int):
        yield from each([found], _hit)
        return
    if isinstance(dig(found, "children"), list) and "hits" not in found and "author" in found:
        yield from each(list(_branch(found, 0)), _hit)
    else:
        yield from each(expect(listed(found, "hits"), "objectID", "created_at_i"), _hit)


def _branch(item: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(item, dict) and depth < _DEEPEST:
        yield item
        children = item.get("children")
        for child in children if isinstance(children, list) else []:
            yield from _branch(child, depth + 1)


def _hit(hit: dict[str, Any]) -> Parsed | None:
    identity = hit.get("objectID") or hit["id"]
    if hit.get("deleted") is True:
        return Gone(str(identity))
    author = hit.get("author") or hit.get("by")
    text = hit.get("comment_text") or hit.get("story_text") or hit.get("text")
    if author is None and not text:
        return None  # Deleted, in the branch of an item.
    return Raw(
        external_id=identity,
        kind="post",
        text=text,
        html=True,
        title=hit.get("title"),
        author_id=author,
        author_name=author,
        author_url=f"{_ADDRESS}/user?id={author}" if author else None,
        url=f"{_ADDRESS}/item?id={identity}",
        posted_at=hit.get("created_at_i") or hit.get("created_at") or hit.get("time"),
        reach={
            "likes": hit.get("points", hit.get("score")),
            "replies": hit.get("num_comments", hit.get("descendants")),
        },
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first until the window is read; one query shows 1,000 hits, so that older ones are asked for by time."""
    options: Options = visit.options
    since = int(visit.job.from_when.timestamp())
    tags = "(story,comment)" if options.comments else "story"

    def ask(before: int) -> Ask:
        query = {
            "query": options.query, "tags": tags, "hitsPerPage": 200,
            "numericFilters": f"created_at_i>={since},created_at_i<={before}",
        }  # fmt: skip
        return Ask(f"{options.base_url.rstrip('/')}/api/v1/search_by_date?{urlencode(query)}")

    def following(answer: Answer, _number: int) -> Ask | None:
        found = load(answer.body)
        times = [hit["created_at_i"] for hit in dig(found, "hits") or [] if isinstance(dig(hit, "created_at_i"), int)]
        more = (dig(found, "nbPages") or 0) > 1
        return ask(min(times)) if times and more else None

    async for parsed in Walk(visit, parse, following).read(ask(int(visit.at.timestamp()))):
        yield parsed


KIND = Kind("hacker_news", Options, parse, crawl)
