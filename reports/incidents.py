"""Spikes that touched a period, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reports.period import Period
from reports.scope import Scope
from storage.spike import Spike


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


def _touches(spike: Spike, scope: Scope) -> bool:
    """A spike of the whole brand touches every place; one of another place does not."""
    place = spike.labels.get("location")
    source = spike.labels.get("source")
    return (scope.place is None or place in (None, scope.place)) and (
        scope.source is None or source in (None, scope.source)
    )
