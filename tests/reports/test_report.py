"""A report: its figures agree with each other, small numbers stay counts, and both editions say the same."""

from __future__ import annotations

import re
import shutil
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from config.reports import ReportSettings
from kintsugi.steps.reporting import next_report
from reports.advice import advise
from reports.as_text import brief_of, text_of
from reports.findings import findings
from reports.period import Period, day_before, days_between, month_before, week_before
from reports.report import Question, Report, make_report
from reports.scope import Scope
from reports.sections import sections
from reports.share import Share, chance_of_difference, chance_of_share, verdict
from reports.words import WORDING, Words
from storage.assessment import Assessment
from storage.database import Database
from storage.ingest import ingest
from storage.item import Item
from storage.listing import list_revisions
from storage.mention import Revision
from storage.source import Crawl, source_by_key
from tests.conftest import LOG_KEY
from tests.reports.history import END, write_history

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)  # 09:00 in Tokyo


def asked(period: Period, kind: str = "weekly", scope: Scope | None = None) -> Question:
    return Question("Hotel Sora", kind, period, MONDAY, lambda start, end: end - start, str, scope or Scope())


def made(database: Database, period: Period | None = None, scope: Scope | None = None) -> Report:
    with database.read() as session:
        return make_report(session, asked(period or week_before(MONDAY, TOKYO), scope=scope))


def said(
    database: Database, voices: list[tuple[str, float, datetime]], topic: str = "staff", place: str | None = None
) -> None:
    with database.write() as session:
        source = source_by_key(session, "reviews", "file")
        crawl = Crawl(
            source_id=source.id, started_at=MONDAY, state="done", fetched=0, new=0, revised=0, unchanged=0, ignored=0,
            rejected=0, gone=0,
        )  # fmt: skip
        session.add(crawl)
        session.flush()
        items = [
            Item(f"{topic} {place} {n} {at}", "review", f"text {n}", rating=rating, posted_at=at, location=place)
            for n, (_, rating, at) in enumerate(voices)
        ]
        ids = ingest(session, source, crawl, items, MONDAY).revisions
        for revision_id, (mood, _, _) in zip(ids, voices, strict=True):
            session.add(
                Assessment(
                    revision_id=session.get_one(Revision, revision_id).id, language="en", sentiment=mood,
                    negative=0.0, neutral=0.0, positive=0.0, topics=[{"name": topic, "p": 0.9}], emotion="none",
                    urgency="low", severity="none", reasons=[], model="test", assessed_at=MONDAY,
                )
            )  # fmt: skip
        session.flush()
        list_revisions(session, ids)


def test_a_week_counts_its_own_mentions_and_those_of_the_week_before(database: Database) -> None:
    inside, before, after = MONDAY - timedelta(days=3), MONDAY - timedelta(days=9), MONDAY + timedelta(hours=1)
    said(database, [("negative", 1.0, inside), ("negative", 2.0, inside), ("positive", 5.0, inside),
                    ("neutral", 3.0, before), ("negative", 1.0, after)])  # fmt: skip
    report = made(database)
    assert report.volume == {"reviews": 3}
    assert report.volume_before == {"reviews": 1}
    assert (report.sentiments.negative, report.sentiments.positive) == (2, 1)
    assert report.sentiments.net == pytest.approx(-1 / 3)
    assert [(line.topic, line.now.part, line.before.part) for line in report.topics] == [("staff", 2, 0)]
    assert (report.ratings["reviews"].mean, report.ratings["reviews"].count) == (pytest.approx(8 / 3), 3)


def test_complaints_about_nothing_in_particular_lead_to_exactly_those(database: Database) -> None:
    inside, before = MONDAY - timedelta(days=3), MONDAY - timedelta(days=9)
    said(database, [("negative", 1.0, inside)] * 30, topic="other", place="Asakusa")
    said(database, [("positive", 5.0, inside)] * 40 + [("positive", 5.0, before)] * 40, place="Kyoto")
    report = made(database)
    found = [*findings(report), *advise(report)]
    links = [one.link for one in found if one.values.get("topic") == "other"]
    assert len(links) >= 2
    assert all("about=other" in (link or "") for link in links)


def test_an_empty_week_has_no_rates(database: Database) -> None:
    report = made(database)
    assert report.empty
    text = text_of(report, "ja")
    assert "2026年11月9日（月）〜2026年11月15日（日）" in text
    assert "この期間の投稿はありません" in text
    assert not re.search(r" 0%|NaN|None", text)


