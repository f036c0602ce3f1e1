"""The stages between an alert and a receiver. Each is one question; the first that says no names its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.routing.inhibition import Inhibitor
from alerts.routing.silences import silenced_by
from alerts.routing.tree import RouteTree, walk
from storage.silence import Silence


@dataclass(frozen=True)
class Surroundings:
    """What the stages look at besides the alert."""

    at: datetime
    tree: RouteTree
    inhibitor: Inhibitor = field(default_factory=lambda: Inhibitor((), ()))
    silences: Sequence[Silence] = ()
    _nodes: dict[str, RouteTree] = field(default_factory=dict)

    def node(self, name: str) -> RouteTree | None:
        """A node of the tree by its name; None when the configuration has none of that name any more."""
        if not self._nodes:
            self._nodes.update({node.name: node for node in walk(self.tree)})
        return self._nodes.get(name)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One alert on its way through a node. `name` is the case's reference."""

    name: str
    labels: Mapping[str, str]
    node: str


def inhibited(candidate: Candidate, around: Surroundings) -> str | None:
    """Something graver of the same story fires: `inhibited:K-7`."""
    by = around.inhibitor.inhibits(candidate.labels, candidate.name)
    return f"inhibited:{by}" if by else None


def silenced(candidate: Candidate, around: Surroundings) -> str | None:
    """A person decided so: `silenced:3`."""
    silence = silenced_by(candidate.labels, around.silences, around.at)
    return f"silenced:{silence.id}" if silence else None


def out_of_hours(candidate: Candidate, around: Surroundings) -> str | None:
    """The route is mute now: `mute_time:nights`, `not_active:office`."""
    node = around.node(candidate.node)
    return node.muted_by(around.at) if node else None


STAGES: tuple[Callable[[Candidate, Surroundings], str | None], ...] = (inhibited, silenced, out_of_hours)


def muted_by(candidate: Candidate, around: Surroundings) -> str | None:
    """The named reason why nobody is told now; None when it may be told."""
    return next((reason for stage in STAGES if (reason := stage(candidate, around))), None)
