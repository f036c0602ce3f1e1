"""The timeline of a case: numbered, chained, append-only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from storage.case import Case
from storage.database import Database
from storage.event import Event, append_event, canonical_json, events_of, text_digest
from storage.log import verify_log
from storage.mention import Mention
from storage.source import source_by_key

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def open_case(database: Database) -> int:
    with database.write() as session:
        source = source_by_key(session, "maps", "file")
        mention = Mention(source_id=source.id, external_id="r1", kind="review", digest="", first_seen_at=AT, reach={})
        session.add(mention)
        session.flush()
        case = Case(mention_id=mention.id, severity="minor", criteria="rating <= 2", opened_at=AT, state_at=AT)
        session.add(case)
        session.flush()
        return case.id


def test_events_are_numbered_within_their_case_and_each_hangs_on_the_one_before(database: Database) -> None:
    case_id = open_case(database)
    with database.write() as session:
        for kind in ("opened", "acknowledged", "noted"):
            append_event(session, case_id, kind, actor="sato", at=AT, data={"text": text_digest("寒い", "salt")})
    with database.read() as session:
        events = events_of(session, case_id)
        assert [(one.number, one.kind) for one in events] == [(1, "opened"), (2, "acknowledged"), (3, "noted")]
        previous = ""
        for one in events:
            assert one.digest == one.expected_digest(b"a key for tests only", previous)
            assert one.digest != one.expected_digest(b"another key", previous)
            previous = one.digest
        assert "寒い" not in str([one.data for one in events])


def test_a_number_cannot_be_given_twice(database: Database) -> None:
    case_id = open_case(database)
    with database.write() as session:
        append_event(session, case_id, "opened", actor="system", at=AT)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Event(case_id=case_id, number=1, kind="opened", actor="x", at=AT, digest="x"))


def test_writers_at_the_same_time_make_one_chain(database: Database) -> None:
    case_id = open_case(database)

    def note(number: int) -> None:
        with database.write() as session:
            append_event(session, case_id, "noted", actor=f"person {number}", at=AT)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(note, range(20)))
    with database.read() as session:
        assert [one.number for one in events_of(session, case_id)] == list(range(1, 21))
        assert verify_log(session) == []


def test_one_value_has_one_spelling() -> None:
    assert canonical_json({"b": [1, None], "a": "金継ぎ"}) == '{"a":"金継ぎ","b":[1,null]}'.encode()
    assert canonical_json({"a": 1, "b": 2}) == canonical_json({"b": 2, "a": 1})


def test_a_digest_needs_its_salt() -> None:
    assert text_digest("cold room", "a") == text_digest("cold room", "a") != text_digest("cold room", "b")
