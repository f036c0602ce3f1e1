"""Which part of the brand a report is about, and the addresses of the mentions behind its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from reports.period import Period
from storage.listing import Listing
from storage.source import Source


@dataclass(frozen=True)
class Scope:
    """Everything, or one place, one source, or one place of one source."""

    place: str | None = None
    source: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.place is None and self.source is None


def within(period: Period, scope: Scope) -> list[ColumnElement[bool]]:
    """The mentions of a period and a part, as conditions on Listing.

    The whole brand is asked by `hour`, which one index covers together with what figures count by, where the period
    begins and ends with one; a part of it by `at`, which stands in the index of each part.
    """
    if not scope.whole or period.start.timestamp() % 3600 or period.end.timestamp() % 3600:
        found = during(period)
    else:
        first, last = int(period.start.timestamp()) // 3600, int(period.end.timestamp()) // 3600
        found = [Listing.hour >= first, Listing.hour < last]
    return found + of_part(scope)


def of_part(scope: Scope) -> list[ColumnElement[bool]]:
    """The mentions of a part, as conditions on Listing."""
    found: list[ColumnElement[bool]] = []
    if scope.place is not None:
        found.append(Listing.location == scope.place)
    if scope.source is not None:
        found.append(Listing.source_id.in_(select(Source.id).where(Source.key == scope.source)))
    return found


def during(period: Period) -> list[ColumnElement[bool]]:
    """The mentions of a period, for questions that another column narrows first."""
    return [Listing.at >= period.start, Listing.at < period.end]


def source_keys(session: Session) -> dict[int, str]:
    """The names of all sources by their row."""
    return {row.id: row.key for row in session.execute(select(Source.id, Source.key))}


def complaints_path(period: Period, scope: Scope, topic: str, place: str | None = None) -> str:
    """The page of the complaints about a topic, by the strongest one as figures count."""
    asked = {"place": place} if place is not None else {}
    return mentions_path(period, scope, about=topic, sentiment="negative", **asked)


def cases_path(period: Period | None, scope: Scope, named: str) -> str:
    """The page of the mentions behind a figure that is not about mentions; `named` as reports/behind.py has it."""
    return mentions_path(period, scope, cases=named)


def spike_path(number: int, named: Literal["spike", "spike_negative"]) -> str:
    """The page of the mentions of one spike, all or the negative ones, of whatever part the report is."""
    return cases_path(None, Scope(), f"{named}:{number}")


def mentions_path(period: Period | None, scope: Scope, **filters: str | None) -> str:
    """The page of the mentions behind a figure: `filters` are about, topic, sentiment, source, place, cases.

    The days are those of the period's own zone, whatever the zone of whoever looks. Without a period: of what is now.
    """
    asked = {"source": scope.source, "place": scope.place} | filters
    if period is not None:
        days, zone = period.days, getattr(period.zone, "key", None)
        asked |= {"since": days[0].isoformat(), "until": days[-1].isoformat(), "zone": zone}
    return "/mentions?" + urlencode({name: value for name, value in asked.items() if value is not None})
