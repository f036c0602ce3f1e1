"""Backup and restore: made while somebody writes, proven, and never over what is there."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from config.clock import SystemClock
from kintsugi.app import App, open_app
from kintsugi.commands.root import app as commands
from storage.case import Case
from storage.event import Event, append_event
from storage.log import daily_root, verify_log, write_root
from storage.mention import Mention
from storage.source import source_by_key
from tests.kintsugi.steps.test_crawling import KEY, installed

SOURCES = "  voices: {kind: file, path: voices.jsonl}"


@pytest.fixture
def app(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    opened = installed(tmp_path, SOURCES)
    shutil.copy(migrated_sqlite, tmp_path / "kintsugi.sqlite")
    with opened.database.write() as session:
        at, source = opened.clock.now(), source_by_key(session, "voices", "file")
        for number in range(3):
            mention = Mention(
                source_id=source.id, external_id=str(number), kind="review", digest="", first_seen_at=at, reach={}
            )
            session.add(mention)
            session.flush()
            session.add(Case(mention_id=mention.id, severity="minor", criteria="x", opened_at=at, state_at=at))
    _write(opened, 30)
    return opened


def _write(app: App, events: int) -> None:
    for number in range(events):
        with app.database.write() as session:
            append_event(session, 1 + number % 3, "note", actor="system", at=app.clock.now(), data={"n": number})


def kintsugi(app: App, command: str, file: Path) -> Result:
    return CliRunner().invoke(commands, [command, str(file), "--config", str(app.configuration)])


def test_a_backup_while_somebody_writes_is_whole_and_can_be_restored_elsewhere(app: App, tmp_path: Path) -> None:
    enough, started = threading.Event(), threading.Event()

    def write() -> None:
        while not enough.is_set():
            _write(app, 1)
            started.set()

    writer = threading.Thread(target=write)
    writer.start()
    started.wait()
    made = kintsugi(app, "backup", tmp_path / "copy.sqlite")
    enough.set()
    writer.join()
    assert made.exit_code == 0, made.output
    assert "all whole" in made.output
    assert (tmp_path / "copy.sqlite").stat().st_mode & 0o077 == 0, "for its owner only"
    assert KEY.encode() not in (tmp_path / "copy.sqlite").read_bytes()
    assert not list(tmp_path.glob("copy.sqlite?*")), "one file"

    (tmp_path / "elsewhere").mkdir()
    other = installed(tmp_path / "elsewhere", SOURCES)
    restored = kintsugi(other, "restore", tmp_path / "copy.sqlite")
    assert restored.exit_code == 0, restored.output
    with app.database.read() as here, other.database.read() as there:
        events = there.scalar(select(func.count()).select_from(Event)) or 0
        assert 31 <= events <= (here.scalar(select(func.count()).select_from(Event)) or 0)
        assert verify_log(there) == []
    _write(other, 1)  # and work goes on there


def test_a_restore_keeps_the_old_file_and_the_roots_of_what_is_gone_aside(app: App, tmp_path: Path) -> None:
    with app.database.read() as session:
        write_root(app.roots_file, daily_root(session, app.clock.now()))
    kintsugi(app, "backup", tmp_path / "copy.sqlite")
    _write(app, 5)
    with app.database.read() as session:
        write_root(app.roots_file, daily_root(session, app.clock.now()))
    app.database.close()
    done = kintsugi(app, "restore", tmp_path / "copy.sqlite")
    assert done.exit_code == 0, done.output
    (aside,) = tmp_path.glob("kintsugi.sqlite.before-*")
    assert aside.name in done.output
    with sqlite3.connect(aside) as old:
        assert old.execute("SELECT count(*) FROM event").fetchone() == (35,)
    verified = CliRunner().invoke(commands, ["log", "verify", "--config", str(app.configuration)])
    assert verified.exit_code == 0, verified.output
    assert "30 events in 3 chains, 1 daily roots: whole" in verified.output
    assert len(next(tmp_path.glob("kintsugi.roots.jsonl.before-*")).read_text().splitlines()) == 2


def test_nothing_is_overwritten_and_nothing_broken_is_put_in_place(app: App, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = kintsugi(app, "backup", tmp_path / "mine.txt")
    assert refused.exit_code == 1
    assert (tmp_path / "mine.txt").read_text() == "mine"

    kintsugi(app, "backup", tmp_path / "copy.sqlite")
    with sqlite3.connect(tmp_path / "copy.sqlite") as forged:
        forged.execute("UPDATE event SET data = '{\"n\": 99}' WHERE id = 7")
    forged.close()
    before = app.database_file().stat()
    (tmp_path / "torn.sqlite").write_bytes((tmp_path / "copy.sqlite").read_bytes()[:20000])
    for file, why in (
        ("copy.sqlite", "K-1, event 3: changed"),
        ("torn.sqlite", "malformed"),
        ("mine.txt", "not a data"),
    ):
        done = kintsugi(app, "restore", tmp_path / file)
        assert done.exit_code == 1, done.output
        assert why in done.output, done.output
        assert len(done.output.splitlines()) == 1
        assert app.database_file().stat() == before
    assert not list(tmp_path.glob("kintsugi.sqlite.*ing"))


def test_a_running_service_keeps_its_database(app: App, tmp_path: Path) -> None:
    from kintsugi.engines.already_running import AlreadyRunning
    from kintsugi.engines.embedded import locked

    kintsugi(app, "backup", tmp_path / "copy.sqlite")
    lock = locked(app.database_file())
    refused = kintsugi(app, "restore", tmp_path / "copy.sqlite")
    assert isinstance(refused.exception, AlreadyRunning)
    lock.close()


def test_a_backup_of_what_is_not_there_says_so(tmp_path: Path) -> None:
    app = installed(tmp_path, SOURCES)
    assert "there is no database yet" in kintsugi(app, "backup", tmp_path / "copy.sqlite").output
    on_server = installed(tmp_path, SOURCES, more="engine: postgres\ndatabase: postgresql://kintsugi@db/kintsugi\n")
    assert "pg_dump" in kintsugi(on_server, "backup", tmp_path / "copy.sqlite").output
    assert open_app(app.configuration, SystemClock()).settings.engine == "postgres"
