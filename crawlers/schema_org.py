"""schema.org reviews of a page: JSON-LD block by block, and microdata.

One empty or broken JSON-LD block must not lose the others, which rules out the readers that take all or nothing.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from parsel import Selector

_DEEPEST = 40
_OPENINGS = ("<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[")
_CLOSINGS = ("-->", "//]]>", "/*]]>*/", "]]>")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_ITEM = "ancestor-or-self::*[@itemscope]"


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
        for value in thing.values():
            if isinstance(value, dict | list):
                yield from reviews_in(value, holder, depth + 1)


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


def _unwrapped(block: str) -> str:
    """A script's text out of the comments that once hid scripts from browsers."""
    text = block.strip()
    for opening, closing in zip(_OPENINGS, _CLOSINGS, strict=True):
        text = text.removeprefix(opening).removesuffix(closing).strip()
    return text.rstrip(";")


def _microdata(tree: Selector) -> Iterator[dict[str, Any]]:
    for scope in tree.xpath(
        "//*[@itemscope and not(@itemprop)] | //*[@itemscope and @itemprop and not(ancestor::*[@itemscope])]"
    ):
        yield _thing(scope, 0)


def _thing(scope: Selector, depth: int) -> dict[str, Any]:
    """One item with its properties; a property that is an item itself is one here as well."""
    found: dict[str, Any] = {"@type": (scope.attrib.get("itemtype") or "").split() or None}
    identity = scope.attrib.get("itemid") or scope.attrib.get("data-reviewid") or scope.attrib.get("id")
    if identity:
        found["@id"] = identity
    if depth > _DEEPEST:
        return found
    own = len(scope.xpath("ancestor::*[@itemscope]")) + 1
    for node in scope.xpath(".//*[@itemprop or @itemscope]"):
        if len(node.xpath("ancestor::*[@itemscope]")) != own:
            continue  # A property of an item inside.
        value: Any = _thing(node, depth + 1) if "itemscope" in node.attrib else _value(node)
        for name in (node.attrib.get("itemprop") or "@unnamed").split():
            found.setdefault(name, []).append(value)
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in found.items()}


def _value(node: Selector) -> str:
    for name in ("content", "datetime", "href", "src", "value"):
        if name in node.attrib:
            return str(node.attrib[name])
    return str(node.get())  # Its markup: line breaks are part of a text.
