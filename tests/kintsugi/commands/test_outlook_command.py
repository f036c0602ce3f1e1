"""`kintsugi outlook`: the watch list with its evidence on the terminal, and what the API answers as JSON."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from kintsugi.app import open_app
from kintsugi.commands.root import app as commands
from reports.early_signs import KINDS, Sign
from reports.outlook import Outlook, Record, Subject, Watch, keep
from reports.share import Share

UNTIL = datetime(2026, 11, 15, 15, tzinfo=UTC)
RECORD = Record(Share(7, 89), Share(28, 834))
KEPT = Outlook(
    until=UNTIL,
    weeks=104,
    spans=22,
    watched=(
        Watch(
            Subject("place", "浅草"), Share(143, 705), 0.195, 0.24, failed=False,
            signs=(Sign("topic", Share(16, 705), Share(32, 4249), "billing"),),
        ),
    ),
    failed=(Watch(Subject("product", "app", "5.2"), Share(50, 100), 0.2, 0.3, failed=True, signs=()),),
    judged=2,
    too_few=1,
    record=RECORD,
    records=dict.fromkeys(KINDS, RECORD),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KINTSUGI_LOG_KEY", raising=False)
    shutil.copy(migrated_sqlite, tmp_path / "kintsugi.sqlite")
    settings = "brand: {name: Hotel Sora, timezone: Asia/Tokyo}\nsentiment: {model: cues-1}\nlog: {level: error}\n"
    (tmp_path / "kintsugi.yaml").write_text(settings, encoding="utf-8")
    (tmp_path / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    return tmp_path


def outlook(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(commands, ["outlook", *words, "--config", str(folder / "kintsugi.yaml")])


def test_a_young_installation_is_told_what_is_missing(folder: Path) -> None:
    said = outlook(folder, "--language", "ja").stdout
    assert "見通しを立てるには、まだ記録が足りません。" in said
    assert "まだ測れません" in said


def test_what_to_watch_stands_with_its_evidence_before_what_failed_already(folder: Path) -> None:
    app = open_app(folder / "kintsugi.yaml")
    with app.database.write() as session:
        keep(session, KEPT, UNTIL)
    app.database.close()
    said = outlook(folder, "--language", "en").stdout
    assert said.splitlines()[0] == "as of Mon 16 Nov 2026"
    assert "浅草  Complaints, last 4 weeks 20% (143 of 705)  Usual 20%  Limit 24%" in said
    assert "  - More complaints about billing (2% (16 of 705) in the last four weeks" in said
    assert said.index("浅草") < said.index("Beyond the limit already") < said.index("app version 5.2")
    assert "8% (7 of 89)" in said
    answer = json.loads(outlook(folder, "--json").stdout)
    assert [one["name"] for one in answer["watched"]] == ["浅草"]
    assert answer["failed"][0]["version"] == "5.2"
    assert answer["record"]["listed"]["part"] == 7
    refused = outlook(folder, "--language", "fr")
    assert (refused.exit_code, refused.stdout) == (1, "")
