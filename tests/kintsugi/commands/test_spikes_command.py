"""`kintsugi spikes --csv`, as a script calls it."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from kintsugi.commands.root import app as commands


def test_a_column_in_another_encoding_and_a_byte_order_mark_stop_nothing(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    rows = "\r\n".join(f"2026/1/{day},{day},メモ" for day in range(1, 9)).encode("shift_jis")
    file.write_bytes(b"\xef\xbb\xbfTimestamp,Value,note\r\n" + rows)
    done = CliRunner().invoke(commands, ["spikes", "--csv", str(file), "--json"])
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["value"] for row in found] == list(range(1, 9))
    assert found[0]["timestamp"] == "2026/1/1"


def test_a_file_that_is_no_table_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_bytes("timestamp,value\n2026-01-01,1\n".encode("utf-16"))
    done = CliRunner().invoke(commands, ["spikes", "--csv", str(file), "--json"])
    assert done.exit_code == 1
    assert "line 1: expected the header `timestamp,value`" in done.output
