"""Idempotency keys on both databases: of two that come at once one has the effect, the other reads its answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from storage.api_token import make_token, token_of
from storage.database import Database
from storage.idempotency import keep_answer, take_key

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(params=["database", "postgres"])
def opened(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


def test_the_second_of_two_waits_for_the_answer_of_the_first(opened: Database) -> None:
    with opened.write() as session:
        token = make_token(session, "crm", person=None, scopes=["read"], at=AT)
        session.flush()
        row = token_of(session, token, AT)
        assert row is not None
        number = row.id
    started, read = threading.Event(), []

    def second() -> None:
        started.set()
        with opened.write() as session:
            known = take_key(session, number, "k", "d", AT)
            read.append(known.body if known is not None else None)

    with opened.write() as session:
        assert take_key(session, number, "k", "d", AT) is None
        other = threading.Thread(target=second)
        other.start()
        assert started.wait(60)
        other.join(0.2)
        assert read == []
        keep_answer(session, number, "k", 200, {}, "done")
    other.join(30)
    assert read == ["done"]


def test_a_key_whose_work_failed_is_free_again(opened: Database) -> None:
    with opened.write() as session:
        make_token(session, "crm", person=None, scopes=["read"], at=AT)
    for _ in range(2):
        with opened.write() as session:
            assert take_key(session, 1, "k", "d", AT) is None
            session.rollback()
