from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.case import Case
from storage.database import Database
from storage.event import append_event
from storage.log import Root, daily_root, read_roots, verify_log, write_root
from storage.mention import Mention
from storage.source import source_by_key

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.write() as opened:
        place = source_by_key(opened, "maps", "file")
        for number in (1, 2):
            mention = Mention(
                source_id=place.id, external_id=f"r{number}", kind="review", digest="", first_seen_at=AT, reach={}
            )
            opened.add(mention)
            opened.flush()
            case = Case(
                mention_id=mention.id, state="new", severity="minor", criteria="", labels={}, opened_at=AT, state_at=AT
            )
            opened.add(case)
            opened.flush()
            for step in range(4):
                append_event(opened, case.id, "noted", actor="sato", at=AT + timedelta(hours=step), data={"n": step})
        yield opened


def said(session: Session, roots: list[Root] | None = None) -> list[str]:
    session.flush()
    session.expire_all()
    return [f"{one.case}/{one.event} {one.why}" for one in verify_log(session, roots or [])]


def test_a_whole_log_has_no_break(session: Session) -> None:
    assert said(session, [daily_root(session, AT)]) == []


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE event SET data = '{\"n\": 9}' WHERE case_id = 1 AND number = 2", ["1/2 changed"]),
        ("UPDATE event SET actor = 'kim' WHERE case_id = 2 AND number = 1", ["2/1 changed"]),
        ("UPDATE event SET at = '2026-03-02 01:00:01' WHERE case_id = 2 AND number = 1", ["2/1 changed"]),
        ("DELETE FROM event WHERE case_id = 1 AND number = 3", ["1/3 missing_number"]),
        ("DELETE FROM event WHERE case_id = 2 AND number = 1", ["2/1 missing_number"]),
        ("UPDATE event SET digest = 'x' WHERE number = 4", ["1/4 changed", "2/4 changed"]),
    ],
)
def test_a_change_is_found_where_it_was_made(session: Session, tampering: str, found: list[str]) -> None:
    session.execute(text(tampering))
    assert said(session) == found


def test_a_tail_that_was_cut_off_shows_against_the_roots_only(session: Session) -> None:
    root = daily_root(session, AT)
    session.execute(text("DELETE FROM event WHERE case_id = 2 AND number = 4"))
    assert said(session) == []
    (broken,) = verify_log(session, [root])
    assert (broken.why, broken.case) == ("tail_cut", None)
    assert "1 of 8 events are gone" in str(broken)


def test_a_whole_case_that_vanished_shows_as_well(session: Session) -> None:
    root = daily_root(session, AT)
    session.execute(text("DELETE FROM event WHERE case_id = 2"))
    assert said(session, [root]) == ["None/None tail_cut"]


def test_an_event_that_was_rewritten_with_the_key_in_hand_differs_from_the_root(session: Session) -> None:
    root = daily_root(session, AT)
    session.execute(text("DELETE FROM event WHERE case_id = 2 AND number = 4"))
    append_event(session, 2, "noted", actor="sato", at=AT, data={"n": 99})
    assert said(session) == []
    assert len(said(session, [root])) == 1


def test_a_root_holds_while_the_log_grows(session: Session) -> None:
    roots = [daily_root(session, AT)]
    append_event(session, 1, "noted", actor="sato", at=AT, data={})
    roots.append(daily_root(session, AT + timedelta(days=1)))
    append_event(session, 2, "noted", actor="sato", at=AT, data={})
    assert said(session, roots) == []
    assert roots[0].digest != roots[1].digest


def test_roots_are_kept_as_lines_outside_the_database(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "roots.jsonl"
    assert read_roots(path) == []
    first, second = daily_root(session, AT), daily_root(session, AT + timedelta(days=1))
    write_root(path, first)
    write_root(path, second)
    assert read_roots(path) == [first, second]
    path.write_text(path.read_text() + "no root\n")
    with pytest.raises(ValueError, match="line 3: no root"):
        read_roots(path)


def test_an_empty_log_has_a_root_too(database: Database) -> None:
    with database.write() as session:
        root = daily_root(session, AT)
        assert (root.events, root.cases) == (0, 0)
        assert verify_log(session, [root]) == []
