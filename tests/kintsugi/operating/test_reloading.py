"""Another configuration without a restart: taken whole, or refused with its lines while the old one stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from kintsugi.app import App
from kintsugi.operating.reloading import Reloading
from tests.kintsugi.steps.test_crawling import KEY, installed

SETTINGS = """\
brand: {name: Hotel Sora}
sentiment: {model: cues-1}
route: {receiver: console, group_wait: 0s}
web: {port: 0}
log: {format: json}
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    return installed(tmp_path, "  voices: {kind: file, path: voices.jsonl}")


def rewrite(app: App, change: Callable[[str], str]) -> None:
    app.configuration.write_text(change(app.configuration.read_text("utf-8")), encoding="utf-8")


def test_files_that_lie_still_are_read_once(app: App) -> None:
    reloading = Reloading(app)
    assert not reloading.changed()
    rewrite(app, lambda text: text + "operator: console\n")
    assert not reloading.changed(), "somebody may still be writing"
    assert reloading.changed()
    assert reloading.reload()
    assert not reloading.changed()
    assert app.settings.operator == "console"


def test_all_parts_follow_the_new_settings(app: App) -> None:
    reloading = Reloading(app)
    before = app.receivers, app.tree, app.playbooks, app.assessor
    rewrite(app, lambda text: text + "receivers: {second: {console: {}}}\nroute: {receiver: second}\n")
    assert reloading.reload()
    assert "second" in app.receivers
    assert app.context().tree() is not before[1]
    assert app.assessor is before[3], "the model is not opened anew for nothing"
    assert not reloading.reload(), "nothing changed"


@pytest.mark.parametrize(
    ("added", "line"),
    [
        ("colour: red\n", "colour: unknown key"),
        ("route: {receiver: nobody}\n", "there is no receiver 'nobody'"),
        ("playbooks: {late: 3}\n", "playbooks"),
        ("database: sqlite:///other.sqlite\n", "database: cannot change while it runs"),
        ("web: {port: 9}\n", "web: cannot change while it runs"),
        ("brand: [\n", "kintsugi.yaml"),
    ],
)
def test_what_is_wrong_changes_nothing(app: App, added: str, line: str) -> None:
    reloading, before = Reloading(app), (app.settings, app.receivers, app.tree, app.playbooks)
    rewrite(app, lambda text: text + added)
    with capture_logs() as said:
        assert not reloading.reload()
    assert [one["event"] for one in said] == ["configuration refused, the old one stays"]
    assert line in said[0]["line"]
    assert (app.settings, app.receivers, app.tree, app.playbooks) == before


def test_a_source_with_wrong_options_and_another_key_are_refused(app: App) -> None:
    reloading = Reloading(app)
    rewrite(app, lambda text: text.replace("path: voices", "paht: voices"))
    assert not reloading.reload()
    rewrite(app, lambda text: text.replace("paht: voices", "path: voices"))
    (app.folder / ".env").write_text(f"KINTSUGI_LOG_KEY={KEY[::-1]}x\n", encoding="utf-8")
    assert not reloading.reload()
    assert app.settings.sources["voices"].options == {"path": "voices.jsonl"}


def test_the_running_service_takes_what_is_right_and_refuses_what_is_not(tmp_path: Path) -> None:
    settings = tmp_path / "kintsugi.yaml"
    settings.write_text(SETTINGS, encoding="utf-8")
    (tmp_path / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, "-m", "kintsugi", "run"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": "", "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert _until(running, "running")[-1]["sources"] == 0
        more = SETTINGS + "sources: {voices: {kind: file, path: voices.jsonl, every: 1h}}\n"
        settings.write_text(more.replace("every: 1h", "evry: 1h"), encoding="utf-8")
        os.kill(running.pid, signal.SIGHUP)
        refused = _until(running, "configuration refused, the old one stays")[-1]
        assert "sources.voices" in refused["line"]
        assert "evry" in refused["line"]
        settings.write_text(more, encoding="utf-8")
        os.kill(running.pid, signal.SIGHUP)
        assert _until(running, "configuration taken")[-1]["sources"] == 1
    finally:
        running.send_signal(signal.SIGTERM)
        rest = running.communicate(timeout=60)[1]
    assert running.returncode == 0, rest


def _until(running: subprocess.Popen[str], event: str) -> list[dict[str, Any]]:
    """The log lines up to the first of this event."""
    assert running.stderr is not None
    lines: list[dict[str, Any]] = []
    for line in running.stderr:
        lines.append(json.loads(line))
        if lines[-1]["event"] == event:
            return lines
    raise AssertionError(f"the service ended before {event!r}: {lines}")
