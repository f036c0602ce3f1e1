"""Google Play Developer API: the reviews of one's own app, of the last seven days, with the developer's replies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from config.section import Section
from crawlers.fetching.signing import bearer, service_account_token
from crawlers.fetching.visit import Answer, Ask, Visit
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load, seconds
from crawlers.parsing.raw import Page, Parsed, Raw, each
from storage.item import WindowRead

_SCOPE = "https://www.googleapis.com/auth/androidpublisher"


class Options(Section):
    """`package` is the app. The service account's key (JSON, or its path) is in the variable `key_env`."""

    package: str
    key_env: str = "GOOGLE_PLAY_KEY"
    base_url: str = "https://androidpublisher.googleapis.com"
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 (an address)


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """The reviews of reviews.list, or the one of reviews.get."""
    found = load(body)
    if isinstance(found, dict) and "reviewId" in found and "comments" in found:
        reviews = [found]
    elif isinstance(found, dict) and not found:
        reviews = []  # No review in the last seven days.
    elif isinstance(found, dict) and "tokenPagination" in found and "reviews" not in found:
        reviews = []
    else:
        reviews = expect(listed(found, "reviews"), "comments")
    options = page.options if isinstance(page.options, Options) else None
    yield from each(reviews, lambda review: _review(review, options))


def _review(review: dict[str, Any], options: Options | None) -> Raw | None:
    comments = review["comments"]
    said = next((comment["userComment"] for comment in comments if "userComment" in comment), None)
    if said is None:
        return None  # The developer's part alone.
    reply = next((comment["developerComment"] for comment in comments if "developerComment" in comment), None)
    text = said.get("originalText") or said.get("text") or ""
    title, tab, rest = text.partition("\t")  # title<TAB>body; the title may be empty.
    identity = review["reviewId"]
    return Raw(
        external_id=identity,
        kind="review",
        text=rest if tab else text,
        title=title if tab else None,
        author_name=review.get("authorName"),
        rating=said.get("starRating"),
        language=said.get("reviewerLanguage"),
        url=f"https://play.google.com/store/apps/details?id={options.package}&reviewId={identity}" if options else None,
        posted_at=seconds(said.get("lastModified")),
        product_version=said.get("appVersionName") or said.get("appVersionCode"),
        reach={"likes": said.get("thumbsUpCount"), "dislikes": said.get("thumbsDownCount")},
        reply_text=dig(reply, "text"),
        reply_at=seconds(dig(reply, "lastModified")),
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """All pages. Seven days scroll away: what is no longer listed is not gone."""
    options: Options = visit.options
    headers = bearer(await service_account_token(visit, options.key_env, _SCOPE, options.token_url))
    base = f"{options.base_url.rstrip('/')}/androidpublisher/v3/applications/{quote(options.package)}/reviews"

    def ask(token: str | None) -> Ask:
        query = {"maxResults": "100", **({"token": token} if token else {})}
        return Ask(f"{base}?{urlencode(query)}", headers=headers)

    def following(answer: Answer, _number: int) -> Ask | None:
        token = dig(load(answer.body), "tokenPagination", "nextPageToken")
        return ask(token) if isinstance(token, str) and token else None

    async for parsed in Walk(visit, parse, following, newest_first=False).read(ask(None)):
        yield parsed


KIND = Kind("google_play_console", Options, parse, crawl, own=True)
