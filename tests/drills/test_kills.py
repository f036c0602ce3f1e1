"""`kill -9` at random commits and outgoing calls of a demo: nothing is lost, and nothing is told twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest

from config.clock import SetClock
from kintsugi.app import open_app
from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START
from kintsugi.steps.crawling import crawl
from tests.drills.installation import CHANNELS, PEOPLE, write_installation
from tests.drills.proof import whole
from tests.fake_slack.server import FakeSlack

KILLS = int(os.environ.get("KILLS", "200"))


def test_two_kills_lose_nothing(tmp_path: Path) -> None:
    assert _drill(tmp_path, kills=2, until=72, seed=7)["kills"] == 2


@pytest.mark.drill
@pytest.mark.timeout(3600)
def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    figures = _drill(tmp_path, kills=KILLS, until=504, seed=29)
    sys.stdout.write(f"\nkills: {figures}\n")


def _drill(folder: Path, *, kills: int, until: int, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    (folder / "hours").write_text("0")
    with FakeSlack() as slack:
        slack.workspace.bot_token = "xoxb-test"
        for channel in CHANNELS:
            slack.workspace.add_channel(channel)
        for person in PEOPLE:
            slack.workspace.add_user(person, person)
        with (folder / "lives.log").open("wb") as log, _lives(folder, slack, until, log) as lives:
            done = 0
            while done < kills:
                code = _live(lives, dies_at=chance.randint(2, 90))
                if code == 0:
                    break
                assert code == -9, f"it ended by itself with code {code}: {(folder / 'lives.log').read_text()[-3000:]}"
                done += 1
            assert _live(lives, dies_at=0) == 0, (folder / "lives.log").read_text()[-3000:]
        return _proven(folder, slack, until) | {"kills": done}


def _lives(folder: Path, slack: FakeSlack, until: int, log: IO[bytes]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.drills.killed", str(folder), slack.url, str(until)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def _live(lives: subprocess.Popen[str], *, dies_at: int) -> int:
    assert lives.stdin is not None
    assert lives.stdout is not None
    lives.stdin.write(f"{dies_at}\n")
    lives.stdin.flush()
    return int(lives.stdout.readline())


def _proven(folder: Path, slack: FakeSlack, until: int) -> dict[str, int]:
    clock = SetClock(START + timedelta(hours=until))
    with DemoSite(clock, folder) as site:
        app = open_app(write_installation(folder, site, slack.url), clock)
        site.write_guest_book()
        crawl(app, list(app.settings.sources))
    return whole(app, slack)
