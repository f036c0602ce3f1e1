"""The command line as scripts see it: shapes, exit codes, errors in one line.

Most commands run in this process, which has imported already what each of theirs would have to.
"""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from kintsugi.commands.root import cli

SETTINGS = """\
brand: {name: Hotel Sora, aliases: [ホテルソラ]}
people: {U0SATO0001: {name: 佐藤}}
sentiment: {model: cues-1}
"""


@pytest.fixture
def folder(ready_path: Path) -> Path:
    (ready_path / "kintsugi.yaml").write_text(SETTINGS, encoding="utf-8")
    (ready_path / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    return ready_path


@pytest.fixture(autouse=True)
def log() -> Iterator[None]:
    """The log of this process is set up by the commands: put back as it was."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def kintsugi(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """What `kintsugi …` answers in this folder."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    typed, here = io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"), Path.cwd()
    os.chdir(folder)
    try:
        with (
            patch.dict(os.environ, {"PATH": "", "PYTHONUTF8": "1"}, clear=True),
            patch.object(sys, "argv", ["kintsugi", *arguments]),
            patch.object(sys, "stdin", typed),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = cli()
    finally:
        os.chdir(here)
    said = (one.buffer.getvalue().decode() for one in (out, err))  # type: ignore[attr-defined]  # they are BytesIO
    return subprocess.CompletedProcess(arguments, code, *said)


def process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kintsugi", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONUTF8": "1"},
    )


def test_init_writes_what_check_accepts(tmp_path: Path) -> None:
    made = kintsugi(tmp_path, "init", "--yes", "--name", "ホテル空")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0, "the key is for its owner only"
    again = kintsugi(tmp_path, "init", "--yes", "--name", "x")
    assert again.returncode == 1
    assert "there already" in again.stderr


def test_an_import_counts_every_line_and_a_second_one_changes_nothing(folder: Path) -> None:
    lines = [{"id": str(n), "text": f"部屋が汚かった {n}", "rating": 1, "author": "ゆき"} for n in range(3)]
    (folder / "voices.jsonl").write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n{broken\n", encoding="utf-8"
    )
    first = kintsugi(folder, "import", "voices.jsonl", "--json")
    assert json.loads(first.stdout) == {
        "fetched": 4, "new": 3, "revised": 0, "unchanged": 0, "ignored": 0, "rejected": 1,
    }  # fmt: skip
    second = json.loads(kintsugi(folder, "import", "voices.jsonl", "--json").stdout)
    assert (second["new"], second["unchanged"], second["rejected"]) == (0, 3, 1)
    parked = kintsugi(folder, "parked", "list", "--source", "import")
    assert "rejected" in parked.stdout


def test_assess_reads_json_lines_in_order_and_names_a_bad_one(folder: Path) -> None:
    done = kintsugi(folder, "assess", given='{"text": "最悪でした", "rating": 1}\nnot json\n{"text": "Lovely stay!"}\n')
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["sentiment"]["label"] == "negative"
    assert lines[0]["language"] == "ja"
    assert lines[1]["line"] == 2
    assert lines[1]["error"]
    assert lines[2]["language"] == "en"
    assert done.returncode == 1


def test_a_mistake_in_the_settings_is_one_line_with_the_nearest_key(folder: Path) -> None:
    (folder / "kintsugi.yaml").write_text("brand: {name: x, aliasez: [y]}\n", encoding="utf-8")
    done = process(folder, "cases", "list")
    assert done.returncode == 1
    assert done.stderr.strip() == "kintsugi.yaml: brand.aliasez: unknown key (value ['y']); did you mean `aliases`?"


def test_a_missing_key_says_how_to_get_one(folder: Path) -> None:
    (folder / ".env").unlink()
    done = kintsugi(folder, "log", "verify")
    assert done.returncode == 1
    assert "kintsugi init" in done.stderr
    assert "Traceback" not in done.stderr


def test_routes_test_answers_from_a_bare_tree(folder: Path) -> None:
    (folder / "tree.yaml").write_text(
        "route: {receiver: a, routes: [{matchers: ['severity=\"critical\"'], receiver: b, continue: true},"
        " {match: {topic: [staff]}, receiver: c}]}\nreceivers: [{name: a}, {name: b}, {name: c}]\n",
        encoding="utf-8",
    )
    done = kintsugi(
        folder, "routes", "test", "--config", "tree.yaml", "-l", "severity=critical", "-l", "topic=staff", "--json"
    )
    assert json.loads(done.stdout)["receivers"] == ["b", "c"]


def test_a_case_that_is_not_there_is_said_so(folder: Path) -> None:
    for ref, said in (("K-99", "there is no case"), ("abc", "is no case")):
        done = kintsugi(folder, "cases", "claim", ref, "--by", "U0SATO0001")
        assert done.returncode == 1
        assert said in done.stderr


def test_wrong_usage_is_code_two(folder: Path) -> None:
    assert kintsugi(folder, "cases", "resolve").returncode == 2
    assert process(folder, "nonsense").returncode == 2


def test_an_empty_log_verifies(folder: Path) -> None:
    done = kintsugi(folder, "log", "verify")
    assert done.returncode == 0
    assert "whole" in done.stdout


def test_the_weekly_report_speaks_both_languages(folder: Path) -> None:
    assert "週次レポート" in kintsugi(folder, "report", "weekly").stdout
    assert "Recovery rate" in kintsugi(folder, "report", "weekly", "--language", "en").stdout
