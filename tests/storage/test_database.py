"""The two doors of the database, and two processes that write at once."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.due import Due, came_round
from storage.source import Crawl, Source, source_by_key

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COUNTING = """
import sys
from storage.database import Database
from storage.source import source_by_key
database = Database(sys.argv[1], b"k")
for _ in range(100):
    with database.write() as session:
        source = source_by_key(session, "counter", "file")
        source.failures += 1
"""


@pytest.fixture(params=["database", "postgres"])
def stored(request: pytest.FixtureRequest) -> Database:
    opened: Database = request.getfixturevalue(request.param)
    return opened


def test_two_processes_read_and_then_write_and_none_is_locked_out(database: Database) -> None:
    with database.write() as session:
        source_by_key(session, "counter", "file")
    command = [sys.executable, "-c", COUNTING, database.url]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True) for _ in "12"]
    assert [one.communicate(timeout=100)[1] for one in both] == ["", ""]
    with database.read() as session:
        assert source_by_key(session, "counter", "file").failures == 200


@pytest.mark.parametrize("statement", ["DELETE FROM source", "CREATE TABLE mine (id integer)"])
def test_the_door_for_reading_cannot_write(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="readonly"), database.read() as session:
        session.execute(text(statement))


def test_the_door_for_reading_cannot_write_on_postgresql(postgres: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"), postgres.read() as session:
        session.execute(text("DELETE FROM source"))


def test_a_reader_sees_one_state_while_a_writer_commits(stored: Database) -> None:
    with stored.read() as reader:
        assert reader.query(Source).count() == 0
        with stored.write() as writer:
            source_by_key(writer, "maps", "file")
        assert reader.query(Source).count() == 0
    with stored.read() as reader:
        assert reader.query(Source).count() == 1


def test_a_row_must_not_refer_to_nothing(stored: Database) -> None:
    with pytest.raises(IntegrityError), stored.write() as session:
        session.add(Crawl(source_id=77, started_at=AT))


def test_an_error_takes_back_the_whole_transaction(stored: Database) -> None:
    with pytest.raises(ZeroDivisionError), stored.write() as session:
        _add_and_fail(session)
    with stored.read() as session:
        assert session.query(Source).count() == 0


def _add_and_fail(session: Session) -> None:
    source_by_key(session, "maps", "file")
    raise ZeroDivisionError


def test_a_moment_comes_back_as_it_was_and_one_without_a_zone_is_refused(stored: Database) -> None:
    moment = datetime.fromisoformat("2026-03-02T10:00:00.000123+09:00")
    with stored.write() as session:
        session.add(Due(name="report", at=moment))
    with stored.read() as session:
        at = session.get_one(Due, "report").at
        assert (at, at.tzinfo) == (moment, UTC)
        assert session.query(Due).where(Due.at <= moment).count() == 1
        assert session.query(Due).where(Due.at < moment).count() == 0
    with pytest.raises(StatementError, match="needs a time zone"), stored.write() as session:
        session.add(Due(name="naive", at=datetime(2026, 3, 2)))  # noqa: DTZ001 (that is the mistake)


def test_what_passed_while_nothing_ran_comes_round_once(stored: Database) -> None:
    def next_hour(at: datetime) -> datetime:
        return at.replace(hour=at.hour + 1, minute=0)

    def ask(hour: int) -> datetime | None:
        with stored.write() as session:
            return came_round(session, "root", AT.replace(hour=hour), next_hour)

    assert [ask(1), ask(1)] == [None, None]
    assert ask(5) == AT.replace(hour=5)
    assert ask(5) is None
    assert ask(6) == AT.replace(hour=6)
