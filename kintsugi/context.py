"""What the steps of the pipeline are handed besides the session and the ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from config.settings import Settings
from kintsugi.operating.tracing import Traces

if TYPE_CHECKING:
    from alerts.routing.tree import RouteTree
    from responder.channels.opening import Channels
    from responder.drafting.playbooks import Playbooks
    from sentiment.assessment import Assessment
    from sentiment.mention_text import MentionText


class Reader(Protocol):
    """What reads mentions: the model, or what it has said before."""

    def assess(self, mentions: Sequence[MentionText]) -> list[Assessment]:
        """One assessment a mention, in order."""


@dataclass(frozen=True)
class Context:
    """The settings, the moment, and doors to what is expensive to open."""

    settings: Settings
    at: datetime
    assessor: Callable[[], Reader]
    playbooks: Callable[[], Playbooks]
    tree: Callable[[], RouteTree]
    channels: Callable[[], Channels]
    traces: Traces = field(default_factory=lambda: Traces(None, b""))
