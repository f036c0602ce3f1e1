"""Spikes that touched a period, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, or_, select
from sqlalchemy.orm import Session

from reports.period import Period
from reports.scope import Scope
from storage.assessment import Assessment
from storage.listing import Listing
from storage.mention import Revision
from storage.source import Source
from storage.spike import Spike

HOUR = 3600  # seconds
FRESH = int(timedelta(hours=36).total_seconds())  # as alerts.spikes.counting


@dataclass(frozen=True)
class Incident:
    """One spike. `labels`: what nearly all of its mentions have in common; `ended_at` is None while it goes on."""

    id: int
    what: str
    labels: dict[str, str]
    since: datetime
    ended_at: datetime | None
    mentions: int
    negative: int
    expected: float
    bot_like: str | None


def incidents(session: Session, period: Period, scope: Scope) -> list[Incident]:
    """The spikes that were open at some time of the period, the greatest first."""
    rows = session.scalars(
        select(Spike).where(Spike.since < period.end, or_(Spike.ended_at.is_(None), Spike.ended_at >= period.start))
    )
    found = [
        Incident(
            row.id, row.what, {name: str(value) for name, value in row.labels.items() if name != "brand"}, row.since,
            row.ended_at, row.mentions, row.negative, row.expected, row.bot_like,
        )
        for row in rows
        if _touches(row, scope)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.mentions, one.id))


def mentions_of_spike(spike: Spike, at: datetime, *, negative: bool) -> Select[int]:
    """The mentions that were counted in a spike, as the search for spikes does: when they were first assessed."""
    query = (
        select(Listing.mention_id)
        .join(Revision, Revision.mention_id == Listing.mention_id)
        .join(Assessment, Assessment.revision_id == Revision.id)
        .where(Assessment.assessed_at >= spike.since, Assessment.assessed_at < (spike.ended_at or at))
        .where(Revision.number == 1, was_fresh(), *about_spike(spike))
    )
    return query.where(Assessment.sentiment == "negative") if negative else query


def was_fresh() -> ColumnElement[bool]:
    """Whether a mention was no old one when it was assessed: those come at once, and are no surge."""
    return Listing.hour * HOUR > extract("epoch", Assessment.assessed_at) - FRESH


def about_spike(spike: Spike) -> list[ColumnElement[bool]]:
    """What its mentions have in common, as conditions on Listing. Labels that it does not know are left out."""
    known: dict[str, Any] = {"topic": Listing.topic, "location": Listing.location, "language": Listing.language}
    found: list[ColumnElement[bool]] = [known[name] == value for name, value in spike.labels.items() if name in known]
    if "source" in spike.labels:
        found.append(Listing.source_id.in_(select(Source.id).where(Source.key == spike.labels["source"])))
    if "source_kind" in spike.labels:
        found.append(Listing.source_id.in_(select(Source.id).where(Source.kind == spike.labels["source_kind"])))
    return found


def _touches(spike: Spike, scope: Scope) -> bool:
    """A spike of the whole brand touches every place; one of another place does not."""
    place = spike.labels.get("location")
    source = spike.labels.get("source")
    return (scope.place is None or place in (None, scope.place)) and (
        scope.source is None or source in (None, scope.source)
    )
