"""HTML pages of strangers as trees."""

from __future__ import annotations

import re

from lxml import etree, html
from parsel import Selector

from crawlers.parsing.charset import decoded
from crawlers.parsing.raw import Page, Unreadable

_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:html|head|body|div|script|span|table|article|section|p|ul|main)\b", re.IGNORECASE)

# No character of HTML; lxml builds attributes named with them and cannot read them afterwards.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def page_text(body: bytes, charset: str | None) -> str:
    """A page as text; wrong bytes become replacement characters."""
    declared = _DECLARED.search(body[:4096])
    return decoded(body, charset, declared[1].decode("ascii") if declared else None)


def page_tree(body: bytes, page: Page) -> Selector:
    """The page. Raises Unreadable for what is no HTML."""
    text = _CONTROL.sub("", page_text(body, page.charset))
    if not _MARKUP.search(text):
        raise Unreadable(f"no page: {text[:80]!r}" if text.strip() else "an empty answer")
    # Not huge, as parsel would have it: nested a million times, a page of megabytes would keep us busy for hours.
    parser = html.HTMLParser(recover=True, encoding="utf-8", huge_tree=False)
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser=parser, base_url=page.url or None)
    except (ValueError, TypeError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"a page that cannot be read: {error}") from None
    if root is None:
        raise Unreadable(f"no page: {text[:80]!r}")
    return Selector(root=root, type="html", base_url=page.url or None)
