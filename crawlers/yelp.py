"""Yelp: the excerpts of reviews that its API gives of a business."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from config.section import Section
from crawlers.fetching.signing import bearer
from crawlers.fetching.visit import Visit, secret
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load, said
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import WindowRead

_IN_ADDRESS = re.compile(r"[?&]hrid=([\w-]+)")


class Options(Section):
    """`businesses` are ids or aliases (the last part of the page's address)."""

    businesses: list[str]
    locale: str = "ja_JP"
    key_env: str = "YELP_API_KEY"
    base_url: str = "https://api.yelp.com"


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """The reviews of a business: of its own call, or inside the business as the older API had them."""
    found = load(body)
    found = dig(found, "data", "business") or found  # GraphQL.
    if dig(found, "error"):
        raise Unreadable(said(found))
    if isinstance(found, dict) and "reviews" not in found and ("businesses" in found or "rating" in found):
        raise Unreadable("businesses without their reviews")
    business = found if dig(found, "name") else {}
    reviews = expect(listed(found, "reviews"), "user", "time_created", "excerpt")
    yield from each(reviews, lambda review: _review(review, business))


def _review(review: dict[str, Any], business: dict[str, Any]) -> Raw:
    user = review.get("user") or {}
    return Raw(
        external_id=review.get("id") or _derived(review, user),
        kind="review",
        text=review.get("text") or review.get("excerpt"),
        author_id=user.get("id"),
        author_name=user.get("name"),
        author_url=user.get("profile_url"),
        rating=review.get("rating"),
        url=review.get("url") or business.get("url"),
        posted_at=review.get("time_created"),
        location=business.get("name"),
    )


def _derived(review: dict[str, Any], user: dict[str, Any]) -> str | None:
    """Of an answer that was not asked for ids: the review in the address, or who said it when."""
    found = _IN_ADDRESS.search(str(review.get("url")))
    if found or not review.get("time_created"):
        return found[1] if found else None
    told = f"{user.get('name')}\x00{review['time_created']}".encode("utf-8", "replace")
    return "yelp:" + hashlib.blake2b(told, digest_size=12).hexdigest()


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first; Yelp shows three to seven of them, and each only in part."""
    options: Options = visit.options
    headers = bearer(secret(options.key_env))
    for business in options.businesses:
        query = urlencode({"sort_by": "newest", "limit": 20, "locale": options.locale})
        url = f"{options.base_url.rstrip('/')}/v3/businesses/{quote(business, safe='')}/reviews?{query}"
        answer = await visit.get(url, headers=headers)
        for parsed in parse(answer.body, answer.page(options)):
            yield parsed


KIND = Kind("yelp", Options, parse, crawl, own=True)
