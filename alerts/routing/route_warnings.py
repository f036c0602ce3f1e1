"""Routes that are allowed and yet cannot be meant: nodes that nothing reaches, matchers that nothing satisfies."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from alerts.routing.labels import NAMES
from alerts.routing.matchers import Matcher
from alerts.routing.tree import RouteTree
from config.comparison import SEVERITY_ORDER

# Labels whose values are known beforehand.
_VALUES: Mapping[str, Sequence[str]] = {
    "severity": SEVERITY_ORDER,
    "sentiment": ("negative", "neutral", "positive"),
    "kind": ("review", "post", "incident"),
}


def route_warnings(tree: RouteTree) -> list[str]:
    """One line a node that can never be the answer: its place, why, what to do."""
    return list(_of(tree, ()))


def _of(node: RouteTree, above: tuple[Matcher, ...]) -> Iterator[str]:
    matchers = (*above, *node.matchers)
    yield from (f"{node.name}: {why}" for why in _impossible(node, matchers))
    taken_by: str | None = None
    for child in node.children:
        if taken_by is not None:
            yield f"{child.name}: never reached: {taken_by} takes everything before it; add `continue: true` there"
        elif not child.matchers and not child.any_of and not child.goes_on:
            taken_by = child.name
        yield from _of(child, matchers)


def _impossible(node: RouteTree, matchers: Sequence[Matcher]) -> Iterator[str]:
    for name, values in [*((one.name, None) for one in node.matchers), *node.any_of]:
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            yield f"there is no label {name!r}" + (f"; did you mean {near[0]}?" if near else f": {', '.join(NAMES)}")
        elif values is not None and name in _VALUES and not values & set(_VALUES[name]):
            yield f"no {name} is {' or '.join(sorted(values))}: use {', '.join(_VALUES[name])}"
    fixed: dict[str, str] = {}
    for one in matchers:
        if one.operator != "=":
            continue
        if one in node.matchers and one.value and one.name in _VALUES and one.value not in _VALUES[one.name]:
            yield f"no {one.name} is {one.value!r}: use {', '.join(_VALUES[one.name])}"
        if fixed.setdefault(one.name, one.value) != one.value:
            yield f"{one.name} cannot be {fixed[one.name]!r} and {one.value!r} at once (the routes above count too)"
    for one in matchers:
        if one.operator != "=" and one.name in fixed and not one.holds(fixed):
            yield f"{one} contradicts {one.name}={fixed[one.name]!r}"
