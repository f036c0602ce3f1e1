"""The operator is told, once, when a source is no longer read as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings, settings_from
from kintsugi.steps.canary import watch_source
from storage.author import Author
from storage.database import Database
from storage.delivery import Delivery
from storage.mention import Mention
from storage.source import Crawl, Source, source_by_key

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SETTINGS = {"brand": {"name": "Hotel Sora"}, "receivers": {"ops": {"console": {}}}, "operator": "ops"}


@pytest.fixture
def settings() -> Settings:
    return settings_from(SETTINGS)


def crawled(session: Session, source: Source, fetched: int, at: datetime, state: str = "done") -> Crawl:
    crawl = Crawl(source_id=source.id, started_at=at, state=state, fetched=fetched, new=0)
    session.add(crawl)
    session.flush()
    return crawl


def notices(session: Session) -> list[Delivery]:
    return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def test_a_source_that_was_full_and_is_empty_is_told_once(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    kept = tmp_path / "answer"
    kept.write_bytes(b"<html>please log in</html>")
    with database.write() as session:
        source = source_by_key(session, "reviews", "review_page")
        for hour in range(40):
            crawled(session, source, 40, AT + timedelta(hours=hour))
        for hour in range(40, 46):
            watch_source(session, source, crawled(session, source, 0, AT + timedelta(hours=hour)), kept, settings, AT)
            assert len(notices(session)) == (hour >= 42)
        (notice,) = notices(session)
        assert notice.receiver == "ops"
        assert notice.payload["title"] == "情報源「reviews」から何も届かなくなりました"
        assert "最近の3回" in notice.payload["lines"][0]
        assert str(kept) in notice.payload["lines"][-1]
        crawled(session, source, 40, AT + timedelta(hours=50))  # it came back, and fails anew
        for hour in range(51, 54):
            watch_source(session, source, crawled(session, source, 0, AT + timedelta(hours=hour)), kept, settings, AT)
        assert len(notices(session)) == 2


def test_silence_of_a_quiet_source_is_not_told_before_it_is_strange(database: Database, settings: Settings) -> None:
    with database.write() as session:
        source = source_by_key(session, "feed", "feed")
        for number in range(100):  # one crawl in ten finds something
            crawled(session, source, 5 if number % 10 == 9 else 0, AT + timedelta(hours=number))
        told = []
        for number in range(60):
            crawl = crawled(session, source, 0, AT + timedelta(hours=100 + number))
            watch_source(session, source, crawl, Path("none"), settings, AT)
            told.append(bool(notices(session)))
        assert told.index(True) + 1 == 51  # 0.9 ** 51 < 0.005


def test_a_source_that_names_nobody_any_more_is_told_once(database: Database, settings: Settings) -> None:
    with database.write() as session:
        source = source_by_key(session, "portal", "page")
        author = Author(source_id=source.id, external_id="a", name="Aoi", first_seen_at=AT)
        session.add(author)
        session.flush()
        for number in range(12):
            who = author.id if number == 1 else None
            session.add(
                Mention(source_id=source.id, external_id=str(number), author_id=who, kind="review", reach={}, digest="",
                        first_seen_at=AT)
            )  # fmt: skip
            session.flush()
            watch_source(session, source, crawled(session, source, 1, AT), Path("none"), settings, AT)
            assert len(notices(session)) == (number >= 11)
        assert "投稿者名" in notices(session)[0].payload["title"]


def test_a_source_that_refuses_us_is_told_once_in_the_teams_language(database: Database) -> None:
    english = settings_from({**SETTINGS, "brand": {"name": "Hotel Sora", "languages": ["en"]}})
    with database.write() as session:
        source = source_by_key(session, "portal", "page")
        source.paused_until = AT + timedelta(days=1)
        for _ in range(2):
            crawl = crawled(session, source, 0, AT, "failed")
            crawl.error = "https://portal.example: HTTP 403"
            watch_source(session, source, crawl, Path("none"), english, AT)
        (notice,) = notices(session)
        assert notice.payload["title"] == "Source portal refuses us and is paused"
        assert "HTTP 403 (tried again at 2026-11-21 21:00)" in notice.payload["lines"][0]