@pytest.fixture(scope="module")
def history(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A random history, which tests only read."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("history"))
    opened = Database(f"sqlite:///{path}", LOG_KEY)
    with opened.write() as session:
        write_history(session, 11, 120)
    yield opened
    opened.close()


def test_totals_agree_with_each_other(history: Database) -> None:
    report = made(history, Period(END - timedelta(days=28), END))
    tables = {section.key: section for section in sections(report, Words("en"))}
    volume = tables["volume"].rows
    assert sum(row[1].value or 0 for row in volume[:-1]) == volume[-1][1].value == report.mentions
    moods = tables["mood"].rows[:3]
    assert sum(row[1].value or 0 for row in moods) == report.sentiments.total <= report.mentions
    assert sum(row[1].value or 0 for row in tables["topics"].rows) == moods[0][1].value
    flagged = report.funnel[0][1]
    dismissed = report.outcomes.get("not_a_case", 0)
    assert tables["cases"].rows[-1][1].value == tables["outcomes"].rows[-1][1].value == flagged + dismissed
    assert report.funnel[-1][1] == report.recovery.part
    assert sum(share.part for share in (line.negative for line in report.places)) <= report.sentiments.negative
    assert tables["causes"].rows[-1][3].value == 1.0


def test_the_parts_add_up_to_the_whole(history: Database) -> None:
    period = Period(END - timedelta(days=28), END)
    whole = made(history, period)
    parts = [made(history, period, Scope(source=name)) for name in ("maps", "play-app")]
    assert sum(part.mentions for part in parts) == whole.mentions
    assert sum(part.recovery.whole for part in parts) == whole.recovery.whole
    assert sum(part.offers.made for part in parts) == whole.offers.made
    assert sum(part.uplift.answered.raised.whole for part in parts) == whole.uplift.answered.raised.whole


def test_both_databases_give_the_same_report(database: Database, postgres: Database) -> None:
    period = Period(END - timedelta(days=28), END, TOKYO)
    for one in (database, postgres):
        with one.write() as session:
            write_history(session, 13, 40)
    for scope in (Scope(), Scope(place="浅草"), Scope(source="maps")):
        assert text_of(made(database, period, scope), "ja") == text_of(made(postgres, period, scope), "ja")


def test_a_rise_that_chance_does_not_explain_is_found_with_its_place(database: Database) -> None:
    now, before = MONDAY - timedelta(days=3), MONDAY - timedelta(days=10)
    said(database, [("negative", 1.0, now)] * 30, place="浅草")
    said(database, [("negative", 1.0, now)] * 4, place="京都")
    said(database, [("positive", 5.0, now)] * 60, topic="food", place="京都")
    said(database, [("negative", 1.0, before)] * 6, place="京都")
    said(database, [("positive", 5.0, before)] * 80, topic="food", place="浅草")
    report = made(database)
    found = findings(report)
    assert len(found) == 3
    rise = next(one for one in found if one.kind == "topic_up")
    assert rise.sure
    assert rise.link == "/mentions?about=staff&sentiment=negative&since=2026-11-09&until=2026-11-15&zone=Asia%2FTokyo"
    text = "\n".join(brief_of(report, "ja"))
    assert "「接客」への不満が6件（7%）から34件（36%）に増えました" in text
    assert "このうち30件は浅草に集中しています" in text
    assert "Complaints about staff rose from 6 (7%) to 34 (36%)" in "\n".join(brief_of(report, "en"))


def test_noise_is_called_noise(database: Database) -> None:
    now, before = MONDAY - timedelta(days=3), MONDAY - timedelta(days=10)
    said(database, [("negative", 1.0, now)] * 4 + [("positive", 5.0, now)] * 20)
    said(database, [("negative", 1.0, before)] * 3 + [("positive", 5.0, before)] * 20)
    report = made(database)
    assert not any(one.sure for one in findings(report))
    assert "偶然のばらつきを超える変化はありませんでした" in text_of(report, "ja")


def test_small_shares_are_counts_and_larger_ones_carry_their_interval() -> None:
    assert Words("en").share(Share(4, 6)) == "4 of 6"
    assert Words("ja").share(Share(4, 6)) == "6件中4件"
    assert Words("en").share(Share(30, 40)) == "75% (30 of 40, 95% interval 60–86%)"
    assert Words("en").share(Share(0, 0)) == "none"


def test_the_chance_of_a_difference_is_that_of_fishers_tea() -> None:
    assert chance_of_difference(Share(3, 4), Share(1, 4)) == pytest.approx(0.4857, abs=1e-4)
    assert chance_of_difference(Share(4, 4), Share(0, 4)) == pytest.approx(2 / 70)
    assert chance_of_difference(Share(300, 1000), Share(200, 1000)) == pytest.approx(2.4e-7, rel=0.1)
    assert chance_of_difference(Share(0, 0), Share(1, 4)) is None
    assert chance_of_share(Share(5, 5), 0.5) == pytest.approx(1 / 32)
    assert chance_of_share(Share(0, 5), 0.5) == pytest.approx(1 / 32)


def test_more_comparisons_raise_the_bar() -> None:
    assert verdict(Share(14, 40), Share(5, 40)) == "up"
    assert verdict(Share(14, 40), Share(5, 40), compared=10) == "chance"
    assert verdict(Share(3, 4), Share(5, 40)) == "few"


def test_every_word_exists_in_both_languages_with_the_same_blanks() -> None:
    editions = [yaml.safe_load((WORDING / f"{name}.yaml").read_text("utf-8")) for name in ("ja", "en")]
    ja, en = ({f"{s}.{key}": text for s, lines in one.items() for key, text in lines.items()} for one in editions)
    # English calls a topic by its name, unless it needs an article.
    assert {key for key in ja if not key.startswith("topic.")} == {key for key in en if not key.startswith("topic.")}
    for key in ja.keys() & en.keys():
        assert {name for _, name, _, _ in string.Formatter().parse(ja[key]) if name} == {
            name for _, name, _, _ in string.Formatter().parse(en[key]) if name
        }, key


@pytest.mark.parametrize(
    ("kind", "on", "after", "due"),
    [
        ("daily", "09:00", datetime(2026, 11, 15, 23, 59, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC)),
        ("daily", "09:00", datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 17, tzinfo=UTC)),
        ("weekly", "mon 09:00", datetime(2026, 11, 15, 23, 59, tzinfo=UTC), datetime(2026, 11, 16, tzinfo=UTC)),
        ("weekly", "mon 09:00", datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        ("monthly", "1 09:00", datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
        ("monthly", "28 09:00", datetime(2026, 12, 29, tzinfo=UTC), datetime(2027, 1, 28, tzinfo=UTC)),
    ],
)
def test_a_report_is_due_by_the_clock_of_the_brand(kind: str, on: str, after: datetime, due: datetime) -> None:
    assert next_report(ReportSettings(on=on), kind, TOKYO, after) == due


def test_the_wall_clock_counts_when_summer_time_ends() -> None:
    zone = ZoneInfo("America/New_York")
    due = next_report(ReportSettings(on="mon 09:00"), "weekly", zone, datetime(2026, 10, 28, tzinfo=UTC))
    assert due.astimezone(zone).hour == 9
    period = week_before(datetime(2026, 11, 4, 12, tzinfo=UTC), zone)
    assert period.end - period.start == timedelta(days=7, hours=1), "the week of the change has an hour more"
    assert period.before.end - period.before.start == timedelta(days=7)
    assert len(period.days) == 7


def test_periods_are_compared_with_the_same_weekdays() -> None:
    assert day_before(MONDAY, TOKYO).before.days == [date(2026, 11, 8)]
    october = month_before(MONDAY, TOKYO)
    assert (october.days[0].isoformat(), october.days[-1].isoformat()) == ("2026-10-01", "2026-10-31")
    assert october.before.days[0].isoformat() == "2026-08-27"
    assert [day.weekday() for day in october.before.days] == [day.weekday() for day in october.days]
    with pytest.raises(ValueError, match="exchange them"):
        days_between(MONDAY.date(), MONDAY.date() - timedelta(days=1), TOKYO)


def test_no_group_of_words_is_left_over() -> None:
    used = "".join(path.read_text("utf-8") for path in WORDING.parent.glob("*.py"))
    used += "".join(path.read_text("utf-8") for path in (WORDING.parent / "templates").iterdir())
    sections_used = {key for key in yaml.safe_load((WORDING / "en.yaml").read_text("utf-8")) if key in used}
    assert sections_used == set(yaml.safe_load((WORDING / "en.yaml").read_text("utf-8")))
