"""Who writes the drafts, and how deep the cause of a case must be looked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field, field_validator, model_validator

from config.duration import Duration, write_duration
from config.section import Section

KEY = "KINTSUGI_LLM_KEY"  # the environment variable with the key of the endpoint
LONGEST_TIMEOUT = timedelta(minutes=2)


class DraftSettings(Section):
    """`composed` needs nothing; `llm` asks an endpoint that speaks as OpenAI's does."""

    drafter: Literal["composed", "llm"] = "composed"
    url: str | None = None
    model: str | None = None
    timeout: Duration = timedelta(seconds=20)
    calls_per_day: int = Field(default=500, ge=0)

    @field_validator("timeout")
    @classmethod
    def _soon(cls, timeout: timedelta) -> timedelta:
        if not timedelta(0) < timeout <= LONGEST_TIMEOUT:
            raise ValueError(f"more than 0s and at most {write_duration(LONGEST_TIMEOUT)}")
        return timeout

    @model_validator(mode="after")
    def _reachable(self) -> DraftSettings:
        if self.drafter == "llm" and not (self.url and self.model):
            raise ValueError("drafter llm needs url and model")
        if self.url is not None and not self.url.startswith(("https://", "http://")):
            raise ValueError(f"url: {self.url!r} is no address: write https://…/v1")
        return self


class CauseSettings(Section):
    """How many whys are answered before a case of a severity is resolved (five find the cause, at most)."""

    none: int = Field(default=0, ge=0, le=5)
    minor: int = Field(default=1, ge=0, le=5)
    major: int = Field(default=3, ge=0, le=5)
    critical: int = Field(default=5, ge=0, le=5)

    def needed(self, severity: str) -> int:
        """The number for a severity."""
        return int(getattr(self, severity, self.critical))
