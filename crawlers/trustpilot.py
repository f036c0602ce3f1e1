"""Trustpilot: the reviews of a business, by its API or, where that is permitted, from its public page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal
from urllib.parse import quote, urlencode

from pydantic import model_validator

from config.section import Section
from crawlers.fetching.guard import host_of
from crawlers.fetching.visit import Answer, Ask, Failure, Visit, secret
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load
from crawlers.parsing.markupbody import page_tree
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from crawlers.parsing.schema_org import things
from crawlers.review_page import reviews_of
from storage.item import WindowRead

_ANONYMOUS_PAGES = 10


class Options(Section):
    """`domain` for the page, `business_unit` (its id) for the API, whose key is in the variable `key_env`."""

    domain: str | None = None
    business_unit: str | None = None
    by: Literal["api", "page"] = "api"
    key_env: str = "TRUSTPILOT_API_KEY"
    base_url: str | None = None

    @model_validator(mode="after")
    def _named(self) -> Options:
        if not (self.business_unit if self.by == "api" else self.domain):
            raise ValueError("write `business_unit` (by: api) or `domain` (by: page)")
        return self

    def base(self) -> str:
        """The API or the site."""
        own = "https://api.trustpilot.com" if self.by == "api" else "https://www.trustpilot.com"
        return (self.base_url or own).rstrip("/")


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """The reviews of a page (its data, or its schema.org markup where that changed) or of an API answer."""
    if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        found = load(body)
        data = dig(found, "pageProps") or dig(found, "props", "pageProps") or found
        alone = dig(data, "review") or data
        if dig(alone, "consumer") and dig(alone, "id"):
            data = {"reviews": [alone]}
        yield from each(expect(listed(data, "reviews"), "consumer"), _review)
        return
    tree = page_tree(body, page)
    for block in tree.xpath('//script[@id="__NEXT_DATA__"]/text()').getall():
        try:
            told = dig(json.loads(block, strict=False), "props", "pageProps")
        except (ValueError, RecursionError):
            continue
        one = dig(told, "review")  # the page of one review
        reviews = [one] if isinstance(one, dict) else dig(told, "reviews")
        if isinstance(reviews, list):
            yield from each(reviews, _review)
            return
    address = page.url or tree.xpath(
        'string(//link[@rel="canonical"]/@href | //meta[@property="og:url"]/@content)'
    ).get("")
    found = things(tree) if "trustpilot." in host_of(address) else []
    if not found:
        raise Unreadable("a page without Trustpilot's reviews data")
    yield from reviews_of(found, address)


def _review(review: dict[str, Any]) -> Raw:
    consumer = review.get("consumer") or {}
    dates = review.get("dates") or {}
    reply = review.get("reply") or review.get("companyReply") or {}
    identity = review.get("id")
    posted = dates.get("publishedDate") or review.get("createdAt")
    edited = dates.get("updatedDate") or review.get("updatedAt")
    user = consumer.get("id")
    return Raw(
        external_id=identity,
        kind="review",
        text=review.get("text"),
        title=review.get("title"),
        author_id=user,
        author_name=consumer.get("displayName") or consumer.get("name"),
        author_url=f"https://www.trustpilot.com/users/{user}" if user else None,
        rating=review.get("rating", review.get("stars")),
        language=review.get("language"),
        url=f"https://www.trustpilot.com/reviews/{identity}" if identity else None,
        posted_at=posted,
        edited_at=edited if edited != posted else None,
        location=dig(review, "location", "name"),
        reach={"likes": review.get("likes", review.get("numberOfLikes"))},
        reply_text=reply.get("message") or reply.get("text"),
        reply_at=reply.get("publishedDate") or reply.get("createdAt"),
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first, until the window is read. Without an account the page shows ten pages of reviews."""
    options: Options = visit.options
    if options.by == "page" and not visit.job.terms_accepted:
        raise Failure(
            "Trustpilot's terms forbid automated access to its pages: use `by: api`, or set `terms_accepted: true`"
        )
    headers = {"apikey": secret(options.key_env)} if options.by == "api" else {}

    def ask(number: int) -> Ask:
        if options.by == "api":
            query = urlencode({"perPage": 100, "page": number, "orderBy": "createdat.desc"})
            unit = quote(str(options.business_unit), safe="")
            return Ask(f"{options.base()}/v1/business-units/{unit}/reviews?{query}", headers=headers)
        query = urlencode({"languages": "all", "sort": "recency", **({"page": number} if number > 1 else {})})
        return Ask(
            f"{options.base()}/review/{quote(str(options.domain), safe='')}?{query}", robots=visit.job.obey_robots
        )

    def following(_answer: Answer, number: int) -> Ask | None:
        return ask(number + 1) if options.by == "api" or number < _ANONYMOUS_PAGES else None

    walk = Walk(visit, parse, following)
    async for parsed in walk.read(ask(1)):
        yield parsed
    if walk.whole and options.by == "api":
        for read in walk.window():
            yield read


KIND = Kind("trustpilot", Options, parse, crawl, own=True)
