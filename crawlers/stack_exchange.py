"""Stack Exchange: questions and answers that name a product, on any of its sites."""

from __future__ import annotations

import asyncio
import html
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from config.section import Section
from crawlers.fetching.visit import Visit
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load
from crawlers.parsing.raw import Page, Parsed, Raw, each
from storage.item import WindowRead

_MOST_PAGES = 25
_MOST_REQUESTS = 1_000
_LONGEST_WAIT = 120.0


class Options(Section):
    """`query` on one `site`. A key (variable `key_env`) raises the daily limit from 300 to 10,000 requests."""

    query: str
    site: str = "stackoverflow"
    key_env: str = "STACK_EXCHANGE_KEY"
    base_url: str = "https://api.stackexchange.com"


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """Questions, answers and comments, also those inside a question."""
    found = load(body)
    items = expect(listed(found, "items"), "question_id", "answer_id", "comment_id", "post_type")
    yield from each(list(_posts(items, {})), lambda pair: _post(*pair))


def _posts(items: list[Any], question: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    for item in items:
        yield item, question
        for name in ("answers", "comments"):
            below = dig(item, name)
            yield from _posts(below if isinstance(below, list) else [], item if dig(item, "title") else question)


def _post(item: dict[str, Any], question: dict[str, Any]) -> Raw | None:
    kind = next((name for name in ("comment", "answer", "question") if f"{name}_id" in item), None)
    identity = item.get(f"{kind}_id")
    if kind is None and item.get("post_type") in ("question", "answer") and "revision_guid" not in item:
        kind, identity = item["post_type"], item.get("post_id")  # A list of posts of either kind.
    if kind is None or identity is None:
        return None
    owner = item.get("owner") or {}
    markdown = item.get("body_markdown")
    text = item.get("body") or markdown or item.get("excerpt")
    title = item.get("title") if kind != "comment" else None
    return Raw(
        external_id=f"{kind}/{identity}",
        kind="post",
        text=text,
        html=True,
        title=html.unescape(str(title)) if title else None,
        author_id=owner.get("user_id"),
        author_name=html.unescape(str(owner.get("display_name") or "")),
        author_url=owner.get("link"),
        url=item.get("link") or item.get("share_link") or question.get("link"),
        posted_at=item.get("creation_date"),
        edited_at=item.get("last_edit_date"),
        reach={"likes": item.get("score"), "replies": item.get("answer_count"), "views": item.get("view_count")},
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first until the window is read, waiting as long as an answer's `backoff` says.

    Without a key 25 pages of a question are shown: what is older is asked for by its date.
    """
    options: Options = visit.options
    key = os.environ.get(options.key_env, "")
    page, until = 1, int(visit.at.timestamp())
    for _ in range(_MOST_REQUESTS):
        query = {
            "q": options.query, "site": options.site, "order": "desc", "sort": "creation", "pagesize": 100,
            "page": page, "fromdate": int(visit.job.from_when.timestamp()), "todate": until, "filter": "withbody",
            **({"key": key} if key else {}),
        }  # fmt: skip
        answer = await visit.get(f"{options.base_url.rstrip('/')}/2.3/search/advanced?{urlencode(query)}")
        for parsed in parse(answer.body, answer.page(options)):
            yield parsed
        found = load(answer.body)
        if not dig(found, "has_more"):
            return
        page += 1
        if page > _MOST_PAGES:
            page, until = 1, _oldest(found, until)
        backoff = dig(found, "backoff")
        if isinstance(backoff, int | float) and backoff > 0:
            await asyncio.sleep(min(float(backoff), _LONGEST_WAIT))


def _oldest(found: Any, until: int) -> int:
    """The moment of the oldest entry, or one second earlier where that leads nowhere."""
    moments = [dig(item, "creation_date") for item in found["items"]]
    return min([until - 1, *(moment for moment in moments if isinstance(moment, int))])


KIND = Kind("stack_exchange", Options, parse, crawl)
