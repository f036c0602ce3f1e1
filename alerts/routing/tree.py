"""The route tree: who is told about something with these labels. Alertmanager's semantics to the letter.

Depth first; the first child that matches ends the search unless it says `continue`; a node whose children all fail
is itself the answer. Receiver, grouping and the three timers are inherited, times of activity are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.routing.matchers import Matcher, MatcherError, all_hold, matcher, parse_matchers
from config.mistakes import ConfigurationError
from config.route import Route
from config.time_interval import NamedIntervals

ALL_LABELS = "..."


@dataclass(frozen=True, slots=True)
class Options:
    """What a node does with what it receives, after inheritance."""

    receiver: str
    group_by: tuple[str, ...] = ()
    group_by_all: bool = False
    group_wait: timedelta = timedelta(seconds=30)
    group_interval: timedelta = timedelta(minutes=5)
    repeat_interval: timedelta = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class RouteTree:
    """One node with all below it, ready to match. `name` is its place: `route`, `route.routes[0]` …"""

    name: str
    matchers: tuple[Matcher, ...]
    # Any of the values: what `match: {topic: [staff, food]}` says.
    any_of: tuple[tuple[str, frozenset[str]], ...]
    options: Options
    goes_on: bool
    active: tuple[NamedIntervals, ...]
    mute: tuple[NamedIntervals, ...]
    children: tuple[RouteTree, ...]

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether this node itself wants something with these labels."""
        return all_hold(self.matchers, labels) and all(labels.get(name, "") in values for name, values in self.any_of)

    def conditions(self) -> str:
        """Its matchers in words; `everything` where it has none."""
        sugar = [f"{name} in [{', '.join(sorted(values))}]" for name, values in self.any_of]
        return ", ".join([*map(str, self.matchers), *sugar]) or "everything"

    def muted_by(self, at: datetime) -> str | None:
        """The named reason why this node says nothing at `at`; None when it speaks."""
        for intervals in self.mute:
            if intervals.contains(at):
                return f"mute_time:{intervals.name}"
        if self.active and not any(intervals.contains(at) for intervals in self.active):
            return f"not_active:{','.join(intervals.name for intervals in self.active)}"
        return None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of the tree: a node that takes it, the way there, and whether it is mute now."""

    node: str
    options: Options
    path: tuple[str, ...]
    muted_by: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """Who gets it. `receivers` in order and with repeats, as amtool prints them, muted ones included."""

    receivers: tuple[str, ...]
    path: tuple[str, ...]
    reasons: tuple[str, ...]
    hits: tuple[Hit, ...]

    def told(self) -> list[str]:
        """The receivers that are told now: each once, without the muted ones."""
        return list(dict.fromkeys(hit.options.receiver for hit in self.hits if hit.muted_by is None))


def route_tree(route: Route, intervals: Sequence[NamedIntervals] = ()) -> RouteTree:
    """The tree of a configuration. Raises ConfigurationError, one line a mistake, with the place of each."""
    mistakes: list[str] = []
    if not route.receiver:
        mistakes.append("route.receiver: the first route must name a receiver")
    for key in ("matchers", "match", "match_re", "active_time_intervals", "mute_time_intervals"):
        if getattr(route, key):
            mistakes.append(f"route.{key}: the first route takes everything at any time; move this into a child")
    if route.continue_:
        mistakes.append("route.continue: the first route has no neighbours; remove it")
    tree = _read(route, "route", None, {one.name: one for one in intervals}, mistakes)
    if mistakes:
        raise ConfigurationError(mistakes)
    return tree


def resolve(tree: RouteTree, labels: Mapping[str, str], at: datetime) -> Decision:
    """Who gets something with these labels at `at`, by which way, and why."""
    found = list(_search(tree, labels, ()))
    reasons: list[str] = []
    hits = []
    for node, way in found:
        muted = node.muted_by(at)
        hits.append(Hit(node.name, node.options, (*(step.name for step in way), node.name), muted))
        why = f"{node.options.receiver}: {node.name} takes {node.conditions()}"
        if node.children and not (len(found) > 1 and node is tree):
            why += "; none of its routes does"
        reasons.append(why + (f"; silent now ({muted})" if muted else ""))
    path = tuple(dict.fromkeys(name for hit in hits for name in hit.path))
    return Decision(tuple(hit.options.receiver for hit in hits), path, tuple(reasons), tuple(hits))


def walk(tree: RouteTree) -> Iterator[RouteTree]:
    """Every node, depth first."""
    yield tree
    for child in tree.children:
        yield from walk(child)


def _search(
    node: RouteTree, labels: Mapping[str, str], way: tuple[RouteTree, ...]
) -> Iterator[tuple[RouteTree, tuple[RouteTree, ...]]]:
    if not node.matches(labels):
        return
    taken = False
    for child in node.children:
        below = list(_search(child, labels, (*way, node)))
        yield from below
        taken = taken or bool(below)
        if below and not child.goes_on:
            break
    if not taken:
        yield node, way


def _read(
    route: Route, name: str, parent: Options | None, intervals: Mapping[str, NamedIntervals], mistakes: list[str]
) -> RouteTree:
    options = _inherit(route, name, parent, mistakes)
    matchers: list[Matcher] = []
    any_of: list[tuple[str, frozenset[str]]] = []
    try:
        for label, value in route.match.items():
            if isinstance(value, list):
                any_of.append((label, frozenset(value)))
            else:
                matchers.append(matcher(label, "=", value))
        matchers += [matcher(label, "=~", value) for label, value in route.match_re.items()]
        for line in route.matchers:
            matchers += parse_matchers(line)
    except MatcherError as error:
        mistakes.append(f"{name}.matchers: {error}")
    unknown = [one for one in [*route.active_time_intervals, *route.mute_time_intervals] if one not in intervals]
    mistakes += [f"{name}: there is no time interval {one!r} under time_intervals" for one in unknown]
    children = [
        _read(child, f"{name}.routes[{number}]", options, intervals, mistakes)
        for number, child in enumerate(route.routes)
    ]
    return RouteTree(
        name,
        tuple(matchers),
        tuple(any_of),
        options,
        route.continue_,
        tuple(intervals[one] for one in route.active_time_intervals if one in intervals),
        tuple(intervals[one] for one in route.mute_time_intervals if one in intervals),
        tuple(children),
    )


def _inherit(route: Route, name: str, parent: Options | None, mistakes: list[str]) -> Options:
    above = parent or Options(receiver="")
    group_by = route.group_by or []
    if ALL_LABELS in group_by and len(group_by) > 1:
        mistakes.append(f"{name}.group_by: `...` already means every label; remove the others")
    if len(set(group_by)) < len(group_by):
        mistakes.append(f"{name}.group_by: {', '.join(group_by)}: a label stands there twice")
    if "" in group_by:
        mistakes.append(f"{name}.group_by: an empty name is no label")
    for key in ("group_interval", "repeat_interval"):
        if getattr(route, key) == timedelta(0):
            mistakes.append(f"{name}.{key}: must not be zero")
    return Options(
        receiver=route.receiver or above.receiver,
        # An empty list is inherited like an absent one, as in Alertmanager.
        group_by=tuple(group_by) or above.group_by,
        group_by_all=(ALL_LABELS in group_by) if group_by else above.group_by_all,
        group_wait=above.group_wait if route.group_wait is None else route.group_wait,
        group_interval=route.group_interval or above.group_interval,
        repeat_interval=route.repeat_interval or above.repeat_interval,
    )
