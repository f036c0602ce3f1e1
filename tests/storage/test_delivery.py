"""A delivery goes out once: its key, its claim, its tries, its end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.delivery import (
    CLAIM,
    Delivery,
    claim_delivery,
    due_deliveries,
    make_delivery,
    record_due_again,
    record_permanent,
    record_sent,
    record_temporary,
    record_unclear,
    stale_claims,
)
from storage.parked import parked, put_back

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(params=["database", "postgres"])
def stored(request: pytest.FixtureRequest) -> Database:
    opened: Database = request.getfixturevalue(request.param)
    return opened


def make(session: Session, key: str = "case/1", **more: object) -> Delivery:
    return make_delivery(session, key, receiver="social", purpose="case_message", at=AT, **more)  # type: ignore[arg-type]


def test_a_key_makes_one_delivery_however_often_it_is_asked_for(stored: Database) -> None:
    with stored.write() as session:
        first = make(session, payload={"text": "first"})
    with stored.write() as session:
        again = make(session, payload={"text": "second"})
        assert (again.id, again.payload) == (first.id, {"text": "first"})
    with pytest.raises(IntegrityError), stored.write() as session:
        session.add(Delivery(key="case/1", receiver="x", purpose="x", due_at=AT, made_at=AT))


def test_one_of_many_senders_gets_the_claim(stored: Database) -> None:
    with stored.write() as session:
        one = make(session).id

    def claim(_: int) -> bool:
        with stored.write() as session:
            return claim_delivery(session, one, AT)

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(claim, range(10))) == [False] * 9 + [True]
    with stored.read() as session:
        assert session.get_one(Delivery, one).attempts == 1


def test_urgent_ones_go_first_and_later_ones_wait(database: Database) -> None:
    with database.write() as session:
        usual, urgent = make(session, "a").id, make(session, "b", priority=5).id
        make(session, "c", due_at=AT + timedelta(seconds=1))
        assert due_deliveries(session, AT) == [urgent, usual]
        assert due_deliveries(session, AT, limit=1) == [urgent]


def test_a_temporary_failure_waits_as_long_as_the_receiver_asks_and_otherwise_longer_each_time(
    database: Database,
) -> None:
    with database.write() as session:
        one = make(session)
        record_temporary(one, AT, "429", timedelta(seconds=37))
        assert (one.state, one.due_at, one.error) == ("due", AT + timedelta(seconds=37), "429")
        waits = []
        for attempts in range(1, 9):
            one.attempts = attempts
            record_temporary(one, AT, "503")
            waits.append((one.due_at - AT).total_seconds())
        assert waits == [5, 15, 60, 300, 900, 1800, 1800, 1800]


def test_after_a_day_it_is_given_up_with_its_reason_and_can_be_put_back(database: Database) -> None:
    with database.write() as session:
        one = make(session)
        one.attempts = 50
        record_temporary(one, AT + timedelta(days=1), "503")
        assert one.state == "due"
        record_temporary(one, AT + timedelta(days=1, seconds=1), "503")
        assert (one.state, one.error) == ("given_up", "gave up after 50 tries in a day: 503")
        assert [entry["state"] for entry in parked(session)] == ["given_up"]
        put_back(session, f"delivery/{one.id}", AT + timedelta(days=3))
        assert due_deliveries(session, AT + timedelta(days=3)) == [one.id]
        record_temporary(one, AT + timedelta(days=3, hours=1), "503")
        assert one.state == "due"


def test_a_claim_that_nobody_finished_is_found_and_may_be_unclear(stored: Database) -> None:
    with stored.write() as session:
        inside, outside = make(session, "in"), make(session, "out", customer_facing=True)
        for one in (inside, outside):
            assert claim_delivery(session, one.id, AT)
    with stored.write() as session:
        assert stale_claims(session, AT + CLAIM - timedelta(seconds=1)) == []
        found = [session.get_one(Delivery, number) for number in stale_claims(session, AT + CLAIM)]
        assert [one.key for one in found] == ["in", "out"]
        record_due_again(found[0])
        record_unclear(found[1], "the process ended while it was sent")
    with stored.read() as session:
        assert due_deliveries(session, AT + CLAIM) == [inside.id]
        assert parked(session) == [
            {"name": f"delivery/{outside.id}", "state": "unclear", "error": "out: the process ended while it was sent"}
        ]


def test_what_was_sent_or_refused_is_never_due_again(database: Database) -> None:
    with database.write() as session:
        sent, refused = make(session, "a"), make(session, "b")
        record_sent(sent, AT, {"channel": "C1", "ts": "1.2"})
        record_permanent(refused, "channel_not_found: invite the app to the channel")
        session.flush()
        assert due_deliveries(session, AT + timedelta(days=9)) == []
        assert not claim_delivery(session, sent.id, AT)
        assert (sent.sent_at, sent.receipt) == (AT, {"channel": "C1", "ts": "1.2"})
        assert session.scalar(select(func.count()).where(Delivery.state == "given_up")) == 1
