"""Today against what is usual: the same hours of the same weekday, in the four weeks before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from storage.listing import Listing

WEEKS = 4


@dataclass(frozen=True, slots=True)
class Today:
    """Mentions since midnight; usual ones are medians, and None while there are fewer than two weeks to compare."""

    mentions: int
    negative: int
    usual: float | None
    usual_negative: float | None


def today(session: Session, at: datetime, zone: ZoneInfo) -> Today:
    """Counts up to this moment of the day."""
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first = session.scalar(select(func.min(Listing.at)))
    now = _counted(session, midnight, at)
    before = [
        _counted(session, midnight - timedelta(weeks=weeks), at - timedelta(weeks=weeks))
        for weeks in range(1, WEEKS + 1)
        if first is not None and first <= midnight - timedelta(weeks=weeks)
    ]
    if len(before) < 2:
        return Today(*now, None, None)
    return Today(*now, median(one[0] for one in before), median(one[1] for one in before))


def _counted(session: Session, since: datetime, until: datetime) -> tuple[int, int]:
    mentions, negative = session.execute(
        select(func.count(), func.sum(case((Listing.sentiment == "negative", 1), else_=0))).where(
            Listing.at >= since, Listing.at < until
        )
    ).one()
    return mentions, int(negative or 0)
