"""Another configuration without a restart: taken whole, or refused with its lines while the old one stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kintsugi.app import App
from kintsugi.operating.reloading import Reloading
from tests.kintsugi.steps.test_crawling import KEY, installed


@pytest.fixture
def app(ready_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    return installed(ready_path, "  voices: {kind: file, path: voices.jsonl}")


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
