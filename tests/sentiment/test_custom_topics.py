"""The team's own topics, given by a handful of sentences, through the command and its configuration."""

import json
from pathlib import Path

from typer.testing import CliRunner

from kintsugi.commands.root import app

CONFIG = """
brand: {name: Hotel Sakura}
topics:
  parking-app:
    - The parking app would not take my card
    - I could not pay for parking with the app
    - 駐車場アプリで精算できない
    - 駐車料金の支払いアプリがエラーになる
recover_when: [{topic: parking-app}]
"""
ABOUT = ["駐車場の精算アプリで支払いができず困りました", "Paying for the car park in the app failed twice"]
ELSE = [
    "朝食のパンが焼きたてで美味しかった",
    "The receptionist smiled at us",
    "タオルが臭い",
    "Lovely view of the river",
]


def test_a_topic_of_ones_own_is_found_by_its_meaning_in_both_languages(tmp_path: Path) -> None:
    config = tmp_path / "kintsugi.yaml"
    config.write_text(CONFIG, "utf-8")
    lines = "".join(json.dumps({"text": text}) + "\n" for text in ABOUT + ELSE)
    result = CliRunner().invoke(app, ["assess", "--config", str(config)], input=lines)
    assert result.exit_code == 0
    found = [[topic["name"] for topic in json.loads(line)["topics"]] for line in result.stdout.splitlines()]
    assert ["parking-app" in topics for topics in found] == [True, True, False, False, False, False]
