"""`kintsugi model`: what people corrected is what it is measured on."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kintsugi.app import App
from kintsugi.commands.root import app as commands
from kintsugi.engines.embedded import EmbeddedEngine
from tests.kintsugi.steps.test_crawling import installed


@pytest.fixture
def app(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    opened = installed(
        tmp_path, "  voices: {kind: file, path: voices.jsonl}", more="people: {U1: {name: Mori, role: lead}}\n"
    )
    shutil.copy(migrated_sqlite, tmp_path / "kintsugi.sqlite")
    said = {"id": "1", "text": "The room smelled of smoke and nobody cared.", "rating": 1}
    (tmp_path / "said.jsonl").write_text(json.dumps(said) + "\n", "utf-8")
    assert kintsugi(opened, "import", str(tmp_path / "said.jsonl")).exit_code == 0
    engine = EmbeddedEngine(opened)
    engine.start()
    engine.settle()
    engine.close()
    return opened


def kintsugi(app: App, *words: str) -> Result:
    return CliRunner().invoke(commands, [*words, "--config", str(app.configuration)])


def test_the_model_is_measured_on_what_people_corrected(app: App) -> None:
    nothing = kintsugi(app, "model", "evaluate", "--corrections")
    assert nothing.exit_code != 0
    assert "nobody corrected a case" in nothing.output
    told = kintsugi(app, "cases", "relabel", "K-1", "--by", "U1", "--sentiment", "neutral")
    assert told.exit_code == 0, told.output
    table = kintsugi(app, "model", "evaluate", "--corrections")
    assert table.exit_code == 0, table.output
    assert ", 1 texts" in table.output
    (neutral,) = [line.split() for line in table.output.splitlines() if line.startswith("neutral")]
    assert neutral == ["neutral", "1", "0", "0"], "wanted neutral, found negative"
