"""Samples for control charts, read from the rows: one a local day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reports.control import Sample
from reports.period import Period
from storage.assessment import Assessment
from storage.mention import Mention, Revision


def negative_share_by_day(session: Session, period: Period, zone: ZoneInfo) -> list[Sample]:
    """Negative mentions among the assessed ones of each local day, for a p chart. Days without any are empty."""
    negative, mentions = _by_day(session, period, zone)
    return [Sample(day, negative[day], mentions[day]) for day in _days(period, zone)]


def complaints_by_day(session: Session, period: Period, zone: ZoneInfo) -> list[Sample]:
    """Negative mentions of each local day, for a u chart with the day as the unit of exposure."""
    negative, _ = _by_day(session, period, zone)
    return [Sample(day, negative[day], 1.0) for day in _days(period, zone)]


def _by_day(session: Session, period: Period, zone: ZoneInfo) -> tuple[Counter[str], Counter[str]]:
    moment = func.coalesce(Mention.posted_at, Mention.first_seen_at)
    rows = session.execute(
        select(Mention.posted_at, Mention.first_seen_at, Assessment.sentiment)
        .join(Revision, Revision.mention_id == Mention.id)
        .join(Assessment, Assessment.revision_id == Revision.id)
        .where(Revision.number == 1, moment >= period.start, moment < period.end)
    )
    negative: Counter[str] = Counter()
    mentions: Counter[str] = Counter()
    for posted_at, seen_at, sentiment in rows:
        day = f"{(posted_at or seen_at).astimezone(zone):%m/%d}"
        mentions[day] += 1
        negative[day] += sentiment == "negative"
    return negative, mentions


def _days(period: Period, zone: ZoneInfo) -> list[str]:
    day, last = period.start.astimezone(zone).date(), (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    days = []
    while day <= last:
        days.append(f"{day:%m/%d}")
        day += timedelta(days=1)
    return days
