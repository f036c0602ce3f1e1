"""What pages count within indexes is what one counts by hand; a search finds the same however it is asked."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kintsugi.web.queries import mentions as listed
from kintsugi.web.queries.choices import choices
from kintsugi.web.queries.filters import Filters
from kintsugi.web.queries.learning import complaints, hours_by_weekday, negative_share, period_of
from kintsugi.web.queries.mentions import mentions
from storage.database import Database
from storage.ingest import ingest
from storage.item import Item
from storage.listing import Listing, list_mentions
from storage.mention import Mention
from storage.source import Crawl, source_by_key
from tests.conftest import LOG_KEY
from tests.reports.history import END, write_history

ZONES = [UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")]  # New York's clocks change within the history


@pytest.fixture(scope="module")
def history(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Two months of a brand, written once."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("history") / "kintsugi.sqlite")
    database = Database(f"sqlite:///{path}", LOG_KEY)
    with database.write() as session:
        write_history(session, 3, mentions=120, days=60)
    yield database
    database.close()


@pytest.fixture
def lived(history: Database) -> Iterator[Session]:
    with history.read() as session:
        yield session


def rows_of(session: Session, since: datetime, until: datetime) -> list[Listing]:
    return [one for one in session.scalars(select(Listing)) if since <= one.at < until]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(("days", "step"), [(7, 1), (30, 1), (40, 7)])
def test_learn_counts_as_one_counts_by_hand(lived: Session, zone: ZoneInfo, days: int, step: int) -> None:
    since, until = period_of(END, zone, days)
    bad = [one for one in rows_of(lived, since, until) if one.sentiment == "negative"]
    said = complaints(lived, since, until)
    assert said.now == Counter((one.topic or "other", one.location or "") for one in bad)
    before = [one for one in rows_of(lived, since - (until - since), since) if one.sentiment == "negative"]
    assert said.before == Counter((one.topic or "other", one.location or "") for one in before)
    heat = hours_by_weekday(lived, since, until, zone)
    local = [one.at.astimezone(zone) for one in bad]
    by_hand = Counter((str(at.weekday()), str(at.hour)) for at in local)
    assert {cell: found.count for cell, found in heat.cells.items() if found.count} == by_hand
    samples = negative_share(lived, since, until, zone, step)
    assert sum(sample.count for sample in samples) == len(bad)
    for number, sample in enumerate(samples):
        start = since + timedelta(days=number * step)
        ours = [one for one in rows_of(lived, start, min(until, start + timedelta(days=step))) if one.sentiment]
        assert (sample.label, sample.size) == (f"{start:%m/%d}", len(ours))
        assert sample.count == sum(one.sentiment == "negative" for one in ours)


def test_what_there_is_to_choose_from_is_what_the_mentions_name(lived: Session) -> None:
    there = choices(lived)
    rows = lived.scalars(select(Listing)).all()
    assert there.places == sorted({one.location for one in rows if one.location})
    assert there.languages == sorted({one.language for one in rows if one.language})


@pytest.mark.parametrize("which", ["database", "postgres"])
@pytest.mark.parametrize("few", [0, 5000])
def test_a_frequent_word_finds_what_a_rare_one_finds(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, which: str, few: int
) -> None:
    monkeypatch.setattr(listed, "FEW", few)
    database: Database = request.getfixturevalue(which)
    with database.write() as session:
        source = source_by_key(session, "book", "file")
        crawl = Crawl(source_id=source.id, started_at=END)
        session.add(crawl)
        session.flush()
        words = ("フロントの対応が残念", "対応が早い", "朝食が冷たい", "The shower was cold")
        items = [
            Item(external_id=str(number), kind="review", text=text, posted_at=END - timedelta(days=number))
            for number, text in enumerate(words)
        ]
        ingest(session, source, crawl, items, END)
        list_mentions(session, list(session.scalars(select(Mention.id))))
        for asked, texts in (("対応", words[:2]), ("shower", words[3:]), ("対応 早い", words[1:2]), ("風呂", ())):
            found, following = mentions(session, Filters(q=asked), ZoneInfo("UTC"), END)
            assert tuple(one.text for one in found) == texts
            assert following == ""
        found, _ = mentions(session, Filters(q="対応", since=f"{END:%Y-%m-%d}"), ZoneInfo("UTC"), END)
        assert [one.text for one in found] == [words[0]]
