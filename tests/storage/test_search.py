"""The search: Japanese words of two characters and even one, English words by their beginning, nothing that is gone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.ingest import ingest
from storage.item import Item
from storage.listing import Listing, forget_words, list_mentions, list_revisions
from storage.mention import Mention
from storage.search import search_mentions
from storage.source import Crawl, source_by_key

AT = datetime(2026, 3, 2, tzinfo=UTC)
TEXTS = {
    "a": "フロントの対応が遅く、お湯が出ませんでした。",
    "b": "The WiFi was slow; reception never answered.",
    "c": "ｗｉｆｉは速かった。東京 大阪と旅して、良いお湯",
}


def read(database: Database, texts: dict[str, str]) -> None:
    with database.write() as session:
        source = source_by_key(session, "book", "file")
        crawl = Crawl(source_id=source.id, started_at=AT, state="running", fetched=0, new=0, revised=0, unchanged=0)
        crawl.ignored = crawl.rejected = crawl.gone = 0
        session.add(crawl)
        session.flush()
        items = [Item(external_id=key, kind="review", text=text, posted_at=AT) for key, text in texts.items()]
        list_revisions(session, ingest(session, source, crawl, items, AT).revisions)


def found(database: Database, words: str) -> str:
    with database.read() as session:
        ids = select(Mention.external_id).where(Mention.id.in_(search_mentions(session, words)))
        return "".join(sorted(session.scalars(ids)))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("対応", "a"),
        ("お湯", "ac"),
        ("湯", "ac"),
        ("フロントの対応", "a"),
        ("対応 お湯", "a"),
        ("wifi", "bc"),
        ("WI", "bc"),
        ("answer", "b"),
        ("東京大阪", ""),
        ("大阪", "c"),
        ("", ""),
        ('" OR *', ""),
        ("NEAR(a b)", ""),
        ("対応応対", ""),
    ],
)
def test_words_are_found(database: Database, words: str, expected: str) -> None:
    read(database, TEXTS)
    assert found(database, words) == expected


def test_an_edit_is_found_by_its_new_words_only(database: Database) -> None:
    read(database, TEXTS)
    read(database, {"a": "よくなりました。"})
    assert found(database, "対応") == ""
    assert found(database, "よく") == "a"


def test_forgotten_words_are_not_found_and_a_listing_made_anew_is_the_same(database: Database) -> None:
    read(database, TEXTS)
    with database.write() as session:
        ids = list(session.scalars(select(Listing.mention_id)))
        before = [row._mapping for row in session.execute(select(*Listing.__table__.c).order_by(Listing.mention_id))]
        list_mentions(session, ids)
        after = [row._mapping for row in session.execute(select(*Listing.__table__.c).order_by(Listing.mention_id))]
        assert before == after
        forget_words(session, ids[:1])
    assert found(database, "対応") == ""
    assert found(database, "wifi") == "bc"
