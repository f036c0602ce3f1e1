"""Google Play: the public reviews of an app, by the call that its own page makes (undocumented)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from pydantic import Field

from config.section import Section
from crawlers.fetching.visit import Answer, Ask, Visit
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, seconds
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import WindowRead

_RPC, _NEWEST = "UsvDTd", 2
_FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}


class Options(Section):
    """`package` is the app; each of `languages` is a list of reviews of its own."""

    package: str
    languages: list[str] = ["ja", "en"]
    country: str = "jp"
    page_size: int = Field(default=150, ge=1, le=199)
    base_url: str = "https://play.google.com"


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """The reviews of one answer."""
    payloads = list(_payloads(body))
    if not payloads:
        raise Unreadable(f"no reviews call: {body[:80].decode('utf-8', 'replace')!r}")
    options = page.options if isinstance(page.options, Options) else None
    for payload in payloads:
        if payload is None:
            raise Unreadable("the reviews call failed (no payload)")
        reviews = dig(payload, 0)
        yield from each(reviews if isinstance(reviews, list) else [], lambda review: _review(review, options))


def _payloads(body: bytes) -> Iterator[Any]:
    """The answers in a batch: chunks of JSON, on the wire with their lengths between them, JSON again inside."""
    text = body.decode("utf-8", "replace").lstrip("\ufeff").lstrip().removeprefix(")]}'")
    decoder, place = json.JSONDecoder(strict=False), 0
    mark = "data:[" if text.startswith("<") else "["
    while (start := text.find(mark, place)) >= 0:
        try:
            chunk, place = decoder.raw_decode(text, start + len(mark) - 1)
        except (ValueError, RecursionError):
            if mark == "[":
                return
            place = start + len(mark)
            continue
        for row in chunk if isinstance(chunk, list) else []:
            if dig(row, 0) == "wrb.fr" and dig(row, 1) in (_RPC, "oCPfdb"):
                yield _inner(dig(row, 2))
        # Without the envelope: in the page itself, where the same data stand in a script.
        found = next((one for one in (chunk, dig(chunk, 0)) if _is_review(dig(one, 0, 0))), None)
        if found:
            yield found


def _inner(given: Any) -> Any:
    try:
        return json.loads(given, strict=False)
    except (ValueError, TypeError, RecursionError):
        return None


def _is_review(row: Any) -> bool:
    stars = dig(row, 2)
    return (
        isinstance(dig(row, 0), str)
        and isinstance(dig(row, 1, 0), str)
        and isinstance(stars, int)
        and 1 <= stars <= 5
        and isinstance(dig(row, 5, 0), int)
    )


def _review(row: list[Any], options: Options | None) -> Raw:
    """Positions, not names; rows had 13, 15 and 17 of them over the years."""
    identity = row[0]
    return Raw(
        external_id=identity,
        kind="review",
        text=dig(row, 4),
        author_id=dig(row, 9, 0),
        author_name=dig(row, 1, 0),
        rating=dig(row, 2),
        url=f"https://play.google.com/store/apps/details?id={options.package}&reviewId={identity}" if options else None,
        posted_at=seconds(dig(row, 5)),  # The time of the last edit; the first is not shown.
        product_version=dig(row, 10),
        reach={"likes": dig(row, 6)},
        reply_text=dig(row, 7, 1),
        reply_at=seconds(dig(row, 7, 2)),
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first in each language, until the window is read."""
    options: Options = visit.options
    walks = []
    for language in options.languages:
        walks.append(Walk(visit, parse, lambda answer, _, hl=language: _next(options, hl, answer)))  # type: ignore[misc]
        async for parsed in walks[-1].read(_ask(options, language, None)):
            if isinstance(parsed, Raw):
                parsed.language = language
            yield parsed
    if all(walk.whole for walk in walks):
        yield WindowRead(visit.job.from_when, frozenset().union(*(walk.ids for walk in walks)))


def _ask(options: Options, language: str, token: str | None) -> Ask:
    inner = [None, None, [2, _NEWEST, [options.page_size, None, token], None, []], [options.package, 7]]
    call = json.dumps([[[_RPC, json.dumps(inner, separators=(",", ":")), None, "generic"]]], separators=(",", ":"))
    query = urlencode({"rpcids": _RPC, "hl": language, "gl": options.country.upper()})
    url = f"{options.base_url.rstrip('/')}/_/PlayStoreUi/data/batchexecute?{query}"
    return Ask(url, "POST", _FORM, urlencode({"f.req": call}).encode())


def _next(options: Options, language: str, answer: Answer) -> Ask | None:
    for payload in _payloads(answer.body):
        token = dig(payload, 1, 1) or dig(payload, -1, -1)
        if isinstance(token, str) and token:
            return _ask(options, language, token)
    return None


KIND = Kind(
    "google_play", Options, parse, crawl, own=True,
    terms="Google's terms forbid automated access without permission (kind google_play_console reads your own app)",
)  # fmt: skip
