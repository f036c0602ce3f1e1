"""Any page that marks up its reviews by schema.org, as JSON-LD or microdata."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Container, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from parsel import Selector
from pydantic import Field

from config.section import Section
from crawlers.fetching.visit import Answer, Ask, Visit
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.dates import read_date
from crawlers.parsing.markup import html_to_text
from crawlers.parsing.markupbody import page_tree
from crawlers.parsing.rating import read_rating
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from crawlers.parsing.schema_org import BROKEN, is_a, reviews_in, things
from storage.item import Refused, WindowRead

_STARS = 5
_END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_FAR = datetime(9000, 1, 1, tzinfo=UTC)


class Options(Section):
    """`url` is the first page. Further pages: its rel=next, or `pages`, a pattern such as https://…?page={page}."""

    url: str | None = None
    base_url: str | None = None
    pages: str | None = Field(default=None, pattern=r"\{page\}")
    most_pages: int = Field(default=20, ge=1)
    newest_first: bool = False

    def first(self) -> str:
        """Where to begin."""
        url = self.url or (self.pages or "").replace("{page}", "1")
        return urljoin(self.base_url or "", url)


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """The reviews of a page, each once however often it is marked up. None in it is no error: pages have ends."""
    tree = page_tree(body, page)
    address = page.url or tree.xpath('string(//link[@rel="canonical"]/@href)').get("")
    found = things(tree)
    if not found:
        raise Unreadable("a page without schema.org data")
    yield from reviews_of(found, address)


def reviews_of(found: list[dict[str, Any]], address: str) -> Iterator[Parsed]:
    """The reviews in what a page says of itself."""
    for thing in found:
        if BROKEN in thing:
            yield Refused("rejected", "a block of JSON-LD is broken: reviews in it may be lost", None, thing[BROKEN])
    seen: set[str] = set()
    pairs = [pair for thing in found for pair in reviews_in(thing)]
    shared = _shared_names([review for review, _ in pairs], address)
    for parsed in each(pairs, lambda pair: _review(pair[0], pair[1], address, shared)):
        if isinstance(parsed, Raw):
            # The same review may stand in two blocks, and as microdata besides.
            said = parsed.text or f"{parsed.title}|{parsed.rating}|{parsed.posted_at}"
            key = _print(f"{parsed.author_name}|{_day(parsed.posted_at)}|{' '.join(str(said).split())}")
            if key in seen:
                continue
            seen.add(key)
        yield parsed


def _review(review: dict[str, Any], about: Any, address: str, shared: Container[str | None]) -> Raw | None:
    rating = _first(review.get("reviewRating")) or _first(review.get("rating"))
    if not rating and "ratingValue" in review:
        rating = review  # The scale's part was forgotten.
    given: Any = rating.get("ratingValue") if isinstance(rating, dict) else rating
    text = _body(review)
    title = _text(review.get("name")) or _text(review.get("headline")) or _text(review.get("summary"))
    author = _first(review.get("author")) or _first(review.get("creator")) or _first(review.get("reviewer"))
    name = _called(author)
    if not (text or title or given not in (None, "")):
        return None
    posted = _text(review.get("datePublished")) or _text(review.get("dateCreated")) or _text(review.get("dtreviewed"))
    edited = _text(review.get("dateModified"))
    reply = _first(review.get("comment"))
    best = _text(rating.get("bestRating")) if isinstance(rating, dict) else None
    url = _text(review.get("url")) or _text(review.get("@id"))
    return Raw(
        external_id=_identity(review, address, shared, f"{name}|{posted}|{text or f'{title}|{given}'}"),
        kind="review",
        text=text,
        title=title,
        author_name=name,
        author_url=_text(author.get("url")) if isinstance(author, dict) else None,
        rating=_text(given) if isinstance(given, str) else _first(given),
        rating_best=best or _likely_scale(given),
        rating_worst=_text(rating.get("worstRating")) if isinstance(rating, dict) else None,
        language=_text(review.get("inLanguage")),
        url=urljoin(address, url) if url and (address or "://" in url) else address or None,
        posted_at=posted,
        edited_at=edited if edited != posted else None,
        location=_text(about.get("name"))
        if isinstance(about, dict) and not is_a(about, "WebPage", "WebSite")
        else None,
        reply_text=_text(reply.get("text")) if isinstance(reply, dict) else _text(reply),
        reply_at=_text(reply.get("datePublished") or reply.get("dateCreated")) if isinstance(reply, dict) else None,
    )


