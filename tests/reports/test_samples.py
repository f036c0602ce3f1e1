"""Samples of control charts come from the rows, by the brand's own days."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from reports.period import Period
from reports.samples import negative_share
from reports.scope import Scope
from storage.assessment import Assessment
from storage.database import Database
from storage.listing import list_mentions
from storage.mention import Mention, Revision
from storage.source import source_by_key

TOKYO = ZoneInfo("Asia/Tokyo")


def test_mentions_are_counted_on_the_local_day_they_were_posted(database: Database) -> None:
    with database.write() as session:
        source = source_by_key(session, "play-app", "google_play_console")
        # 23:30 and 00:30 in Tokyo: two days, though one in UTC.
        for number, (hour, minute, mood) in enumerate(
            [(14, 30, "negative"), (15, 30, "negative"), (16, 0, "positive")]
        ):
            at = datetime(2026, 11, 2, hour, minute, tzinfo=UTC)
            mention = Mention(
                source_id=source.id, external_id=str(number), kind="review", posted_at=at, digest="", first_seen_at=at
            )
            revision = Revision(mention=mention, number=1, text="…", seen_at=at, salt="")
            session.add_all([mention, revision])
            session.flush()
            session.add(
                Assessment(
                    revision_id=revision.id,
                    language="ja",
                    sentiment=mood,
                    negative=0.0,
                    neutral=0.0,
                    positive=0.0,
                    topics=[],
                    emotion="",
                    urgency="normal",
                    severity="none",
                    model="t",
                    assessed_at=at,
                )
            )
        session.flush()
        list_mentions(session, list(session.scalars(select(Mention.id))))
        period = Period(datetime(2026, 11, 1, 15, tzinfo=UTC), datetime(2026, 11, 4, 15, tzinfo=UTC), TOKYO)
        shares = negative_share(session, period, Scope())
        assert [(s.label, s.count, s.size) for s in shares] == [("11/02", 1, 1), ("11/03", 1, 2), ("11/04", 0, 0)]
