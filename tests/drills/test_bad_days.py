"""Bad days of the machine: a disk full or read-only, a clock that jumps, a changed hour. Nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.steps.crawling import close_cut_crawls, store_items
from storage.case import CaseClock
from storage.database import Database
from storage.delivery import Delivery
from storage.due import Due
from storage.event import Event
from storage.item import Item
from storage.log import read_roots, verify_log
from storage.mention import Mention
from storage.source import Crawl
from storage.work import Work
from tests.kintsugi.steps.test_crawling import installed

START = datetime(2026, 10, 23, 22, 0, tzinfo=UTC)  # a Friday; at 01:00 UTC on the 25th Berlin sets its clocks back
MORE = """\
receivers: {desk: {console: {}}}
route: {receiver: desk, group_wait: 0s}
escalation: [{after: 30m, receiver: desk}, {after: 90m, receiver: desk}]
clocks: {business_hours: {mon-sun: ["00:00-24:00"]}}
reports: {weekly: {on: "mon 09:00", to: {receiver: desk}}}
"""


def opened(folder: Path, template: Path, zone: str = "Asia/Tokyo") -> tuple[App, SetClock]:
    """An installation of its own, with a clock that stands."""
    shutil.copy(template, folder / "kintsugi.sqlite")
    made = installed(folder, "  {}", more=MORE)
    text = made.configuration.read_text("utf-8").replace(
        "{name: Hotel Sora}", f"{{name: Hotel Sora, timezone: {zone}}}"
    )
    made.configuration.write_text(text, encoding="utf-8")
    clock = SetClock(START)
    return open_app(made.configuration, clock), clock


def voices(app: App, first: int, count: int) -> None:
    """Stores complaints as one crawl; the same ones may be stored again."""
    at = app.clock.now()
    items = [
        Item(external_id=str(n), kind="review", text=f"部屋 {n} が汚くて最悪でした。" * 20, rating=1.0, posted_at=at)
        for n in range(first, first + count)
    ]
    store_items(app.database, "voices", "file", items, at)


def whole(app: App, wanted: int) -> dict[str, int]:
    """Asserts that every complaint is there once, in an account that adds up, in chains that verify."""
    with app.database.read() as session:
        figures = {
            "mentions": session.scalar(select(func.count()).select_from(Mention)) or 0,
            "events": session.scalar(select(func.count()).select_from(Event)) or 0,
            "waiting": session.scalar(select(func.count()).select_from(Work)) or 0,
        }
        assert verify_log(session) == []
        assert all(one.adds_up() for one in session.scalars(select(Crawl)))
    assert (figures["mentions"], figures["waiting"]) == (wanted, 0)
    return figures


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """No file can grow beyond `size` bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def full_disk(folder: Path, template: Path, rounds: int, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    app, clock = opened(folder, template)
    engine = EmbeddedEngine(app)
    engine.start()
    refused = 0
    for number in range(rounds):
        log = folder / "kintsugi.sqlite-wal"
        with no_room_beyond(log.stat().st_size + chance.randrange(4096, 120_000)):
            why = ""
            try:
                voices(app, 10 * number, 10)
                engine.settle()
            except OperationalError as error:
                why = str(error.orig)
            if why:
                refused += 1
                assert "full" in why or "I/O" in why
                with app.database.read() as session:  # the pages still read
                    assert verify_log(session) == []
        with app.database.write() as session:
            close_cut_crawls(session, clock.now())
        voices(app, 10 * number, 10)  # as the next crawl of the source
        clock.advance(timedelta(minutes=11))  # what was claimed when the disk was full is free again
        engine.settle()
    assert refused, "the disk was never full"
    figures = whole(app, 10 * rounds) | {"refused": refused}
    engine.close()
    app.database.close()
    return figures


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write below `folder`: as a plain user, since root always may."""
    files = [folder, *folder.iterdir()]
    for file in files:
        file.chmod(0o555 if file.is_dir() else 0o444)
    if os.geteuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        for file in files:
            with suppress(FileNotFoundError):
                file.chmod(0o755 if file.is_dir() else 0o644)


def read_only_disk(template: Path) -> dict[str, int]:
    # Not in pytest's own folder: another user cannot get there.
    folder = Path(tempfile.mkdtemp(prefix="kintsugi-read-only-"))
    app, _ = opened(folder, template)
    voices(app, 0, 5)
    engine = EmbeddedEngine(app)
    engine.start()
    engine.settle()
    app.database.close()
    # Another reader keeps the log of the database in place, as the pages would.
    keeps = sqlite3.connect(folder / "kintsugi.sqlite")
    keeps.execute("SELECT count(*) FROM mention").fetchone()
    url = f"sqlite:///{folder}/kintsugi.sqlite"
    refused = 0
    with read_only(folder):
        database = Database(url, app.log_key())
        for _ in range(3):
            with pytest.raises(OperationalError), database.write() as session:
                session.add(Work(step="open", subject=1, state="due", due_at=START, attempts=0))
            refused += 1
        database.close()
    keeps.close()
    voices(app, 5, 5)
    engine.settle()
    figures = whole(app, 10) | {"refused": refused}
    engine.close()
    app.database.close()
    shutil.rmtree(folder)
    return figures


def told_and_missed(app: App) -> tuple[list[str], list[tuple[int, str]]]:
    """What went out, and which clocks were missed.

    Without the reminders before a clock runs out: a jump over that moment leaves nothing to be reminded of.
    """
    with app.database.read() as session:
        keys = session.scalars(select(Delivery.key).where(Delivery.purpose.in_(("case_message", "thread"))))
        told = sorted(key for key in keys if ":reminder:" not in key)
        missed = session.execute(select(CaseClock.case_id, CaseClock.name).where(CaseClock.missed_at.is_not(None)))
        return told, sorted((case, name) for case, name in missed)


def jumping_clock(
    folder: Path, template: Path, hours: int, seed: int | None
) -> tuple[list[str], list[tuple[int, str]]]:
    """A day with a clock that goes wrong by an hour, and is put right a moment later; without a seed it goes right."""
    chance = random.Random(seed)
    app, clock = opened(folder, template)
    engine = EmbeddedEngine(app)
    engine.start()
    voices(app, 0, 3)
    for step in range(hours * 4):
        right = START + timedelta(minutes=15 * step)
        wrong = seed is not None and chance.random() < 0.3
        clock.set(right + timedelta(hours=chance.choice((-1, 1))) if wrong else right)
        engine.settle()
        engine.tick()
        engine.settle()
    whole(app, 3)
    found = told_and_missed(app)
    engine.close()
    app.database.close()
    return found


def changed_hour(folder: Path, template: Path, days: int) -> dict[str, object]:
    """Over the night in which the hour is changed: a root a local day, the report still on Monday at nine."""
    app, clock = opened(folder, template, "Europe/Berlin")
    engine = EmbeddedEngine(app)
    engine.start()
    for step in range(days * 24 * 2):
        at = START + timedelta(minutes=30 * step)
        near = abs(at - datetime(2026, 10, 25, 1, 0, tzinfo=UTC)) <= timedelta(hours=3)
        if near or step % 8 == 0:
            clock.set(at)
            engine.tick()
    roots = [root.at.astimezone(app.settings.brand.zone).date() for root in read_roots(app.roots_file)]
    assert len(roots) == len(set(roots)), "a day has one root"
    with app.database.read() as session:
        report = session.get_one(Due, "report:weekly").at.astimezone(app.settings.brand.zone)
    engine.close()
    app.database.close()
    return {"days": days, "roots": len(roots), "next report": f"{report:%a %H:%M}"}


def test_a_full_disk_loses_nothing(tmp_path: Path, migrated_sqlite: Path) -> None:
    full_disk(tmp_path, migrated_sqlite, rounds=2, seed=3)


def test_a_read_only_disk_loses_nothing(migrated_sqlite: Path) -> None:
    assert read_only_disk(migrated_sqlite)["refused"] == 3


def test_a_clock_that_jumps_tells_and_misses_the_same(tmp_path: Path, migrated_sqlite: Path) -> None:
    for name in ("right", "wrong"):
        (tmp_path / name).mkdir()
    right = jumping_clock(tmp_path / "right", migrated_sqlite, 3, None)
    assert jumping_clock(tmp_path / "wrong", migrated_sqlite, 3, 5) == right
    assert right[0]
    assert right[1]


def test_the_night_with_two_second_hours_has_one_root_a_day(tmp_path: Path, migrated_sqlite: Path) -> None:
    assert changed_hour(tmp_path, migrated_sqlite, 3) == {
        "days": 3,
        "roots": 2,  # of the two local midnights since the first look
        "next report": "Mon 09:00",
    }


@pytest.mark.drill
@pytest.mark.timeout(3600)
def test_many_bad_days(tmp_path: Path, migrated_sqlite: Path) -> None:
    for name in ("full", "right", *(f"wrong{seed}" for seed in range(5)), "hour"):
        (tmp_path / name).mkdir()
    figures: dict[str, object] = {"disk full": full_disk(tmp_path / "full", migrated_sqlite, rounds=40, seed=17)}
    figures["read-only"] = read_only_disk(migrated_sqlite)
    right = jumping_clock(tmp_path / "right", migrated_sqlite, 24, None)
    for seed in range(5):
        assert jumping_clock(tmp_path / f"wrong{seed}", migrated_sqlite, 24, seed) == right
    figures["clock jumps"] = {"told": len(right[0]), "missed": len(right[1]), "days": 5}
    figures["changed hour"] = changed_hour(tmp_path / "hour", migrated_sqlite, 16)
    sys.stdout.write(f"\n{json.dumps(figures, ensure_ascii=False)}\n")
