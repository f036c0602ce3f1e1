"""What a batch does to the rows and to the account of its crawl, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.author import Author, Tombstone
from storage.database import Database
from storage.ingest import ERASED, Ingested, author_digest, ingest
from storage.item import Gone, Item, Refused, WindowRead
from storage.mention import Mention, Revision, revisions_of
from storage.source import Crawl, Refusal, Source, source_by_key

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Entry = Item | Refused | Gone | WindowRead


@pytest.fixture(params=["database", "postgres"])
def stored(request: pytest.FixtureRequest) -> Database:
    opened: Database = request.getfixturevalue(request.param)
    return opened


def review(number: int, text: str = "The room was cold.", **more: object) -> Item:
    known = {"rating": 2.0, "author_id": f"a{number}", "author_name": f"guest {number}", "posted_at": AT}
    return Item(external_id=f"r{number}", kind="review", text=text, **(known | more))  # type: ignore[arg-type]


def crawl(database: Database, *entries: Entry, key: str = "maps", at: datetime = AT) -> tuple[Crawl, Ingested]:
    with database.write() as session:
        return crawl_in(session, entries, key, at)


def crawl_in(session: Session, entries: tuple[Entry, ...], key: str, at: datetime) -> tuple[Crawl, Ingested]:
    source = source_by_key(session, key, "file")
    row = Crawl(
        source_id=source.id, started_at=at, fetched=0, new=0, revised=0, unchanged=0, ignored=0, rejected=0, gone=0
    )
    session.add(row)
    session.flush()
    return row, ingest(session, source, row, entries, at)


def account(row: Crawl) -> tuple[int, ...]:
    assert row.adds_up()
    return row.fetched, row.new, row.revised, row.unchanged, row.ignored, row.rejected


def mention(session: Session, number: int) -> Mention:
    return session.scalars(select(Mention).where(Mention.external_id == f"r{number}")).one()


def test_every_item_is_new_revised_unchanged_ignored_or_rejected(stored: Database) -> None:
    assert account(crawl(stored, review(1), review(2), review(3))[0]) == (3, 3, 0, 0, 0, 0)
    second, result = crawl(
        stored,
        review(1),
        review(2, "They repaired the heating.", rating=5.0),
        review(4),
        Refused("ignored", "names none of ours", "r8"),
        Refused("rejected", "line 9: no JSON", None, "{\x00"),
    )
    assert account(second) == (5, 1, 1, 1, 1, 1)
    assert len(result.revisions) == 2
    with stored.read() as session:
        said = [(one.number, one.text, one.rating) for one in revisions_of(session, mention(session, 2).id)]
        refusals = session.execute(select(Refusal.disposition, Refusal.reason, Refusal.excerpt).order_by(Refusal.id))
        assert said == [(1, "The room was cold.", 2.0), (2, "They repaired the heating.", 5.0)]
        assert [tuple(one) for one in refusals] == [
            ("ignored", "names none of ours", None),
            ("rejected", "line 9: no JSON", "{"),
        ]
        assert set(session.scalars(select(Revision.id).where(Revision.seen_at == AT))) >= set(result.revisions)


def test_an_id_that_stands_three_times_in_a_batch_keeps_each_state_in_order(stored: Database) -> None:
    row, result = crawl(stored, review(1, "one"), review(2), review(1, "two"), review(1, "two"), review(1, "three"))
    assert account(row) == (5, 2, 2, 1, 0, 0)
    assert len(set(result.revisions)) == 4
    with stored.read() as session:
        assert [one.text for one in revisions_of(session, mention(session, 1).id)] == ["one", "two", "three"]


def test_a_file_that_tells_every_state_changes_nothing_when_it_is_read_again(stored: Database) -> None:
    export = (review(1, "one"), review(1, "two"), review(2), review(1, "one"), review(1, "three"))
    assert account(crawl(stored, *export)[0]) == (5, 2, 3, 0, 0, 0)
    again, result = crawl(stored, *export, at=AT + timedelta(days=1))
    assert account(again) == (5, 0, 0, 5, 0, 0)
    assert result == Ingested()
    # An edit has a date of its own where the file has such a column.
    edited = review(1, "one", edited_at=AT + timedelta(days=2))
    assert account(crawl(stored, edited, at=AT + timedelta(days=3))[0]) == (1, 0, 1, 0, 0, 0)


def test_a_change_beside_the_text_is_no_revision_and_a_changed_reply_is_told(stored: Database) -> None:
    crawl(stored, review(1), review(2))
    answered = review(1, reply_text="Thank you for telling us.", reply_at=AT, reach={"likes": 3})
    row, result = crawl(stored, answered, review(2, reach={"likes": 9}))
    assert account(row) == (2, 0, 0, 2, 0, 0)
    with stored.read() as session:
        first, second = mention(session, 1), mention(session, 2)
        assert result.replied == [first.id]
        assert (first.reply_text, first.reply_at, first.reach) == ("Thank you for telling us.", AT, {"likes": 3})
        assert second.reach == {"likes": 9}
    assert crawl(stored, answered)[1] == Ingested()
    assert crawl(stored, review(1))[1].replied == result.replied


def test_an_erased_author_is_ignored_without_a_trace(stored: Database) -> None:
    with stored.write() as session:
        session.add(Tombstone(digest=author_digest(session, "maps", "a1"), erased_at=AT))
    row, result = crawl(stored, review(1), review(2))
    assert account(row) == (2, 1, 0, 0, 1, 0)
    assert len(result.revisions) == 1
    with stored.read() as session:
        refusal = session.scalars(select(Refusal)).one()
        assert (refusal.reason, refusal.external_id, refusal.excerpt) == (ERASED, None, None)
        assert session.scalars(select(Author.external_id)).all() == ["a2"]
    # The same id on another source is another account.
    assert account(crawl(stored, review(1), key="elsewhere")[0]) == (1, 1, 0, 0, 0, 0)


def test_a_mention_that_its_source_calls_gone_is_gone_and_may_come_back(stored: Database) -> None:
    crawl(stored, review(1), review(2))
    row, result = crawl(stored, Gone("r1"), Gone("never seen"), at=AT + timedelta(days=1))
    assert (row.gone, row.fetched, len(result.gone)) == (1, 0, 1)
    assert crawl(stored, Gone("r1"))[1].gone == []
    with stored.read() as session:
        assert mention(session, 1).gone_at == AT + timedelta(days=1)
    assert account(crawl(stored, review(1))[0]) == (1, 0, 0, 1, 0, 0)
    with stored.read() as session:
        assert mention(session, 1).gone_at is None


def test_only_two_complete_reads_in_a_row_make_a_mention_gone(stored: Database) -> None:
    old = review(3, posted_at=AT - timedelta(days=90))
    crawl(stored, review(1), review(2), old)
    window = WindowRead(AT - timedelta(days=30), frozenset({"r2"}))
    assert crawl(stored, review(2), window)[1].gone == []
    assert crawl(stored, review(1), review(2))[1].gone == []  # seen again: the count begins anew
    assert crawl(stored, window)[1].gone == []
    row, result = crawl(stored, window, at=AT + timedelta(hours=1))
    with stored.read() as session:
        assert result.gone == [mention(session, 1).id]
        assert mention(session, 1).gone_at == AT + timedelta(hours=1)
        assert mention(session, 3).gone_at is None
    assert row.gone == 1


def test_a_mention_seen_between_two_reads_of_one_batch_is_not_gone(stored: Database) -> None:
    crawl(stored, review(1))
    window = WindowRead(AT - timedelta(days=30), frozenset())
    assert crawl(stored, window, review(1), window)[1].gone == []


def test_authors_are_one_row_an_account_and_anonymous_ones_none(stored: Database) -> None:
    crawl(
        stored,
        review(1, author_id="a", author_name="Sato"),
        review(2, author_id="a", author_name="Sato"),
        review(3, author_id=None, author_name="Kim"),
        review(4, author_id=None, author_name=None),
    )
    with stored.read() as session:
        assert session.scalars(select(Author.external_id).order_by(Author.id)).all() == ["a", "name:Kim"]
        assert mention(session, 4).author_id is None


def test_two_workers_at_once_are_told_of_their_own_revisions_only(postgres: Database) -> None:
    """Both are inside their transaction at the same time, and their rows interleave."""
    meet = Barrier(2, timeout=60)

    def work(key: str) -> tuple[str, list[int]]:
        with postgres.write() as session:
            told: list[int] = []
            for batch in range(5):
                meet.wait()
                entries = tuple(review(batch * 100 + number, f"{key} {batch}") for number in range(100))
                told += crawl_in(session, entries, key, AT)[1].revisions
            return key, told

    with ThreadPoolExecutor(2) as pool:
        told = dict(pool.map(work, ("maps", "store")))
    with postgres.read() as session:
        for key, revisions in told.items():
            owned = select(Revision.id).join(Mention).join(Source).where(Source.key == key).order_by(Revision.id)
            assert sorted(revisions) == list(session.scalars(owned))
            assert len(revisions) == 500
        assert session.scalar(select(func.count()).select_from(Mention)) == 1000
