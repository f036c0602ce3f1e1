"""What a decision says when it is no."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refused:
    """Nothing changed. `reason` is a name to decide on, `why` a line for the person who asked."""

    reason: str
    why: str
