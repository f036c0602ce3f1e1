"""schema.org reviews of a page: JSON-LD block by block, and microdata.

One empty or broken JSON-LD block must not lose the others, which rules out the readers that take all or nothing.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from parsel import Selector

_DEEPEST = 40
BROKEN = "@broken"  # the name under which a block that is no JSON shows its beginning, where reviews may be lost
_REVIEW = re.compile(r"\"Review\"|/Review\"")
_MOST_EFFORT = 20_000_000  # characters that are read again and again
_OPENINGS = ("<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[")
_CLOSINGS = ("-->", "//]]>", "/*]]>*/", "]]>")
_ADDRESSES = frozenset(("url", "sameAs", "image", "logo", "discussionUrl", "mainEntityOfPage", "itemReviewed"))
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


def things(tree: Selector) -> list[dict[str, Any]]:
    """The top objects of all JSON-LD blocks and of the microdata.

    Where a review only points to another object of the page ({"@id": …}: its author, its rating), it has that object.
    """
    found = [*_json_ld(tree), *_microdata(tree)]
    every = list(_within(found))
    named = {str(thing["@id"]): thing for thing in reversed(every) if "@id" in thing and not _is_reference(thing)}
    # Of reviews only: whoever looks for reviews does not look inside one, so that no circle is walked.
    for review in filter(_is_review, every):
        for name in ("author", "creator", "itemReviewed", "reviewRating"):
            if _is_reference(review.get(name)):
                review[name] = named.get(str(review[name]["@id"]), review[name])
    return found


def _within(found: Any) -> Iterator[dict[str, Any]]:
    """All objects, however deep."""
    stack = [(found, 0)]
    while stack:
        node, depth = stack.pop()
        if isinstance(node, dict):
            yield node
        if depth < _DEEPEST and isinstance(node, dict | list):
            inner = list(node.values()) if isinstance(node, dict) else node
            stack += [(one, depth + 1) for one in inner if isinstance(one, dict | list)]


def is_a(thing: Any, *names: str) -> bool:
    """Whether a thing has one of these types, whatever the form of its type."""
    kinds = thing.get("@type") if isinstance(thing, dict) else None
    given = kinds if isinstance(kinds, list) else [kinds]
    return any(re.split(r"[/:#]", str(kind).rstrip("/"))[-1] in names for kind in given)


def reviews_in(thing: Any, about: dict[str, Any] | None = None, depth: int = 0) -> Iterator[tuple[dict[str, Any], Any]]:
    """All reviews in a thing, however deep, each with what it is about (what holds it)."""
    if depth > _DEEPEST:
        return
    if isinstance(thing, list):
        for one in thing:
            yield from reviews_in(one, about, depth + 1)
    elif isinstance(thing, dict):
        if _is_review(thing) and not _is_reference(thing):
            yield thing, thing.get("itemReviewed") or about
            return
        holder = thing if thing.get("@type") else about
        for name, value in thing.items():
            if name in ("review", "reviews"):
                _name_the_type(value if isinstance(value, list) else [value])
            if isinstance(value, dict | list):
                yield from reviews_in(value, holder, depth + 1)


def _name_the_type(reviews: list[Any]) -> None:
    """Some pages leave it out where a property says it."""
    for one in reviews:
        if isinstance(one, dict) and not one.get("@type") and {"reviewBody", "reviewRating", "author"} & set(one):
            one["@type"] = "Review"


def _is_review(thing: dict[str, Any]) -> bool:
    return is_a(thing, "Review", "UserReview", "CriticReview", "EmployerReview")


def _is_reference(thing: Any) -> bool:
    """{"@type": "Review", "@id": …} points to a review that stands elsewhere."""
    return isinstance(thing, dict) and "@id" in thing and not set(thing) - {"@type", "@id", "@context"}


def _json_ld(tree: Selector) -> Iterator[dict[str, Any]]:
    for block in tree.xpath('//script[contains(translate(@type, "LDJSON", "ldjson"), "ld+json")]/text()').getall():
        text = _unwrapped(block)
        for form in (text, _TRAILING_COMMA.sub(r"\1", text.replace("\\'", "'")), html.unescape(text)):
            try:
                found = json.loads(form, strict=False)
            except (ValueError, RecursionError):
                continue
            yield from (thing for thing in (found if isinstance(found, list) else [found]) if isinstance(thing, dict))
            break
        else:
            yield from _unbroken(text)


def _unbroken(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a block that is no JSON as a whole: a quotation mark in one review must not lose the others."""
    decoder, place, effort = json.JSONDecoder(strict=False), 0, _MOST_EFFORT
    while effort > 0 and (start := text.find("{", place)) >= 0:
        try:
            found, place = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            place, effort = start + 1, effort - (error.pos - start) - 100
        except (ValueError, RecursionError):
            return
        else:
            if "@type" in found:
                yield found
    if _REVIEW.search(text):
        yield {BROKEN: text[:200]}


def _unwrapped(block: str) -> str:
    """A script's text out of the comments that once hid scripts from browsers."""
    text = block.strip()
    for opening, closing in zip(_OPENINGS, _CLOSINGS, strict=True):
        text = text.removeprefix(opening).removesuffix(closing).strip()
    return text.rstrip(";")


def _microdata(tree: Selector) -> Iterator[dict[str, Any]]:
    """The items of a page, each with its properties; a property that is an item itself is one here as well.

    Every element is looked at once: a page may nest items as deep as it likes.
    """
    stack: list[tuple[etree._Element, dict[str, Any] | None, int]] = [(tree.root, None, 0)]
    found: list[dict[str, Any]] = []
    while stack:
        node, holder, depth = stack.pop()
        names = (node.get("itemprop") or "").split()
        if node.get("itemscope") is not None:
            item: dict[str, Any] = {"@type": (node.get("itemtype") or "").split() or None}
            identity = node.get("itemid") or node.get("data-reviewid") or node.get("id")
            if identity:
                item["@id"] = identity
            if holder is None or not names:
                found.append(item)
            _give(holder, names or ["@unnamed"], item)
            holder, depth = item, depth + 1
        elif names and holder is not None:
            _give(holder, names, _value(node, names))
        if depth <= _DEEPEST:
            stack += [(child, holder, depth) for child in reversed(node) if isinstance(child.tag, str)]
    yield from found


def _give(holder: dict[str, Any] | None, names: list[str], value: Any) -> None:
    """One property; a second one of its name makes a list."""
    if holder is None:
        return
    for name in names:
        if name not in holder:
            holder[name] = value
        elif isinstance(holder[name], _Several):
            holder[name].append(value)
        else:
            holder[name] = _Several([holder[name], value])


class _Several(list[Any]):
    """Values of one property, as opposed to a list that is one value (types)."""


def _value(node: etree._Element, names: list[str]) -> str:
    for name in ("content", "datetime", "src", "value"):
        if value := node.get(name):
            return str(value)
    link = node.get("href")
    # The specification means the address of every link; whoever marks up <a> as an author means the name.
    if link is not None and (_ADDRESSES.intersection(names) or not "".join(node.itertext()).strip()):
        return str(link)
    # Its markup: line breaks are part of a text.
    return str(etree.tostring(node, encoding="unicode", method="html", with_tail=False))
