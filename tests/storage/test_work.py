"""Work rows: put in line once, claimed by one, parked with their error."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.database import Database
from storage.parked import parked, put_back
from storage.work import CLAIM, PARK_AFTER, Work, add_work, claim_work, fail_work, finish_work, release_claims

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(params=["database", "postgres"])
def stored(request: pytest.FixtureRequest) -> Database:
    opened: Database = request.getfixturevalue(request.param)
    return opened


def in_line(session: Session) -> list[tuple[str, int, str]]:
    return [(one.step, one.subject, one.state) for one in session.scalars(select(Work).order_by(Work.id))]


def test_what_waits_already_is_left_as_it_is(stored: Database) -> None:
    with stored.write() as session:
        add_work(session, "assess", [1, 2], AT)
        add_work(session, "assess", [2, 3], AT + timedelta(hours=1))
        add_work(session, "qualify", [1], AT)
        add_work(session, "qualify", [], AT)
    with stored.read() as session:
        rows = in_line(session)
        assert rows == [("assess", 1, "due"), ("assess", 2, "due"), ("assess", 3, "due"), ("qualify", 1, "due")]
        assert session.scalars(select(Work.due_at).where(Work.subject == 2)).one() == AT


def test_subjects_are_claimed_by_one_worker_and_go_when_they_are_done(stored: Database) -> None:
    with stored.write() as session:
        add_work(session, "assess", range(40), AT)

    def claim(_: int) -> list[int]:
        with stored.write() as session:
            return claim_work(session, "assess", AT, 10)

    with ThreadPoolExecutor(4) as pool:
        claimed = [subject for found in pool.map(claim, range(8)) for subject in found]
    assert len(claimed) == len(set(claimed))
    with stored.write() as session:
        claimed += claim_work(session, "assess", AT, 100)
        assert sorted(claimed) == list(range(40))
        assert claim_work(session, "assess", AT, 10) == []
        finish_work(session, "assess", claimed)
        assert in_line(session) == []


def test_what_is_not_due_yet_waits_and_the_oldest_goes_first(database: Database) -> None:
    with database.write() as session:
        add_work(session, "assess", [1], AT + timedelta(minutes=2))
        add_work(session, "assess", [2], AT + timedelta(minutes=1))
        assert claim_work(session, "assess", AT, 10) == []
        assert claim_work(session, "assess", AT + timedelta(minutes=5), 1) == [2]


def test_a_forsaken_claim_is_taken_over(stored: Database) -> None:
    with stored.write() as session:
        add_work(session, "assess", [1], AT)
        assert claim_work(session, "assess", AT, 10) == [1]
        assert claim_work(session, "assess", AT + CLAIM - timedelta(seconds=1), 10) == []
        assert claim_work(session, "assess", AT + CLAIM, 10) == [1]
        release_claims(session)
        assert claim_work(session, "assess", AT, 10) == [1]


def test_a_failing_subject_waits_longer_each_time_and_is_parked_with_its_error(database: Database) -> None:
    with database.write() as session:
        add_work(session, "assess", [1], AT)
        at, waits = AT, []
        for _ in range(PARK_AFTER):
            assert claim_work(session, "assess", at, 10) == [1]
            fail_work(session, "assess", 1, at, "the model is not there")
            due = session.scalars(select(Work.due_at)).one()
            waits.append((due - at).total_seconds())
            at = max(at, due)
        assert waits[:-1] == [20, 80, 320, 1280]
        assert claim_work(session, "assess", at + timedelta(days=30), 10) == []
        assert parked(session) == [{"name": "assess/1", "state": "parked", "error": "the model is not there"}]
        put_back(session, "assess/1", at)
        assert claim_work(session, "assess", at, 10) == [1]
