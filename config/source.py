"""One watched source. What its kind needs besides is validated by that kind (crawlers.registry)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict

from config.duration import Duration, write_duration
from config.section import Section

LEAST_KEPT = timedelta(days=30)


def _long_enough(kept: timedelta) -> timedelta:
    if kept < LEAST_KEPT:
        raise ValueError(f"{write_duration(kept)} is too short: outcomes take weeks, so keep texts for at least 30d")
    return kept


Retention = Annotated[Duration, AfterValidator(_long_enough)]


class SourceSettings(Section):
    """Settings that every kind has; the rest are the kind's own options, in `options`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str
    every: Duration = timedelta(minutes=30)
    look_back: Duration = timedelta(days=30)
    retention: Retention | None = None
    language: str | None = None
    location: str | None = None
    terms_accepted: bool = False
    all_mentions: bool | None = None
    # What publishing replies needs besides the kind's own options; `manual`: replies are posted by hand.
    reply: dict[str, Any] | Literal["manual"] = {}

    @property
    def options(self) -> dict[str, Any]:
        """What only the kind understands: urls, ids, queries …"""
        return dict(self.__pydantic_extra__ or {})
