"""The search finds the same on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.ingest import ingest
from storage.item import Item
from storage.mention import Mention
from storage.search import index_texts, search_mentions
from storage.source import Crawl, source_by_key
from tests.conftest import LOG_KEY

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SAID = {
    "a": "フロントの対応が遅くて最悪でした",
    "b": "お湯が出ない。The shower was cold; staff didn't care",
    "c": "ホテルソラ、朝食は最高！",
    "d": "Showers & towels: 10/10 'great' \\ :* | !",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[Database]:
    """What was said, which the tests only search."""
    with ExitStack() as closed:
        if request.param == "postgresql":
            url = closed.enter_context(request.getfixturevalue("postgres_server").copied())
        else:
            url = f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path_factory.mktemp('said'))}"
        opened = Database(url, LOG_KEY)
        closed.callback(opened.close)
        keep(opened)
        yield opened


def keep(opened: Database) -> None:
    with opened.write() as session:
        source = source_by_key(session, "maps", "file")
        crawl = Crawl(source_id=source.id, started_at=AT, fetched=0, new=0, revised=0, unchanged=0)
        session.add(crawl)
        session.flush()
        items = [Item(external_id=key, kind="review", text=text) for key, text in SAID.items()]
        ingest(session, source, crawl, items, AT)
        index_texts(session, [(number, None, number) for number in range(1, len(items) + 1)])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("対応", "a"),
        ("最悪 対応", "a"),
        ("湯", "b"),
        ("ソラ", "c"),
        ("shower", "bd"),
        ("SHOW cold", "b"),
        ("対応が早い", ""),
        ("didn't", "b"),
        ("' \\ :* | ! & <->", ""),
        ("", ""),
    ],
)
def test_words_are_found_by_pairs_and_beginnings(stored: Database, words: str, found: str) -> None:
    with stored.read() as session:
        ids = session.scalars(search_mentions(session, words)).all()
        names = sorted(mention.external_id for mention in session.query(Mention).where(Mention.id.in_(ids)))
    assert "".join(names) == found


def test_what_is_taken_out_is_not_found_any_more(stored: Database) -> None:
    with stored.write() as session:
        index_texts(session, [(1, 1, None), (2, 2, 3)])
        assert list(session.scalars(search_mentions(session, "対応"))) == []
        assert list(session.scalars(search_mentions(session, "湯"))) == []
        assert sorted(session.scalars(search_mentions(session, "朝食"))) == [2, 3]
        session.rollback()
