"""Any page, by the operator's own CSS or XPath selectors; a few sites come with theirs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urljoin

import yaml
from parsel import Selector
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from config.section import Section
from crawlers.fetching.browser import what_is_missing
from crawlers.fetching.visit import Ask, Failure, Visit
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.markupbody import page_tree
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from crawlers.parsing.schema_org import things
from crawlers.review_page import following_page, reviews_of
from storage.item import WindowRead

_SITES = Path(__file__).with_name("sites")
_XPATH = re.compile(r"\(|\.?/|(?:string|normalize-space|concat)\(")


class Spot(Section):
    """Where a value is: `at` is CSS (with ::text or ::attr(x)) or XPath, inside the item, or anywhere on the `page`.

    Of a `pattern` the groups that matched are taken, joined by a point.
    """

    at: str
    pattern: str | None = None
    page: bool = False

    @field_validator("at", "pattern")
    @classmethod
    def _readable(cls, given: str | None, info: ValidationInfo) -> str | None:
        if given is None:
            return None
        try:
            if info.field_name == "pattern":
                re.compile(given)
            else:
                _select(Selector(text="<p></p>"), given)
        except (ValueError, re.error, SyntaxError, TypeError) as error:
            raise ValueError(f"{given!r} cannot be read: {error}") from None
        return given


def _spots(given: Any) -> Any:
    """A selector, one with its pattern, or a list of them: the first that finds something counts."""
    several = given if isinstance(given, list) else [given]
    return [{"at": one} if isinstance(one, str) else one for one in several]


Spots = Annotated[list[Spot], BeforeValidator(_spots)]


class Selectors(Section):
    """Where the parts of a review are on a page."""

    item: str
    text: Spots
    id: Spots = []
    url: Spots = []
    author: Spots = []
    author_url: Spots = []
    title: Spots = []
    rating: Spots = []
    rating_best: float | None = None
    posted_at: Spots = []
    edited_at: Spots = []
    location: Spots = []
    product_version: Spots = []
    likes: Spots = []
    reply_text: Spots = []
    reply_at: Spots = []
    language: str | None = None
    base: str | None = None
    terms: str | None = None
    kind: str = Field(default="review", pattern="^(review|post)$")


class Options(Section):
    """`url` and `selectors`, or the name of a `site` that comes with its own. Paging as in review_page.

    `render` reads what stands there after the page's scripts have run.
    """

    url: str | None = None
    base_url: str | None = None
    site: str | None = None
    selectors: Selectors | None = None
    pages: str | None = Field(default=None, pattern=r"\{page\}")
    most_pages: int = Field(default=20, ge=1)
    newest_first: bool = False
    render: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Options:
        if self.site is None and self.selectors is None:
            raise ValueError(f"write `selectors:`, or `site:` with one of {', '.join(sites())}")
        if self.site is not None and self.site not in sites():
            raise ValueError(f"there are no selectors for site {self.site!r}: write one of {', '.join(sites())}")
        if not self.url and not self.pages:
            raise ValueError("write `url:` or `pages:`")
        return self

    def first(self) -> str:
        """Where to begin."""
        return urljoin(self.base_url or "", self.url or (self.pages or "").replace("{page}", "1"))

    def chosen(self) -> Selectors:
        """The selectors in force."""
        return self.selectors or sites()[str(self.site)]


@cache
def sites() -> dict[str, Selectors]:
    """The selectors that come with Kintsugi, by site."""
    return {
        path.stem: Selectors.model_validate(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
        for path in sorted(_SITES.glob("*.yaml"))
    }


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """The reviews of a page. Without options the site that fits is taken, or what the page marks up itself."""
    tree = page_tree(body, page)
    if isinstance(page.options, Options):
        selectors = page.options.chosen()
    else:
        fitting = [(len(_items(tree, one)), one) for one in sites().values()]
        count, selectors = max(fitting, key=lambda pair: pair[0])
        if not count:
            found = list(reviews_of(things(tree), page.url))
            if not found:
                raise Unreadable("a page on which no known selectors find a review")
            yield from found
            return
    yield from each(_items(tree, selectors), _Reader(tree, selectors, page.url))


class _Reader:
    """Reads the items of one page."""

    def __init__(self, tree: Selector, selectors: Selectors, url: str) -> None:
        self._tree, self._by = tree, selectors
        canonical = tree.xpath('string(//link[@rel="canonical"]/@href)').get("")
        self._address = url or canonical or None
        self._base = self._address or selectors.base or ""

    def __call__(self, item: Selector) -> Raw | None:
        by = self._by
        text, title, rating = self._find(item, by.text), self._find(item, by.title), self._find(item, by.rating)
        if not (text or title or rating):
            return None
        author, posted = self._find(item, by.author), self._find(item, by.posted_at)
        link = self._find(item, by.url)
        own = self._find(item, by.id)
        likes = self._find(item, by.likes)
        return Raw(
            external_id=_plain(own) or link or _derived(author, posted, title, text),
            kind=by.kind,
            text=text,
            html=True,
            title=title,
            author_name=_plain(author),
            author_url=self._absolute(self._find(item, by.author_url)),
            rating=_plain(rating),
            rating_best=by.rating_best,
            language=by.language,
            url=self._absolute(link) or self._address,
            posted_at=_plain(posted),
            edited_at=_plain(self._find(item, by.edited_at)),
            location=_plain(self._find(item, by.location)),
            product_version=_plain(self._find(item, by.product_version)),
            reach={"likes": re.sub(r"\D", "", likes) or 1} if likes else {},  # "One person" has no digit.
            reply_text=self._find(item, by.reply_text),
            reply_at=_plain(self._find(item, by.reply_at)),
        )

    def _find(self, item: Selector, spots: list[Spot]) -> str | None:
        for spot in spots:
            for node in _select(self._tree if spot.page else item, spot.at):
                value = _value(node, spot)
                if value:
                    return value
        return None

    def _absolute(self, link: str | None) -> str | None:
        return urljoin(self._base, link) if link else None


def _items(tree: Selector, selectors: Selectors) -> list[Selector]:
    return list(_select(tree, selectors.item))


def _select(node: Selector, at: str) -> list[Selector]:
    if _XPATH.match(at):
        return list(node.xpath(at))
    # CSS looks below a node only; `::attr(x)` alone means the node's own.
    return list(node.xpath(f"@{at[7:-1]}") if at.startswith("::attr(") else node.css(at))


def _value(node: Selector, spot: Spot) -> str | None:
    given = node.get() or ""
    if spot.pattern is None:
        return given.strip() or None
    found = re.search(spot.pattern, _plain(given) or "")
    groups = [group for group in found.groups() if group is not None] if found else []
    return ".".join(groups) or None


def _plain(value: str | None) -> str | None:
    from crawlers.parsing.markup import html_to_text

    return " ".join(html_to_text(value).split()) or None if value else None


def _derived(*said: str | None) -> str:
    return "page:" + hashlib.blake2b("\x00".join(map(str, said)).encode("utf-8", "replace"), digest_size=12).hexdigest()


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Page by page until one brings nothing new."""
    options: Options = visit.options
    terms = options.chosen().terms
    if terms and not visit.job.terms_accepted:
        raise Failure(f"{terms}; set `terms_accepted: true` if you may")
    render = options.chosen().item if options.render else None
    if render and (problem := what_is_missing()):
        raise Failure(problem)
    following = following_page(visit, options.pages, render)
    walk = Walk(visit, parse, following, newest_first=options.newest_first, most_pages=options.most_pages)
    async for parsed in walk.read(Ask(options.first(), robots=visit.robots, render=render)):
        yield parsed
    if walk.whole and walk.ids and following.ended:
        for read in walk.window():
            yield read


KIND = Kind("page", Options, parse, crawl, pages=True, own=True)
