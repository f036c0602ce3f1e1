"""App Store Connect API: the reviews of one's own app in all countries, with the developer's responses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urljoin

from config.section import Section
from crawlers.fetching.signing import bearer, key_text, signed
from crawlers.fetching.visit import Answer, Ask, Visit
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load
from crawlers.parsing.raw import Page, Parsed, Raw, each
from storage.item import WindowRead

_AUDIENCE, _VALID = "appstoreconnect-v1", timedelta(minutes=15)  # Apple allows 20.


class Options(Section):
    """`app_id`, and the API key: its id and issuer; the key itself (or its path) is in the variable `key_env`."""

    app_id: int
    key_id: str
    issuer_id: str
    key_env: str = "APP_STORE_CONNECT_KEY"
    base_url: str = "https://api.appstoreconnect.apple.com"


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """The reviews of one page; responses are in `included`."""
    found = load(body)
    if isinstance(dig(found, "data"), dict):
        found = {**found, "data": [found["data"]]}
    data = expect(listed(found, "data"), "attributes")
    included = dig(found, "included")
    responses = {
        str(entry.get("id")): entry.get("attributes")
        for entry in (included if isinstance(included, list) else [])
        if isinstance(entry, dict) and entry.get("type") == "customerReviewResponses"
    }
    yield from each(data, lambda entry: _review(entry, responses))


def _review(entry: dict[str, Any], responses: dict[Any, Any]) -> Raw | None:
    if entry.get("type") not in ("customerReviews", None):
        return None
    told = entry["attributes"]
    response = responses.get(str(dig(entry, "relationships", "response", "data", "id")))
    return Raw(
        external_id=entry["id"],
        kind="review",
        text=told.get("body"),
        title=told.get("title"),
        author_name=told.get("reviewerNickname"),
        rating=told.get("rating"),
        posted_at=told.get("createdDate"),
        location=told.get("territory"),
        reply_text=dig(response, "responseBody"),
        reply_at=dig(response, "lastModifiedDate"),
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first by `links.next`, until the window is read. There is no order by edit: the window shows it."""
    options: Options = visit.options
    claims = {"iss": options.issuer_id, "iat": visit.at, "exp": visit.at + _VALID, "aud": _AUDIENCE}
    headers = bearer(signed(claims, key_text(options.key_env), "ES256", options.key_id))
    query = urlencode({"limit": 200, "sort": "-createdDate", "include": "response"})
    first = f"{options.base_url.rstrip('/')}/v1/apps/{options.app_id}/customerReviews?{query}"

    def following(answer: Answer, _number: int) -> Ask | None:
        url = dig(load(answer.body), "links", "next")
        url = urljoin(first, url) if isinstance(url, str) and url else None
        return Ask(url, headers=headers) if url and visit.same_site(url, first) else None

    walk = Walk(visit, parse, following)
    async for parsed in walk.read(Ask(first, headers=headers)):
        yield parsed
    for read in walk.window():
        yield read


KIND = Kind("app_store_connect", Options, parse, crawl, own=True)
