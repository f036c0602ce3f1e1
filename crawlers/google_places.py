"""Google Places: the five reviews that Google shows of any place. An alarm bell, not a record."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from config.section import Section
from crawlers.fetching.visit import Visit, secret
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, load, said
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import WindowRead

_OURS = ("author_name", "relative_time_description", "authorAttribution", "publishTime", "flagContentUri")
_FIELDS = "id,displayName,googleMapsUri,reviews"


class Options(Section):
    """`places` maps the place id to the name of the location. The API key is in the variable `key_env`."""

    places: dict[str, str]
    language: str = "ja"
    legacy: bool = False  # the older API, whose reviews can be sorted by date
    key_env: str = "GOOGLE_MAPS_KEY"
    base_url: str | None = None

    def base(self) -> str:
        """Where the API of choice lives."""
        own = "https://maps.googleapis.com" if self.legacy else "https://places.googleapis.com"
        return (self.base_url or own).rstrip("/")


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """The reviews of place details (old and new API), or of a list of places."""
    found = load(body)
    if isinstance(found, dict) and found.get("status") not in (None, "OK", "ZERO_RESULTS"):
        # The older API reports errors with HTTP 200.
        raise Unreadable(f"an error: {found['status']} {found.get('error_message') or ''}".strip())
    if dig(found, "error"):
        raise Unreadable(said(found))
    places = dig(found, "places") or dig(found, "results") or [dig(found, "result") or found]
    if not isinstance(places, list) or not any(_is_place(place) for place in places):
        raise Unreadable(said(found))
    for place in places:
        reviews = dig(place, "reviews")
        if not isinstance(reviews, list):
            reviews = dig(place, "generativeSummary", "references", "reviews")
        yield from each(expect(reviews, *_OURS) if isinstance(reviews, list) else [], _Reader(place))


def _is_place(place: Any) -> bool:
    keys = ("place_id", "id", "name", "displayName", "reviews", "rating", "formattedAddress", "generativeSummary")
    return isinstance(place, dict) and any(name in place for name in keys)


class _Reader:
    """Reads the reviews of one place, in either API's shape."""

    def __init__(self, place: dict[str, Any]) -> None:
        self._place = place
        # The newer API calls places/ChIJ… its name.
        name = place.get("name")
        named = isinstance(name, str) and not name.startswith("places/")
        self._name = dig(place, "displayName", "text") or (name if named else None)

    def __call__(self, review: dict[str, Any]) -> Raw:
        return self._old(review) if "author_name" in review or "time" in review else self._new(review)

    def _new(self, review: dict[str, Any]) -> Raw:
        original = review.get("originalText") or review.get("text")
        author = review.get("authorAttribution") or {}
        return Raw(
            external_id=review.get("name"),
            kind="review",
            text=dig(original, "text") if isinstance(original, dict) else original,
            author_id=author.get("uri"),
            author_name=author.get("displayName"),
            author_url=author.get("uri"),
            rating=review.get("rating"),
            language=dig(original, "languageCode"),
            url=review.get("googleMapsUri") or self._place.get("googleMapsUri"),
            posted_at=review.get("publishTime"),
            location=self._name,
        )

    def _old(self, review: dict[str, Any]) -> Raw:
        """It has no id: place, author and time are the same as long as the review is."""
        place = self._place.get("place_id") or self._place.get("url") or self._name
        key = f"{place}\x00{review.get('author_url')}\x00{review.get('author_name')}\x00{review.get('time')}"
        return Raw(
            external_id="places:" + hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=12).hexdigest(),
            kind="review",
            text=review.get("text"),
            author_id=review.get("author_url"),
            author_name=review.get("author_name"),
            author_url=review.get("author_url"),
            rating=review.get("rating"),
            language=review.get("original_language") or review.get("language"),
            url=self._place.get("url"),
            posted_at=review.get("time"),
            location=self._name,
            note="translated by Google" if review.get("translated") else None,
        )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """One request a place."""
    options: Options = visit.options
    key = secret(options.key_env)
    for place, name in options.places.items():
        if options.legacy:
            query = {
                "place_id": place, "fields": "place_id,name,url,review", "reviews_sort": "newest",
                "reviews_no_translations": "true", "language": options.language, "key": key,
            }  # fmt: skip
            answer = await visit.get(f"{options.base()}/maps/api/place/details/json?{urlencode(query)}")
        else:
            headers = {"X-Goog-Api-Key": key, "X-Goog-FieldMask": _FIELDS}
            url = f"{options.base()}/v1/places/{quote(place, safe='')}?languageCode={options.language}"
            answer = await visit.get(url, headers=headers)
        for parsed in parse(answer.body, answer.page(options)):
            if isinstance(parsed, Raw):
                parsed.location = name
            yield parsed


KIND = Kind("google_places", Options, parse, crawl, own=True)
