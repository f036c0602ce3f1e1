"""`recover_when`: which mentions qualify for recovery. Any line that matches opens a case."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator, model_validator

from config.comparison import NumberComparison, SeverityComparison
from config.section import Section

TOPICS = (
    "staff",
    "waiting",
    "delivery",
    "quality",
    "cleanliness",
    "facilities",
    "food",
    "price",
    "billing",
    "booking",
    "app",
    "communication",
    "safety",
    "privacy",
    "accessibility",
    "surroundings",
    "other",
)


class Criterion(Section):
    """One line of recover_when: all that it names must hold."""

    rating: NumberComparison | None = None
    sentiment: Literal["negative", "neutral", "positive"] | None = None
    confidence: NumberComparison | None = None
    topic: list[str] | None = None
    severity: SeverityComparison | None = None
    reach: NumberComparison | None = None
    author_history: NumberComparison | None = None
    kind: Literal["review", "post"] | None = None
    source: list[str] | None = None
    source_kind: list[str] | None = None
    language: list[str] | None = None
    location: list[str] | None = None

    @field_validator("topic", "source", "source_kind", "language", "location", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _asks_something(self) -> Criterion:
        if not self.model_fields_set:
            raise ValueError("an empty line would match every mention: name at least one of rating, sentiment, …")
        if self.confidence is not None and self.sentiment is None:
            raise ValueError("confidence needs a sentiment beside it")
        return self

    def __str__(self) -> str:
        parts = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if value is not None:
                parts.append(f"{name} {'|'.join(value) if isinstance(value, list) else value}")
        return ", ".join(parts)
