"""What the steps of the pipeline are handed besides the session and the ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from config.settings import Settings
from kintsugi.tracing import Traces

if TYPE_CHECKING:
    from alerts.routing import RouteTree
    from responder.channels.opening import Channels
    from responder.playbooks import Playbooks
    from sentiment.assessor import Assessor


@dataclass(frozen=True)
class Context:
    """The settings, the moment, and doors to what is expensive to open."""

    settings: Settings
    at: datetime
    assessor: Callable[[], Assessor]
    playbooks: Callable[[], Playbooks]
    tree: Callable[[], RouteTree]
    channels: Callable[[], Channels]
    traces: Traces = field(default_factory=lambda: Traces(None, b""))
