"""What a single SQLite writer gives for nothing must hold with many writers as well."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config.clock import SetClock, SystemClock
from kintsugi.app import App, open_app
from kintsugi.desk.desk import Desk
from kintsugi.engines.line import ProcrastinateLine
from kintsugi.engines.tasks import Tasks
from kintsugi.steps.crawling import store_items
from storage.case import Case
from storage.delivery import Delivery, make_delivery
from storage.event import append_event, events_of
from storage.group import GroupMember
from storage.item import Item
from storage.log import verify_log
from storage.source import source_by_key
from storage.story import StoryCopy
from tests.engines.installation import SETTINGS, write_installation

AT = SystemClock().now()
SAID = "予約した部屋が取れておらず、フロントで一時間も待たされたうえ謝罪もありませんでした。二度と泊まりません。"


@pytest.fixture
def app(tmp_path: Path, postgres_url: str) -> Iterator[App]:
    settings = SETTINGS.replace("group_wait: 0s", "group_wait: 1m") + f'engine: postgres\ndatabase: "{postgres_url}"\n'
    settings = settings.replace("{U1: {name: 佐藤}}", "{U1: {name: 佐藤}, U2: {name: 鈴木}}")
    opened = open_app(write_installation(tmp_path, settings), SetClock(AT))
    yield opened
    opened.database.close()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Does all of it at the same moment, each in a thread. Returns what came of each, errors among it."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def do(number: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[number] = act()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=do, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(results)


def store(app: App, source: str, number: int, *, author: str | None = None) -> None:
    items = [
        Item(
            external_id=f"{at}",
            kind="post",
            text=SAID if author is None else f"{SAID} ({source} {at})",
            author_id=author,
            author_name=author,
            posted_at=AT,
            rating=1,
        )
        for at in range(number)
    ]
    store_items(app.database, source, "file", items, AT)


def opened_cases(app: App, number: int) -> list[int]:
    for at in range(number):
        store(app, f"s{at}", 1, author=f"客{at}")
    tasks, ids = Tasks(app, ProcrastinateLine()), list(range(1, number + 1))
    tasks.step("assess", ids, 0)
    with app.database.read() as session:
        wanted = list(session.scalars(select(Case.id)))
    assert wanted == []
    tasks.step("qualify", ids, 0)
    for one in ids:
        tasks.step("open", [one], 0)
    with app.database.read() as session:
        return list(session.scalars(select(Case.id).order_by(Case.id)))


def test_of_two_people_one_gets_the_case(app: App) -> None:
    (case,) = opened_cases(app, 1)
    desk = Desk(app)
    results = at_once(*(lambda person=person: desk.claim(case, person) for person in ("U1", "U2") * 3))
    assert all(result is None or "is taken by" in str(getattr(result, "why", result)) for result in results), results
    with app.database.read() as session:
        claims = [event.actor for event in events_of(session, case) if event.kind == "acknowledge"]
        assert claims == [session.get_one(Case, case).owner]
        assert verify_log(session) == []


def test_a_chain_written_by_many_is_whole(app: App) -> None:
    (case,) = opened_cases(app, 1)

    def write(number: int) -> None:
        with app.database.write() as session:
            append_event(session, case, "note", actor="U1", at=AT, data={"number": number})

    assert at_once(*(lambda number=number: write(number) for number in range(8))) == [None] * 8
    with app.database.read() as session:
        assert sum(event.kind == "note" for event in events_of(session, case)) == 8
        assert verify_log(session) == []


def test_copies_that_are_read_at_once_are_one_story(app: App) -> None:
    for source in ("maps", "store", "news", "board"):
        store(app, source, 1)
    tasks = Tasks(app, ProcrastinateLine())
    tasks.step("assess", [1, 2, 3, 4], 0)
    results = at_once(*(lambda one=one: tasks.step("qualify", [one], 0) for one in (1, 2, 3, 4)))
    assert results == [None] * 4
    with app.database.read() as session:
        assert session.query(StoryCopy).count() == 3


def test_a_case_that_is_opened_twice_is_one(app: App) -> None:
    store(app, "maps", 1, author="客")
    tasks = Tasks(app, ProcrastinateLine())
    tasks.step("assess", [1], 0)
    tasks.step("qualify", [1], 0)
    assert at_once(*(lambda: tasks.step("open", [1], 0) for _ in range(3))) == [None] * 3
    with app.database.read() as session:
        assert session.query(Case).count() == 1
        assert verify_log(session) == []


def test_nobody_is_left_out_when_a_group_is_told_while_it_grows(app: App) -> None:
    clock = app.clock
    assert isinstance(clock, SetClock)
    cases = opened_cases(app, 4)
    tasks = Tasks(app, ProcrastinateLine())
    tasks.step("route", cases[:1], 0)
    clock.advance(timedelta(minutes=2))
    assert at_once(tasks.look, *(lambda case=case: tasks.step("route", [case], 0) for case in cases[1:])) == [None] * 4
    for _ in range(3):
        clock.advance(timedelta(minutes=10))
        tasks.look()
    with app.database.read() as session:
        told = select(GroupMember.case_id).where(GroupMember.told_at.is_not(None))
        assert set(session.scalars(told)) == set(cases)


def test_a_delivery_is_made_once_and_sent_once(app: App) -> None:
    def make() -> None:
        with app.database.write() as session:
            make_delivery(session, "report:1", receiver="console", purpose="report", at=AT)

    results = at_once(make, make, make)
    assert sum(result is None for result in results) >= 1
    with app.database.read() as session:
        (delivery,) = session.scalars(select(Delivery.id)).all()
    tasks = Tasks(app, ProcrastinateLine())
    assert at_once(*(lambda: tasks.deliver(delivery) for _ in range(3))) == [None] * 3
    with app.database.read() as session:
        assert session.get_one(Delivery, delivery).attempts == 1


def test_a_source_has_one_row_whoever_asks_first(app: App) -> None:
    def ask() -> int:
        with app.database.write() as session:
            return source_by_key(session, "maps", "file").id

    assert len(set(map(repr, at_once(ask, ask, ask)))) == 1
