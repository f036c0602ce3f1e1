"""Workers that one process keeps: how many there should be, and real ones on PostgreSQL that come, die and go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import SetClock, SystemClock
from kintsugi.app import App, open_app
from kintsugi.engines import workforce as workforces
from kintsugi.engines.room import room
from kintsugi.engines.sizing import Decision, Room, Sizing, sizing_of
from kintsugi.engines.workforce import Workforce
from kintsugi.metrics.backlog import backlog
from kintsugi.metrics.steps import REGISTRY
from kintsugi.steps.crawling import store_items
from storage.item import Item
from tests.engines.installation import SETTINGS, write_installation

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WIDE = Room(cores=8, free_mb=16_000)
MINUTE = timedelta(minutes=1)
PATIENCE = 60.0


def test_one_more_when_what_waits_is_old_one_less_when_nothing_has_waited_for_ten_minutes() -> None:
    sizing = Sizing(1, 4)
    told = []
    workers = 1
    for minute in range(60):
        waited = 2 * MINUTE if minute < 5 else None
        decided = sizing.decide(AT + minute * MINUTE, workers, waited, WIDE)
        workers = decided.workers
        if decided.why != "steady":
            told.append((minute, decided.workers, decided.why))
    assert told == [
        (0, 2, "behind"), (1, 3, "behind"), (2, 4, "behind"), (3, 4, "at_most"), (4, 4, "at_most"),
        (15, 3, "idle"), (25, 2, "idle"), (35, 1, "idle"),
    ]  # fmt: skip


def test_what_waits_for_a_moment_changes_nothing_and_ends_the_rest() -> None:
    sizing = Sizing(1, 4)
    assert sizing.decide(AT, 2, None, WIDE) == Decision(2, "steady")
    assert sizing.decide(AT + 9 * MINUTE, 2, MINUTE / 2, WIDE) == Decision(2, "steady")
    assert sizing.decide(AT + 11 * MINUTE, 2, None, WIDE) == Decision(2, "steady")
    assert sizing.decide(AT + 21 * MINUTE, 2, None, WIDE) == Decision(1, "idle")


@pytest.mark.parametrize(
    ("there", "why"), [(Room(1, None), "no_core"), (Room(8, 300.0), "no_memory"), (Room(8, None), "behind")]
)
def test_the_machine_bounds_it(there: Room, why: str) -> None:
    assert Sizing(1, 4).decide(AT, 1, 2 * MINUTE, there).why == why


def test_a_container_has_the_room_that_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9000000 kB\nMemAvailable: 8192000 kB\n")
    assert room(tmp_path, tmp_path / "meminfo").free_mb == 8000
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    (tmp_path / "memory.max").write_text(f"{2**30}\n")
    (tmp_path / "memory.current").write_text(f"{2**29}\n")
    assert room(tmp_path, tmp_path / "meminfo") == Room(1, 512.0)
    (tmp_path / "memory.stat").write_text(f"anon 1\nfile {2**28}\ninactive_file {2**27}\nactive_file {2**27}\n")
    assert room(tmp_path, tmp_path / "meminfo").free_mb == 640, "files that were read can be let go of"
    (tmp_path / "memory.stat").write_text("")
    (tmp_path / "memory.max").write_text("max\n")
    assert room(tmp_path, tmp_path / "meminfo").free_mb == 8000
    assert room(tmp_path, tmp_path / "none").free_mb is None


@pytest.mark.parametrize("wrong", ["", "0", "0-2", "3-1", "many", "1-2-3"])
def test_a_wrong_number_of_workers_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"'.*'"):
        sizing_of(wrong)
    assert (sizing_of("3").least, sizing_of("3").most, sizing_of("1-4").most) == (3, 3, 4)


@pytest.fixture
def app(tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    settings = f'{SETTINGS}engine: postgres\ndatabase: "{postgres_url}"\n'
    opened = open_app(write_installation(tmp_path, settings), SetClock(SystemClock().now()))
    yield opened
    opened.database.close()


def until(done: Callable[[], object], workforce: Workforce | None = None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline
        if workforce is not None:
            workforce.look()
        time.sleep(0.05)


def figure(name: str) -> float | None:
    return REGISTRY.get_sample_value(name)


def test_workers_come_with_the_backlog_die_and_are_replaced_and_go_when_it_is_done(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(app.clock, SetClock)
    monkeypatch.setattr(workforces, "SIZE_EVERY", 0.0)
    monkeypatch.setattr(workforces, "room", lambda: WIDE)
    app.database  # noqa: B018  # migrated before they come
    items = [Item(external_id=str(n), kind="review", text="部屋が汚い", rating=1) for n in range(5)]
    store_items(app.database, "desk", "file", items, app.clock.now())
    app.clock.set(app.clock.now() + 2 * MINUTE)
    deaths = figure("kintsugi_worker_deaths_total") or 0
    workforce = Workforce(app, Sizing(1, 2))
    workforce.look()
    assert (len(workforce.processes()), figure("kintsugi_workers"), figure("kintsugi_workers_wanted")) == (2, 2, 2)

    killed = workforce.processes()[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(workforce.processes()) == 2 and killed not in workforce.processes(), workforce)
    assert figure("kintsugi_worker_deaths_total") == deaths + 1

    until(lambda: waiting(app) == 0)
    workforce.look()
    app.clock.set(app.clock.now() + 11 * MINUTE)
    workforce.look()
    assert (len(workforce.processes()), figure("kintsugi_workers_wanted")) == (1, 1)
    workforce.stop()
    assert (workforce.processes(), figure("kintsugi_workers")) == ([], 0)


def test_a_worker_that_cannot_be_started_is_tried_again_later_and_ends_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = sys.executable
    here = open_app(write_installation(tmp_path, SETTINGS), SystemClock())  # SQLite: how much waits is not known
    workforce = Workforce(here, Sizing(1, 1))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    workforce.look()
    assert workforce.processes() == []
    monkeypatch.setattr(sys, "executable", program)
    until(workforce.processes, workforce)
    workforce.stop()
    here.database.close()


def waiting(app: App) -> int:
    with app.database.read() as session:
        return sum(one.items for one in backlog(session, app.clock.now(), jobs=True) if one.step != "deliver")


@pytest.fixture
def keeper(app: App, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (tmp_path / "log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "kintsugi", "run", "--role", "worker", "--workers", "1"],
            cwd=tmp_path, stdout=said, stderr=said,
        )  # fmt: skip
    yield process
    process.kill()
    process.wait()


def children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def test_workers_end_with_the_process_that_keeps_them(keeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    until(lambda: "running" in (tmp_path / "log").read_text())
    (worker,) = children(keeper.pid)
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(PATIENCE) == 0, (tmp_path / "log").read_text()[-2000:]
    assert not Path(f"/proc/{worker}").exists()
    assert "worker started" in (tmp_path / "log").read_text()


def test_a_worker_ends_when_the_process_that_kept_it_is_gone(app: App) -> None:
    """As after a kill -9: its parent is another one than it was told."""
    program = [sys.executable, "-m", "kintsugi", "run", "--role", "worker", "--place", "1", "--keeper", "1"]
    assert app.settings.engine == "postgres"
    done = subprocess.run(program, cwd=app.folder, capture_output=True, timeout=PATIENCE, check=True)
    assert b"the process that kept this worker is gone" in done.stderr
