"""What `kintsugi routes test` shows: who gets it, when, and why. It reads Alertmanager's files as well as ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from alerts.routing.tree import RouteTree, resolve, route_tree, walk
from config.duration import write_duration
from config.mistakes import ConfigurationError, describe
from config.route import Route
from config.settings import settings_from
from config.time_interval import NamedIntervals


def routes_test(
    written: Mapping[str, Any], labels: Mapping[str, str], at: datetime, name: str = "routes"
) -> dict[str, Any]:
    """The decision of a written configuration, of which `route`, `receivers`, `teams` and the time intervals are read.

    {"receivers": [in order, with repeats, as amtool prints], "path": [...], "reasons": [...], "hits": [one a
    receiver: node, receiver, group_by, group_wait, group_interval, repeat_interval, muted_by]}. Raises
    ConfigurationError.
    """
    tree = read_written_tree(written, name)
    decision = resolve(tree, labels, at)
    return {
        "receivers": list(decision.receivers),
        "path": list(decision.path),
        "reasons": list(decision.reasons),
        "hits": [
            {
                "node": hit.node,
                "receiver": hit.options.receiver,
                "group_by": ["..."] if hit.options.group_by_all else list(hit.options.group_by),
                "group_wait": write_duration(hit.options.group_wait),
                "group_interval": write_duration(hit.options.group_interval),
                "repeat_interval": write_duration(hit.options.repeat_interval),
                "muted_by": hit.muted_by,
            }
            for hit in decision.hits
        ],
    }


def read_written_tree(written: Mapping[str, Any], name: str = "routes") -> RouteTree:
    """The tree of a file that may hold much else. Every receiver that a route names must be in it.

    A file of ours (it names a brand) is read with our defaults; any other is taken as it stands.
    """
    if "brand" in written:
        settings = settings_from(dict(written), name)
        return route_tree(settings.route, settings.time_intervals)
    if not isinstance(written.get("route"), Mapping):
        raise ConfigurationError([f"{name}: route: missing; write the tree under `route:`"])
    try:
        route = Route.model_validate(written["route"])
        found = [*(written.get("time_intervals") or []), *(written.get("mute_time_intervals") or [])]
        intervals = TypeAdapter(list[NamedIntervals]).validate_python(found)
    except ValidationError as error:
        raise ConfigurationError(describe(error, Route, name)) from None
    tree = route_tree(route, intervals)
    known = _names(written.get("receivers")) | _names(written.get("teams"))
    missing = [node for node in walk(tree) if node.options.receiver not in known]
    if missing:
        raise ConfigurationError(
            [f"{name}: {node.name}.receiver: there is no receiver {node.options.receiver!r}" for node in missing]
        )
    return tree


def _names(receivers: object) -> set[str]:
    """Ours are a mapping by name, Alertmanager's a list of mappings with a name."""
    if isinstance(receivers, Mapping):
        return {str(key) for key in receivers}
    if isinstance(receivers, list):
        return {str(one.get("name")) for one in receivers if isinstance(one, Mapping)}
    return set()
