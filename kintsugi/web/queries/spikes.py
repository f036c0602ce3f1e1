"""Spikes as pages show them: what changed, and the hours around them against what is usual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import sqrt
from typing import Any

from sqlalchemy import case, extract, func, select
from sqlalchemy.orm import Session

from reports.incidents import HOUR, about_spike, was_fresh
from storage.assessment import Assessment
from storage.listing import Listing
from storage.mention import Revision
from storage.spike import Spike

WEEKS = 4
WEEK = 7 * 24  # hours
BEFORE, AFTER = timedelta(days=2), timedelta(days=1)
LONGEST = 21 * 24  # hours
LISTED = 100


def spikes_listed(session: Session) -> Sequence[Spike]:
    """The incidents, those that go on first, then the newest."""
    return session.scalars(select(Spike).order_by(Spike.ended_at.is_not(None), Spike.id.desc()).limit(LISTED)).all()


def points_of(session: Session, spike: Spike, at: datetime) -> list[list[Any]]:
    """Rows of [start, mentions, negative, expected, upper edge] for every hour around a spike.

    Expected is the mean of the same hour of the week over the four weeks before; the upper edge is three standard
    deviations of a Poisson count above it. As in the search for spikes a mention counts when it was assessed, and
    one that was old by then does not count.
    """
    first = int((spike.since - BEFORE).timestamp()) // 3600
    last = min(int(min((spike.ended_at or at) + AFTER, at).timestamp()) // 3600, first + LONGEST)
    all_hours, negative = _counted(session, spike, first - WEEKS * WEEK, last)
    points = []
    for hour in range(first, last + 1):
        expected = sum(all_hours[hour - WEEK * week] for week in range(1, WEEKS + 1)) / WEEKS
        start = datetime.fromtimestamp(hour * 3600, UTC).isoformat()
        upper = expected + 3 * sqrt(max(expected, 1.0))
        points.append([start, all_hours[hour], negative[hour], round(expected, 2), round(upper, 2)])
    return points


def _counted(session: Session, spike: Spike, first: int, last: int) -> tuple[Counter[int], Counter[int]]:
    second = extract("epoch", Assessment.assessed_at)
    hour = second - second % HOUR
    span = [datetime.fromtimestamp(one * HOUR, UTC) for one in (first, last + 1)]
    rows = session.execute(
        select(hour, func.count(), func.sum(case((Assessment.sentiment == "negative", 1), else_=0)))
        .join(Revision, Revision.id == Assessment.revision_id)
        .join(Listing, Listing.mention_id == Revision.mention_id)
        .where(Assessment.assessed_at >= span[0], Assessment.assessed_at < span[1], Revision.number == 1)
        .where(was_fresh(), *about_spike(spike))
        .group_by(hour)
    ).all()
    counted = [(int(second) // HOUR, count, int(bad)) for second, count, bad in rows]
    return Counter({hour: count for hour, count, _ in counted}), Counter({hour: bad for hour, _, bad in counted})
