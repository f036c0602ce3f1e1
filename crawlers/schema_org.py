"""schema.org reviews of a page: JSON-LD block by block, and microdata.

One empty or broken JSON-LD block must not lose the others, which rules out the readers that take all or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from parsel import Selector

_DEEPEST = 40
_ITEM = "ancestor-or-self::*[@itemscope]"


def things(tree: Selector) -> list[dict[str, Any]]:
    """The top objects of all JSON-LD blocks and of the microdata."""
    return [*_json_ld(tree), *_microdata(tree)]


def is_a(thing: Any, *names: str) -> bool:
    """Whether a thing has one of these types, whatever the form of its type."""
    kinds = thing.get("@type") if isinstance(thing, dict) else None
    given = kinds if isinstance(kinds, list) else [kinds]
    return any(str(kind).rstrip("/").rpartition("/")[2] in names for kind in given)


def reviews_in(thing: Any, about: dict[str, Any] | None = None, depth: int = 0) -> Iterator[tuple[dict[str, Any], Any]]:
    """All reviews in a thing, however deep, each with what it is about (what holds it)."""
    if depth > _DEEPEST:
        return
    if isinstance(thing, list):
        for one in thing:
            yield from reviews_in(one, about, depth + 1)
    elif isinstance(thing, dict):
        if is_a(thing, "Review", "UserReview", "CriticReview", "EmployerReview") and not _is_reference(thing):
            yield thing, thing.get("itemReviewed") or about
            return
        holder = thing if thing.get("@type") else about
        for value in thing.values():
            if isinstance(value, dict | list):
                yield from reviews_in(value, holder, depth + 1)


def _is_reference(thing: dict[str, Any]) -> bool:
    """{"@type": "Review", "@id": …} points to a review that stands elsewhere."""
    return not set(thing) - {"@type", "@id", "@context"}


def _json_ld(tree: Selector) -> Iterator[dict[str, Any]]:
    for block in tree.xpath('//script[contains(translate(@type, "LDJSON", "ldjson"), "ld+json")]/text()').getall():
        text = block.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
        try:
            found = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in found if isinstance(found, list) else [found]:
            if isinstance(thing, dict):
                yield thing


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
