"""Google Business Profile: the reviews of one's own locations, with the owner's replies."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from config.section import Section
from crawlers.fetching.signing import bearer, token_for
from crawlers.fetching.visit import Answer, Ask, Visit, secret
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import WindowRead

_STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
_TRANSLATED = re.compile(
    r"[((](?:Translated by Google|Google ?による翻訳|由 ?Google ?(?:提供)?的?(?:翻譯|翻译)|Google ?번역(?: 제공)?"
    r"|Traducido por Google|Traduit par Google|(?:Übersetzt )?von Google(?: übersetzt)?|Tradotto da Google"
    r"|Traduzido pelo Google|Переведено Google|Vertaald door Google)[))]",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(r"[((](?:Original|Originale|原文|原始評論|原始评论|원문|Оригинал|Origineel)[))]", re.IGNORECASE)


class Options(Section):
    """`locations` maps the resource (accounts/1/locations/2) to the name of the place. OAuth secrets are variables."""

    locations: dict[str, str]
    client_id_env: str = "GOOGLE_CLIENT_ID"
    client_secret_env: str = "GOOGLE_CLIENT_SECRET"  # noqa: S105 (the name of a variable)
    refresh_token_env: str = "GOOGLE_REFRESH_TOKEN"  # noqa: S105 (the name of a variable)
    base_url: str = "https://mybusiness.googleapis.com"
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """The reviews of reviews.list, of batchGetReviews, or one review."""
    found = load(body)
    if dig(found, "reviewId") and dig(found, "starRating"):
        found = {"reviews": [found]}
    elif isinstance(dig(found, "locationReviews"), list):
        found = {"reviews": [dig(entry, "review") or entry for entry in found["locationReviews"]]}
    elif found == {} or (isinstance(found, dict) and "totalReviewCount" in found and "reviews" not in found):
        found = {"reviews": []}  # No review yet.
    elif isinstance(found, list) and found and dig(found, 0, "starRating"):
        found = {"reviews": found}
    if dig(found, "error"):
        raise Unreadable(f"an error: {dig(found, 'error', 'message')}")
    reviews = expect(listed(found, "reviews"), "starRating", "createTime", "reviewer")
    yield from each(reviews, _review)


def _review(review: dict[str, Any]) -> Raw:
    name = str(review.get("name") or "")
    # The account in the name may be written as `-`: the location and the review are what stays.
    place = name.find("locations/")
    created, updated = review.get("createTime"), review.get("updateTime")
    reply = review.get("reviewReply")
    reviewer = review.get("reviewer") or {}
    return Raw(
        external_id=name[place:] if place >= 0 and "/reviews/" in name else review.get("reviewId"),
        kind="review",
        text=original(review.get("comment")),
        author_name=None if reviewer.get("isAnonymous") else reviewer.get("displayName"),
        rating=_STARS.get(str(review.get("starRating"))),
        posted_at=created or updated,
        edited_at=updated if created and updated != created else None,
        reply_text=original(dig(reply, "comment")),
        reply_at=dig(reply, "updateTime"),
        note=None if review.get("comment") or review.get("starRating") in _STARS else "no rating given",
    )


def original(comment: Any) -> str | None:
    """What the person wrote: Google puts its translation before or after it, in the same text."""
    if not isinstance(comment, str):
        return None
    translated = _TRANSLATED.search(comment)
    if translated is None:
        return comment.strip()
    marked = _ORIGINAL.search(comment, translated.end())
    if marked:
        return comment[marked.end() :].strip()
    before = comment[: translated.start()].strip()
    return _ORIGINAL.sub("", before, count=1).strip() or comment[translated.end() :].strip()


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Every location, last changed first, until the window is read."""
    options: Options = visit.options
    form = {
        "grant_type": "refresh_token",
        "client_id": secret(options.client_id_env),
        "client_secret": secret(options.client_secret_env),
        "refresh_token": secret(options.refresh_token_env),
    }
    headers = bearer(await token_for(visit, options.token_url, form))
    walks = []
    for resource, place in options.locations.items():
        base = f"{options.base_url.rstrip('/')}/v4/{resource.strip('/')}/reviews"
        walks.append(Walk(visit, parse, _Paging(base, headers)))
        async for parsed in walks[-1].read(_ask(base, headers, None)):
            if isinstance(parsed, Raw):
                parsed.location = place
            yield parsed
    if walks and all(walk.whole for walk in walks):
        yield WindowRead(visit.job.from_when, frozenset().union(*(walk.ids for walk in walks)))


class _Paging:
    """Asks for the page that an answer names as its next."""

    def __init__(self, base: str, headers: dict[str, str]) -> None:
        self._base, self._headers = base, headers

    def __call__(self, answer: Answer, _number: int) -> Ask | None:
        token = dig(load(answer.body), "nextPageToken")
        return _ask(self._base, self._headers, token) if isinstance(token, str) and token else None


def _ask(base: str, headers: dict[str, str], token: str | None) -> Ask:
    query = {"pageSize": "50", "orderBy": "updateTime desc", **({"pageToken": token} if token else {})}
    return Ask(f"{base}?{urlencode(query)}", headers=headers)


KIND = Kind("google_business", Options, parse, crawl, own=True)
