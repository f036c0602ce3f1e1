"""What the guard is told of a reply, and what it says of it."""

from __future__ import annotations

from dataclasses import dataclass

from config.brand import BrandSettings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: the rule, block or warn, the place in the text, and why in one line."""

    rule: str
    level: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about the reply. Without a mention only the text itself is judged."""

    language: str
    brand: BrandSettings
    mention: str | None = None
    rating: float | None = None
    sentiment: str | None = None
    topics: tuple[str, ...] = ()
    severity: str = "minor"
    reasons: tuple[str, ...] = ()
    source_kind: str | None = None
    kind: str | None = None
    author: str | None = None
    location: str | None = None
    recent: tuple[str, ...] = ()

    @property
    def complaint(self) -> bool:
        """Whether the reply answers somebody who was let down."""
        return (self.rating is not None and self.rating <= 2) or (self.rating is None and self.sentiment == "negative")

    @property
    def grave(self) -> bool:
        """Whether the case is major or critical."""
        return self.severity in ("major", "critical") and self.complaint