def _called(author: Any) -> str | None:
    if not isinstance(author, dict):
        return _text(author)
    parts = [part for part in map(_text, (author.get("givenName"), author.get("familyName"))) if part]
    return _text(author.get("name")) or " ".join(parts) or _text(author.get("alternateName"))


def _likely_scale(given: Any) -> int | None:
    """Five unless the page says otherwise; hotels leave out that their 9.2 is of ten."""
    number = read_rating(_text(given) if isinstance(given, str) else _first(given), 100).raw or 0
    return None if number <= _STARS else 10 if number <= 10 else 100


def _identity(review: dict[str, Any], address: str, shared: Container[str | None], said: str) -> str:
    """Its own id where it has one; otherwise what stays the same from one reading to the next."""
    own = _own_name(review, address)
    if own and own not in shared:
        return own
    place = address.partition("#")[0].partition("?")[0]
    return "page:" + _print(f"{place}|{said}")


def _shared_names(reviews: list[dict[str, Any]], address: str) -> set[str | None]:
    """What several reviews of a page name as their own (the product's address, say): it tells none from another."""
    texts: defaultdict[str | None, set[str]] = defaultdict(set)
    for review in reviews:
        texts[_own_name(review, address)].add(" ".join(str(_body(review) or review.get("author")).split()))
    return {own for own, several in texts.items() if len(several) > 1}


def _own_name(review: dict[str, Any], address: str) -> str | None:
    for name in ("@id", "identifier", "url"):
        value = _first(review.get(name))
        own = _text(value.get("value") or value.get("@id") or value) if isinstance(value, dict) else _text(value)
        if own and own.rstrip("#/") != address.rstrip("#/"):
            return own
    return None


def _day(posted: object) -> str:
    """The same day however it is written: JSON-LD and microdata of a page differ."""
    if _ISO.match(str(posted)):
        return str(posted)[:10]
    moment = read_date(posted, _FAR).at
    return str(moment.date() if moment else posted)


def _print(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _body(review: dict[str, Any]) -> str | None:
    return _longest(review.get("reviewBody")) or _longest(review.get("description")) or _longest(review.get("text"))


def _longest(value: Any) -> str | None:
    """Of a text that is there twice, cut and whole, the whole one."""
    texts = [text for text in map(_text, value) if text] if isinstance(value, list) else [_text(value)]
    return max(texts, key=lambda text: len(text or ""), default=None)


def _text(value: Any) -> str | None:
    """A text, wherever it is wrapped; markup and entities inside JSON-LD are common."""
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("text")
    if value is None or isinstance(value, bool | dict | list):
        return None
    return html_to_text(str(value)) or None


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Page by page until one brings nothing new."""
    options: Options = visit.options
    following = following_page(visit, options.pages)
    walk = Walk(
        visit,
        parse,
        following,
        newest_first=options.newest_first,
        most_pages=options.most_pages,
    )
    async for parsed in walk.read(Ask(options.first(), robots=visit.robots)):
        yield parsed
    if walk.whole and walk.ids and following.ended:
        for read in walk.window():
            yield read


class following_page:
    """The request for the page after an answer's: by pattern, or as the page itself says (rel=next).

    `ended` says that no page was cut off before its end.
    """

    def __init__(self, visit: Visit, pattern: str | None, render: str | None = None) -> None:
        self._visit, self._pattern, self._render = visit, pattern, render
        self.ended = True

    def __call__(self, answer: Answer, number: int) -> Ask | None:
        self.ended = self.ended and _END.search(answer.body[-5_000:]) is not None
        if self._pattern:
            url: str | None = urljoin(answer.url, self._pattern.replace("{page}", str(number + 1)))
        else:
            tree: Selector = page_tree(answer.body, answer.page())
            href = tree.xpath('//*[self::link or self::a][contains(concat(" ", @rel, " "), " next ")]/@href').get()
            url = urljoin(answer.url, href) if href else None
        return Ask(url, robots=self._visit.robots, render=self._render) if url else None


KIND = Kind("review_page", Options, parse, crawl, pages=True, own=True)
