"""Apple App Store: the public customer reviews feed, one a country, at most 500 newest reviews each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, field_validator

from config.section import Section
from crawlers.fetching.visit import Visit
from crawlers.kind import Kind
from crawlers.parsing.dates import read_date
from crawlers.parsing.jsonbody import dig
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import Refused, WindowRead

# The storefronts that Apple lists (ISO 3166 alpha-2).
_LISTED = (
    "ae ag ai al am ao ar at au az ba bb be bf bg bh bj bm bn bo br bs bt bw by bz ca cd cg ch ci cl cm cn co cr cv cy "
    "cz de dk dm do dz ec ee eg es fi fj fm fr ga gb gd ge gh gm gr gt gw gy hk hn hr hu id ie il in iq is it jm jo jp "
    "ke kg kh kn kr kw ky kz la lb lc lk lr lt lu lv ly ma md me mg mk ml mm mn mo mr ms mt mu mv mw mx my mz na ne ng "
    "ni nl no np nr nz om pa pe pg ph pk pl pt pw py qa ro rs ru rw sa sb sc se sg si sk sl sn sr st sv sz tc td th tj "
    "tm tn to tr tt tw tz ua ug us uy uz vc ve vg vn vu xk ye za zm zw"
)
COUNTRIES = _LISTED.split()
_PAGES = 10
_STARS = 5
_STEP = 41  # countries a minute: no usual interval of crawls comes back to the same one soon
_LONGEST_PROLOGUE = 2_000


class Options(Section):
    """`app_id` is the number in the app's address; `countries` are storefronts, or `all`."""

    app_id: int = Field(gt=0)
    countries: list[str] | Literal["all"] = ["jp", "us"]
    base_url: str = "https://itunes.apple.com"

    @field_validator("countries")
    @classmethod
    def _known(cls, given: list[str] | str) -> list[str] | str:
        for country in given if isinstance(given, list) else ():
            if country not in COUNTRIES:
                raise ValueError(f"{country!r} is no storefront: write the two letters of a country such as jp")
        return given


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """The reviews of one page of the feed, JSON or XML."""
    start = body.find(b"<feed", 0, _LONGEST_PROLOGUE)  # A browser that saves a feed writes a remark before it.
    if start >= 0 or body.lstrip()[:1] == b"<":
        yield from _parse_xml(body[max(start, 0) :], page)
        return
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
        listed = dig(found, "data") or dig(found, "userReviewList")
        if isinstance(listed, list) and _is_the_pages_own(listed[0]):
            yield from each(listed, _of_the_page)
            return
        entries = found["feed"].get("entry") or []
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable("no customer reviews feed" + _beginning(body)) from None
    # One review comes as an object, several as a list.
    yield from each(entries if isinstance(entries, list) else [entries], _review)


def _review(entry: dict[str, Any]) -> Raw | None:
    if entry.get("im:rating") is None:
        return None  # Older feeds begin with the app itself.
    author = entry.get("author") or {}
    uri = _label(author.get("uri"))
    return Raw(
        external_id=_label(entry.get("id")),
        kind="review",
        text=_label(entry.get("content")),
        title=_label(entry.get("title")),
        author_id=uri.rpartition("/id")[2] if isinstance(uri, str) and "/id" in uri else None,
        author_name=_label(author.get("name")),
        author_url=uri,
        rating=_label(entry.get("im:rating")),
        rating_best=_STARS,
        url=_link(entry.get("link")),
        posted_at=_label(entry.get("updated")),
        product_version=_label(entry.get("im:version")),
        reach=_votes(_label(entry.get("im:voteSum")), _label(entry.get("im:voteCount"))),
    )


def _is_the_pages_own(entry: Any) -> bool:
    return dig(entry, "type") == "user-reviews" or dig(entry, "userReviewId") is not None


def _of_the_page(entry: dict[str, Any]) -> Raw:
    """A review as the store's own page and its older app are told it: only in recordings, since both need a token."""
    told = entry.get("attributes") or entry
    reply = told.get("developerResponse") or {}
    return Raw(
        external_id=entry.get("id") or entry.get("userReviewId"),
        kind="review",
        text=told.get("review") or told.get("body"),
        title=told.get("title"),
        author_name=told.get("userName") or told.get("name"),
        rating=told.get("rating"),
        rating_best=_STARS,
        posted_at=told.get("date"),
        reach=_votes(told.get("voteSum"), told.get("voteCount")),
        reply_text=reply.get("body"),
        reply_at=reply.get("modified"),
    )


def _label(node: Any) -> Any:
    """Values are wrapped: {"label": "5"}."""
    return node.get("label") if isinstance(node, dict) else node


