"""RSS 0.9 to 2.0, RDF and Atom: news searches, press releases, blogs. feedparser reads, and never fetches."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from pydantic import Field

from config.section import Section
from crawlers.fetching.visit import Failure, Visit
from crawlers.kind import Kind
from crawlers.parsing.charset import decoded
from crawlers.parsing.markup import html_to_text
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import WindowRead

_FEED = re.compile(rb"<(?:\w+:)?(rss|feed|rdf|channel)\b", re.IGNORECASE)
_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[^>]*\?>", re.IGNORECASE)
_ADDRESS = re.compile(r"\w+://|/")
_ENTITY = re.compile(rb"<!ENTITY[^>]*>", re.IGNORECASE)
_WITH_ADDRESS = re.compile(r"\S+@\S+\s+\((.+)\)|(.+?)\s*<\S+@\S+>")
_LONGEST_NAME = 300
_MEDIUM = re.compile(r"[((]([^()()]+)[))]\s*$")
_DATES = ("published", "updated", "created", "date")


class Options(Section):
    """`url` is one feed, `urls` are several that count as one source."""

    url: str | None = None
    urls: list[str] = []
    base_url: str | None = Field(default=None, description="taken in front of addresses that are only a path")

    def addresses(self) -> list[str]:
        """All feeds, complete."""
        base = (self.base_url or "").rstrip("/")
        given = [self.url] if self.url else ([base] if base and not self.urls else [])
        return [url if "://" in url else f"{base}/{url.lstrip('/')}" for url in [*given, *self.urls]]


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """The entries of a feed, well-formed or not."""
    declared = _DECLARED.search(body[:200])
    text = decoded(body, page.charset, declared[1].decode("ascii") if declared else None)
    body = _DECLARATION.sub("", text, count=1).lstrip().encode("utf-8", "replace")
    if not _FEED.search(body[:20_000]):
        raise Unreadable(f"no feed: {body[:80].decode('utf-8', 'replace')!r}" if body else "an empty answer")
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        # Entities are cut out, so that none can be expanded; HTML is cleaned by us.
        feed = feedparser.parse(
            BytesIO(_ENTITY.sub(b"", body)), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        # feedparser promises not to raise; on hostile bytes it has raised all sorts of things.
        raise Unreadable(f"a feed that cannot be read: {type(error).__name__}: {error}") from None
    if not feed.entries and feed.bozo and not feed.version:
        raise Unreadable(f"a feed that cannot be read: {feed.get('bozo_exception')}")
    # An entry of Atom without an author has that of its feed (RFC 4287, 4.2.1).
    author = _author(feed.feed) if feed.version.startswith("atom") else None
    language, base = feed.feed.get("language"), page.url or str(feed.feed.get("link") or "")
    shared = _shared_ids(feed.entries)
    yield from each(feed.entries, lambda entry: _entry(entry, language, base, author, shared))


def _shared_ids(entries: list[Any]) -> set[str]:
    """What some feeds write as the id of all their entries: it tells none from another."""
    links: dict[str, set[str]] = {}
    for entry in entries:
        links.setdefault(str(entry.get("id")), set()).add(str(entry.get("link")))
    return {identity for identity, several in links.items() if len(several) > 1}


def _author(entry: Any) -> str | None:
    """The name without the address that RSS writes beside it; feedparser takes longer top-level domains apart."""
    found = str(entry.get("author") or "")
    named = _WITH_ADDRESS.fullmatch(found) if len(found) < _LONGEST_NAME else None
    return (named[1] or named[2]) if named else found or None


def _entry(entry: Any, language: str | None, base: str, of_the_feed: str | None, shared: set[str]) -> Raw | None:
    title, link = entry.get("title"), entry.get("link")
    identity = entry.get("id") if str(entry.get("id")) not in shared else None
    if link and link == entry.get("id") and not _ADDRESS.match(link):
        link = None  # A guid counts as a link unless it says that it is none; few say so.
    posted = next((entry[name] for name in _DATES if entry.get(name)), None)
    contents = [part.get("value") for part in entry.get("content", []) if part.get("value")]
    text = max([*contents, entry.get("summary") or ""], key=len)
    if not (title or text):
        return None
    source = entry.get("source")
    author = _author(entry) or entry.get("dp_corp") or entry.get("dc_corp") or entry.get("corp")
    return Raw(
        external_id=identity or link or f"{title}|{posted}",
        kind="post",
        text=text,
        html=True,
        title=str(title) if title else None,
        author_name=author
        or (source.get("title") if isinstance(source, dict) else None)
        or _medium(title, link)
        or of_the_feed,
        author_url=(entry.get("author_detail") or {}).get("href"),
        language=entry.get("language") or language,
        url=urljoin(base, link) if link else entry.get("id"),
        posted_at=posted,
        edited_at=_edited(entry),
        reach={"replies": entry.get("slash_comments") or entry.get("thr_total")},
    )


def _medium(title: Any, link: Any) -> str | None:
    """Yahoo!ニュース names the medium in brackets after the title, Google News after a dash, and nowhere else."""
    if "//news.google.com/" in str(link):
        _, dash, medium = html_to_text(str(title)).rpartition(" - ")
        return medium if dash else None
    found = _MEDIUM.search(str(title)) if "//news.yahoo.co.jp/" in str(link) else None
    return found[1] if found else None


def _edited(entry: Any) -> str | None:
    published, updated = entry.get("published"), entry.get("updated")
    return updated if published and updated and published != updated else None


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """All feeds, each only when it changed. A feed scrolls: what is no longer in it is not gone."""
    for url in visit.options.addresses():
        answer = await visit.get(url, conditional=True)
        if answer.status == 304:
            continue
        whole = _END.search(answer.body[-2_000:]) is not None
        entries = list(parse(answer.body, answer.page()))
        # The last entry of a feed that is cut off may be half a text, which would look like an edit.
        for parsed in entries if whole else entries[:-1]:
            yield parsed
        if not whole:
            # With the cursor kept, the same ETag would hide the rest for good.
            raise Failure(f"{url}: the feed is cut off before its end")


KIND = Kind("feed", Options, parse, crawl, pages=True)
