"""The running service as an operator meets it: one process a database, and a stop that loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kintsugi.app import open_app
from kintsugi.engines.already_running import AlreadyRunning
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.service import Doors, looking

SETTINGS = """\
brand: {name: Hotel Sora}
sources:
  voices: {kind: file, path: voices.jsonl, every: 1h}
sentiment: {model: cues-1}
route: {receiver: console, group_wait: 0s}
web: {port: 0}
"""


@pytest.fixture
def folder(ready_path: Path) -> Path:
    (ready_path / "kintsugi.yaml").write_text(SETTINGS, encoding="utf-8")
    (ready_path / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    (ready_path / "voices.jsonl").write_text(
        '{"id": "1", "text": "部屋が汚くて最悪でした", "rating": 1, "author": "ゆき"}\n', encoding="utf-8"
    )
    return ready_path


def test_a_second_process_on_one_database_is_refused(folder: Path) -> None:
    first, second = (EmbeddedEngine(open_app(folder / "kintsugi.yaml")) for _ in range(2))
    first.start()
    with pytest.raises(AlreadyRunning, match="in use by process"):
        second.start()
    first.close()
    second.start()
    second.close()


def test_run_tells_the_case_takes_what_is_right_refuses_what_is_not_and_stops_when_asked(folder: Path) -> None:
    settings = folder / "kintsugi.yaml"
    with settings.open("a", encoding="utf-8") as more:
        more.write("log: {format: json}\n")
    running = subprocess.Popen(
        [sys.executable, "-m", "kintsugi", "run"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": "", "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert _until(running, "running")[-1]["sources"] == 1
        assert running.stdout is not None
        assert any("K-1" in line for line in running.stdout)
        more_sources = "  more: {kind: file, path: voices.jsonl, every: 1h}\nsentiment"
        right = settings.read_text("utf-8").replace("sentiment", more_sources)
        settings.write_text(right.replace("every: 1h}\nsentiment", "evry: 1h}\nsentiment"), encoding="utf-8")
        os.kill(running.pid, signal.SIGHUP)
        refused = _until(running, "configuration refused, the old one stays")[-1]
        assert "sources.more" in refused["line"]
        assert "evry" in refused["line"]
        settings.write_text(right, encoding="utf-8")
        os.kill(running.pid, signal.SIGHUP)
        assert _until(running, "configuration taken")[-1]["sources"] == 2
    finally:
        running.send_signal(signal.SIGTERM)
        printed, logged = running.communicate(timeout=60)
    assert running.returncode == 0, logged
    assert "nothing is lost" in printed + logged


def _until(running: subprocess.Popen[str], event: str) -> list[dict[str, Any]]:
    """The log lines up to the first of this event."""
    assert running.stderr is not None
    lines: list[dict[str, Any]] = []
    for line in running.stderr:
        lines.append(json.loads(line))
        if lines[-1]["event"] == event:
            return lines
    raise AssertionError(f"the service ended before {event!r}: {lines}")


def test_a_bad_subject_is_parked_and_its_neighbours_go_on(folder: Path) -> None:
    from datetime import timedelta

    from config.clock import SetClock, SystemClock
    from storage.parked import parked
    from storage.work import add_work

    clock = SetClock(SystemClock().now())
    app = open_app(folder / "kintsugi.yaml", clock)
    engine = EmbeddedEngine(app)
    engine.start()
    with app.database.write() as session:
        add_work(session, "withdraw", [1], clock.now())
        add_work(session, "open", [4711], clock.now())  # there is no such mention
    for _ in range(8):
        engine.settle()
        clock.advance(timedelta(hours=6))
    with app.database.read() as session:
        (stuck,) = parked(session)
        assert stuck["name"] == "open/4711"
    engine.close()


def test_the_service_goes_on_where_slack_does_not_answer_after_a_reload(folder: Path) -> None:
    with (folder / "kintsugi.yaml").open("a", encoding="utf-8") as settings:
        settings.write("slack: {api_url: 'http://127.0.0.1:9/api/'}\n")
    with (folder / ".env").open("a", encoding="utf-8") as env:
        env.write("SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\n")
    doors = Doors(open_app(folder / "kintsugi.yaml"), ("web",))
    try:
        with pytest.raises(OSError, match="refused"):
            doors.open()
        doors.again()
        assert doors.slack_missing
    finally:
        doors.close()


def test_a_drafter_named_while_it_runs_is_looked_for(folder: Path) -> None:
    app = open_app(folder / "kintsugi.yaml")
    assert app.settings.drafts.drafter == "composed"
    names = {job.name for job in looking(app, EmbeddedEngine(app)).get_jobs()}
    assert names == {"crawl", "tick", "drafts"}
