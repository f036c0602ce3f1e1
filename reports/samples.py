"""Samples for control charts, read from the listing: one a local day or week."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.control import Sample
from reports.period import Period
from reports.scope import Scope, within
from storage.listing import Listing

MOST_DAYS = 92  # of a chart by day; longer periods are drawn by week


def negative_share(session: Session, period: Period, scope: Scope) -> list[Sample]:
    """For the p chart of a report: by day, or by week (named by its first day) where the period is long."""
    negative, mentions = _by_day(session, period, scope)
    days = period.days
    step = 1 if len(days) <= MOST_DAYS else 7
    return [
        Sample(
            f"{days[first]:%m/%d}",
            sum(negative[day] for day in days[first : first + step]),
            sum(mentions[day] for day in days[first : first + step]),
        )
        for first in range(0, len(days), step)
    ]


def _by_day(session: Session, period: Period, scope: Scope) -> tuple[Counter[date], Counter[date]]:
    """Negative and all assessed mentions by local day."""
    negative: Counter[date] = Counter()
    mentions: Counter[date] = Counter()
    for moment, mood, count in _counted(session, period, scope):
        day = moment.astimezone(period.zone).date()
        mentions[day] += count
        negative[day] += count if mood == "negative" else 0
    return negative, mentions


def _counted(session: Session, period: Period, scope: Scope) -> list[tuple[datetime, str | None, int]]:
    """Counts by whole hours, where days begin with one; else mention by mention (India is half an hour off)."""
    conditions = [Listing.sentiment.is_not(None), *within(period, scope)]
    if period.start.timestamp() % 3600 or period.end.timestamp() % 3600:
        rows = session.execute(select(Listing.at, Listing.sentiment).where(*conditions))
        return [(at, mood, 1) for at, mood in rows]
    hours = session.execute(
        select(Listing.hour, Listing.sentiment, func.count())
        .where(*conditions)
        .group_by(Listing.hour, Listing.sentiment)
    )
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return [(epoch + timedelta(hours=hour), mood, count) for hour, mood, count in hours]