def _link(node: Any) -> Any:
    for link in node if isinstance(node, list) else [node]:
        if isinstance(link, dict) and isinstance(link.get("attributes"), dict):
            return link["attributes"].get("href")
    return None


def _votes(found_useful: Any, votes: Any) -> dict[str, object]:
    given = {"likes": found_useful, "votes": votes}
    return {name: value for name, value in given.items() if value not in (None, "")}


def _parse_xml(body: bytes, page: Page) -> Iterator[Parsed]:
    """The feed's other form. It is not well-formed when its links hold bare ampersands, so it is read leniently."""
    from crawlers.parsing.xml import children, lenient, text_of

    root = lenient(body, page.charset)
    if root is None or (not children(root, "entry") and text_of(root, "title") is None):
        raise Unreadable("no customer reviews feed" + _beginning(body))

    def review(entry: Any) -> Raw | None:
        rating = text_of(entry, "rating")
        if rating is None:
            return None
        author = next(iter(children(entry, "author")), None)
        contents = children(entry, "content")
        plain = next((one for one in contents if one.get("type") == "text"), contents[0] if contents else None)
        links = [one.get("href") for one in children(entry, "link") if one.get("href")]
        uri = text_of(author, "uri") if author is not None else None
        return Raw(
            external_id=text_of(entry, "id"),
            kind="review",
            text="".join(plain.itertext()) if plain is not None else None,
            html=plain is not None and plain.get("type") == "html",
            title=text_of(entry, "title"),
            author_id=uri.rpartition("/id")[2] if uri and "/id" in uri else None,
            author_name=text_of(author, "name") if author is not None else None,
            author_url=uri,
            rating=rating,
            rating_best=_STARS,
            url=links[0] if links else None,
            posted_at=text_of(entry, "updated"),
            product_version=text_of(entry, "version"),
            reach=_votes(text_of(entry, "voteSum"), text_of(entry, "voteCount")),
        )

    yield from each(children(root, "entry"), review)


def _beginning(body: bytes) -> str:
    return f": {body[:80].decode('utf-8', 'replace')!r}" if body else ": an empty answer"


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """All countries, newest first, until the window is read.

    An edited review comes to the top with its id and a new date. The feed has been seen empty for days: none where
    there were some last time is no complete read.
    """
    options: Options = visit.options
    ids: set[str] = set()
    complete_since = visit.job.from_when
    counts: dict[str, int] = {}
    whole = True
    for country in _in_turn(visit.at) if options.countries == "all" else options.countries:
        walk = _Walk(visit, options, country)
        async for parsed in walk.read():
            yield parsed
        ids |= walk.ids
        counts[country] = len(walk.ids)
        known = visit.before.get("counts", {}).get(country, 0)
        whole = whole and walk.complete_since is not None and (bool(walk.ids) or not known)
        complete_since = max(complete_since, walk.complete_since or complete_since)
    visit.cursor["counts"] = counts
    if whole:
        yield WindowRead(complete_since, frozenset(ids))


def _in_turn(at: datetime) -> list[str]:
    """All countries, beginning with another one each time: where time runs out, it is not always the same that wait."""
    first = int(at.timestamp() // 60) * _STEP % len(COUNTRIES)
    return COUNTRIES[first:] + COUNTRIES[:first]


class _Walk:
    """One country's pages. `complete_since`: everything from there on was seen; None: that is not sure."""

    def __init__(self, visit: Visit, options: Options, country: str) -> None:
        self._visit = visit
        self._address = (
            f"{options.base_url.rstrip('/')}/{country}/rss/customerreviews/page={{}}/id={options.app_id}"
            "/sortby=mostrecent/json"
        )
        self.ids: set[str] = set()
        self.complete_since: datetime | None = None
        self._broken = False

    async def read(self) -> AsyncIterator[Parsed]:
        window = self._visit.job.from_when
        oldest: datetime | None = None
        for number in range(1, _PAGES + 1):
            answer = await self._visit.get(self._address.format(number))
            before, dated = len(self.ids), True
            for parsed in parse(answer.body, answer.page()):
                if isinstance(parsed, Raw):
                    self.ids.add(str(parsed.external_id))
                    moment = read_date(parsed.posted_at, self._visit.at).at
                    dated = dated and moment is not None
                    oldest = min(filter(None, (oldest, moment)), default=None)
                self._broken = self._broken or isinstance(parsed, Refused)  # It may be any of those that are missed.
                yield parsed
            if len(self.ids) == before:  # Past the last page, or a page that leads to itself.
                self.complete_since = None if self._broken else window
                return
            if dated and oldest is not None and oldest < window:
                self.complete_since = None if self._broken else window
                return
            self.complete_since = oldest if dated and not self._broken else None


KIND = Kind("app_store", Options, parse, crawl, own=True)
