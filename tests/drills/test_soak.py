"""The soak: a steady month on one machine. Memory stays flat, and every row in the database has its reason."""

from __future__ import annotations

import gc
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import mean

import pytest
import yaml
from sqlalchemy import func, select

from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.demo.configuration import write_configuration
from kintsugi.demo.owner import Owner
from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START
from kintsugi.engines.embedded import EmbeddedEngine
from storage.log import verify_log
from storage.source import Crawl
from storage.tables import Row

DAYS = int(os.environ.get("DAYS", "30"))
A_DAY = 48
STEP = timedelta(hours=1)
KEY = "k" * 64
# Why a table has its rows. One for each mention; none but so many; any other must keep its rate to the mentions.
EACH_MENTION = ("mention", "revision", "assessment", "listing")
AT_MOST = {"source": 1, "author": 700, "crawl": 6 * DAYS, "outlook": 100, "series": 400, "alert_group": 100, "due": 200}
RATE = 0.25  # by which rows a mention may differ between the first and the second half of what comes after LIFE
LIFE = 18  # days until a case is closed after its last follow-up: before that ever more cases are told of each day
WHERE = ("浅草", "京都", "札幌", "福岡")
THINGS = ("シャワー", "朝食", "フロント", "空調", "ベッド", "駐車場", "エレベーター", "アプリの鍵", "清掃", "予約")
TROUBLES = (
    "が壊れていて最悪でした",
    "の対応がひどく残念でした",
    "で四十分も待たされました",
    "が汚くて眠れませんでした",
)
JOYS = ("がとても良かったです", "に心から感謝しています", "は期待以上でした", "が快適でまた来ます")
PLAIN = ("について教えてください", "は十時からと書いてありました", "の場所が変わったそうです")
WITH = (
    "母と",
    "出張で",
    "娘の誕生日に",
    "雨の夜に",
    "三連休に",
    "友人四人で",
    "初めて",
    "十年ぶりに",
    "始発の前に",
    "試験の前日に",
)


def said(chance: random.Random, number: int) -> dict[str, object]:
    """One entry of a guest book; three of ten complain."""
    kind = chance.choices((TROUBLES, JOYS, PLAIN), (3, 5, 2))[0]
    stars = {id(TROUBLES): 1, id(JOYS): 5, id(PLAIN): 3}[id(kind)]
    where, thing = chance.choice(WHERE), chance.choice(THINGS)
    text = f"{chance.choice(WITH)}ホテルソラ{where}に{number}泊目。{thing}{chance.choice(kind)}。"
    text += f"部屋は{number % 900}号室。"
    return {"id": f"s{number}", "text": text, "rating": stars, "author": f"客{number % 700}"}


@dataclass
class Day:
    """What a day left: resident memory in MB, rows of each table, bytes of the file."""

    memory: float
    rows: dict[str, int]
    size: int


@dataclass
class Month:
    """An installation that lives day after day; its guest book grows by the hour."""

    folder: Path
    seed: int
    days: list[Day] = field(default_factory=list)

    def live(self, days: int) -> Iterator[Day]:
        """Yields what each day left."""
        clock, chance, numbers = SetClock(START), random.Random(self.seed), itertools.count(1)
        book = self.folder / "book.jsonl"
        book.touch()
        with DemoSite(clock, self.folder) as site:
            app = open_app(self._written(site, book), clock)
            engine, owner = EmbeddedEngine(app), Owner(app)
            engine.start()
            try:
                for _ in range(days):
                    for _ in range(24):
                        clock.advance(STEP)
                        with book.open("a", encoding="utf-8") as lines:
                            for number in itertools.islice(numbers, A_DAY // 24):
                                lines.write(json.dumps(said(chance, number), ensure_ascii=False) + "\n")
                        engine.crawl()
                        engine.settle()
                        owner.work()
                        engine.tick()
                        engine.settle()
                    self.days.append(_left(app))
                    yield self.days[-1]
                with app.database.read() as session:
                    assert verify_log(session) == []
                    assert all(one.adds_up() for one in session.scalars(select(Crawl)))
            finally:
                engine.close()
                app.database.close()

    def _written(self, site: DemoSite, book: Path) -> Path:
        path = write_configuration(self.folder, site)
        written = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # our own file, all text
        written["sources"] = {"guest-book": {"kind": "file", "path": str(book), "every": "4h"}}
        written["log"] = {"level": "error"}
        path.write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
        (self.folder / ".env").write_text(f"KINTSUGI_LOG_KEY={KEY}\n", encoding="utf-8")
        return path


def _left(app: App) -> Day:
    gc.collect()
    with app.database.read() as session:
        tables = Row.metadata.sorted_tables
        rows = {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    assert app.database.path is not None
    files = [app.database.path, app.database.path.with_name(app.database.path.name + "-wal")]
    pages = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return Day(int(pages.split()[1]) / 1024, rows, sum(file.stat().st_size for file in files))


def unexplained(days: list[Day]) -> dict[str, str]:
    """Tables that have other rows than what was said and done explains."""
    since = min(LIFE, len(days) // 2)
    begun, half, end = days[since].rows, days[(since + len(days)) // 2].rows, days[-1].rows
    wrong = {name: f"{end[name]}, not {end['mention']}" for name in EACH_MENTION if end[name] != end["mention"]}
    wrong |= {name: f"{end[name]} over {most}" for name, most in AT_MOST.items() if end[name] > most}
    for name in set(end) - set(EACH_MENTION) - set(AT_MOST):
        first, second = (
            (after[name] - before[name]) / (after["mention"] - before["mention"])
            for before, after in ((begun, half), (half, end))
        )
        if abs(second - first) > RATE * max(first, second):
            wrong[name] = f"{first:.2f}, then {second:.2f} a mention"
    return wrong


def soaked(folder: Path, days: int, seed: int) -> list[Day]:
    """Lives so many days and prints what they left."""
    month = Month(folder, seed)
    for number, day in enumerate(month.live(days), start=1):
        sys.stdout.write(f"\nday {number}: {day.memory:.1f} MB, file {day.size / 1e6:.1f} MB")
    rows = month.days[-1].rows
    sys.stdout.write("\n" + "\n".join(f"{name:<20}{count:>7}" for name, count in rows.items() if count) + "\n")
    return month.days


@pytest.mark.drill
@pytest.mark.timeout(7200)
def test_memory_stays_flat_for_a_month(tmp_path: Path) -> None:
    began = time.monotonic()
    days = soaked(tmp_path, DAYS, seed=23)
    speed = DAYS * 86400 / (time.monotonic() - began)
    first, last = mean(day.memory for day in days[1:8]), mean(day.memory for day in days[-7:])
    sys.stdout.write(f"soak, {DAYS} days at {speed:,.0f} times real speed: {first:.1f} MB, then {last:.1f} MB\n")
    assert last <= first * 1.03
    assert speed >= 1000
    assert unexplained(days) == {}
