"""The weekly report: its figures add up, small numbers stay counts, and both languages say the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.reports import ReportSettings
from kintsugi.reporting import next_report
from reports.as_text import lines_of
from reports.figures import Share
from reports.period import week_before
from reports.weekly import weekly_report
from reports.words import ENGLISH, JAPANESE, Words
from storage.assessment import Assessment
from storage.database import Database
from storage.ingest import ingest
from storage.item import Item
from storage.mention import Revision
from storage.source import Crawl, source_by_key

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)  # 09:00 in Tokyo


def _said(database: Database, moods: list[tuple[str, float, datetime]]) -> None:
    with database.write() as session:
        source = source_by_key(session, "reviews", "file")
        crawl = Crawl(
            source_id=source.id,
            started_at=MONDAY,
            state="done",
            fetched=0,
            new=0,
            revised=0,
            unchanged=0,
            ignored=0,
            rejected=0,
            gone=0,
        )
        session.add(crawl)
        session.flush()
        items = [
            Item(str(n), "review", f"text {n}", rating=rating, posted_at=at) for n, (_, rating, at) in enumerate(moods)
        ]
        for revision_id, (mood, _, _) in zip(
            ingest(session, source, crawl, items, MONDAY).revisions, moods, strict=True
        ):
            session.add(
                Assessment(
                    revision_id=session.get_one(Revision, revision_id).id, language="en", sentiment=mood,
                    negative=0.0, neutral=0.0, positive=0.0, topics=[{"name": "staff", "p": 0.9}], emotion="none",
                    urgency="low", severity="none", reasons=[], model="test", assessed_at=MONDAY,
                )
            )  # fmt: skip


def test_a_week_counts_its_own_mentions_and_those_of_the_week_before(database: Database) -> None:
    inside, before, after = MONDAY - timedelta(days=3), MONDAY - timedelta(days=9), MONDAY + timedelta(hours=1)
    _said(database, [("negative", 1.0, inside), ("negative", 2.0, inside), ("positive", 5.0, inside),
                     ("neutral", 3.0, before), ("negative", 1.0, after)])  # fmt: skip
    with database.read() as session:
        report = weekly_report(session, "Hotel Sora", week_before(MONDAY, TOKYO))
    assert report.volume == {"reviews": 3}
    assert report.volume_before == 1
    assert (report.sentiments.negative, report.sentiments.positive) == (2, 1)
    assert report.sentiments.net == pytest.approx(-1 / 3)
    assert report.topics == [("staff", 2, 0)]
    assert report.ratings == {"reviews": (pytest.approx(8 / 3), 3)}


def test_an_empty_week_has_no_rates(database: Database) -> None:
    with database.read() as session:
        report = weekly_report(session, "Hotel Sora", week_before(MONDAY, TOKYO))
    text = "\n".join(lines_of(report, "ja", TOKYO))
    assert "該当なし" in text
    assert "%" not in text
    assert "2026/11/09〜2026/11/15" in text


def test_small_shares_are_counts_and_larger_ones_carry_their_interval() -> None:
    assert Words("en").share(Share(4, 6)) == "4 of 6"
    assert Words("ja").share(Share(4, 6)) == "6件中4件"
    assert Words("en").share(Share(30, 40)) == "75% (60%–86%, 30 of 40)"
    assert Words("en").share(Share(0, 0)) == "none"


def test_every_word_exists_in_both_languages() -> None:
    assert JAPANESE.keys() == ENGLISH.keys()


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2026, 11, 15, 23, 59, tzinfo=UTC), datetime(2026, 11, 16, 0, 0, tzinfo=UTC)),
        (datetime(2026, 11, 16, 0, 0, tzinfo=UTC), datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
    ],
)
def test_the_report_is_due_on_monday_morning_of_the_brand(after: datetime, due: datetime) -> None:
    assert next_report(ReportSettings(on="mon 09:00"), TOKYO, after) == due


def test_the_wall_clock_counts_when_summer_time_ends() -> None:
    zone = ZoneInfo("America/New_York")
    due = next_report(ReportSettings(on="mon 09:00"), zone, datetime(2026, 10, 28, tzinfo=UTC))
    assert due.astimezone(zone).hour == 9
    period = week_before(datetime(2026, 11, 4, 12, tzinfo=UTC), zone)
    assert period.end - period.start == timedelta(days=7, hours=1), "the week of the change has an hour more"
