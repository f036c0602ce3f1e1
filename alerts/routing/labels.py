"""The labels that routes, silences and inhibitions see: one value each, always text, never absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Labels:
    """What design calls labels. An unknown value is the empty text, as a missing label is in Alertmanager."""

    brand: str = ""
    source: str = ""
    source_kind: str = ""
    kind: str = ""
    topic: str = ""  # the strongest
    severity: str = ""
    sentiment: str = ""
    language: str = ""
    location: str = ""
    product: str = ""
    rating: str = ""  # 1, 2 … 5; halves as 2.5
    author_history: str = ""  # number of earlier cases of the author

    def as_dict(self) -> dict[str, str]:
        """The labels that have a value."""
        return {name: value for name, value in asdict(self).items() if value}


NAMES = tuple(Labels.__dataclass_fields__)


def labels_from(facts: Mapping[str, Any]) -> Labels:
    """Labels from plain values: numbers lose a needless `.0`, None becomes empty, other names are left out."""
    return Labels(**{name: _as_text(facts[name]) for name in NAMES if facts.get(name) is not None})


def _as_text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
