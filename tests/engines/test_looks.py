"""Looks: what is stored is looked at, at once and however it falls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Event

import pytest

from kintsugi.engines.looks import Looks
from storage.database import Database
from storage.source import source_by_key

PATIENCE, NEVER = 5.0, 3600.0  # seconds


@contextmanager
def looking(*looks: object) -> Iterator[Looks]:
    running = Looks(looks, due=lambda: False, every=NEVER)  # type: ignore[arg-type]  # plain functions of the tests
    running.start()
    try:
        yield running
    finally:
        running.stop()


def test_what_was_committed_is_looked_at_at_once_and_what_was_rolled_back_is_not(database: Database) -> None:
    found: Queue[int] = Queue()

    def look() -> None:
        from sqlalchemy import func, select

        from storage.source import Source

        with database.read() as session:
            found.put(session.scalar(select(func.count()).select_from(Source)) or 0)

    with looking(look) as looks:
        database.on_commit = looks.wake
        assert found.get(timeout=PATIENCE) == 0
        with pytest.raises(ZeroDivisionError):
            _store_and_fail(database)
        with database.write() as session:
            source_by_key(session, "maps", "file")
        assert found.get(timeout=PATIENCE) == 1
        with pytest.raises(Empty):
            found.get(timeout=0.05)


def _store_and_fail(database: Database) -> None:
    with database.write() as session:
        source_by_key(session, "lost", "file")
        _ = 1 / 0


def test_what_comes_while_a_look_is_on_its_way_is_followed_by_another() -> None:
    begun, go_on = Queue[None](), Event()

    def look() -> None:
        begun.put(None)
        go_on.wait(PATIENCE)

    with looking(look) as looks:
        begun.get(timeout=PATIENCE)
        looks.wake()
        looks.wake()
        go_on.set()
        begun.get(timeout=PATIENCE)
        with pytest.raises(Empty):
            begun.get(timeout=0.05)


def test_a_slow_look_holds_up_no_other() -> None:
    release, seen = Event(), Queue[None]()

    def slow() -> None:
        release.wait(PATIENCE)

    def quick() -> None:
        seen.put(None)

    with looking(slow, quick) as looks:
        seen.get(timeout=PATIENCE)
        looks.wake()
        seen.get(timeout=PATIENCE)
        release.set()


def test_a_look_that_fails_is_not_made_again_at_once_though_it_stored_something() -> None:
    seen = Queue[None]()
    running: list[Looks] = []

    def look() -> None:
        seen.put(None)
        running[0].wake()
        raise OSError("the disk is full")

    running.append(Looks([look], due=lambda: True, every=NEVER))
    running[0].start()
    seen.get(timeout=PATIENCE)
    with pytest.raises(Empty):
        seen.get(timeout=0.05)
    running[0].stop()


def test_what_another_process_stored_is_found_by_asking() -> None:
    seen, stored = Queue[None](), Event()
    running = Looks([lambda: seen.put(None)], due=stored.is_set, every=0.01)
    running.start()
    seen.get(timeout=PATIENCE)
    with pytest.raises(Empty):
        seen.get(timeout=0.05)
    stored.set()
    seen.get(timeout=PATIENCE)
    running.stop()
