"""How fast mentions are stored: 100,000 JSON lines into a fresh SQLite file, then the same file again.

    python benchmarks/ingest.py [--mentions N] [--profile]

prints `first N/s`, `rerun N/s` and `rss N MB`, the speeds by the wall clock and, in brackets, by CPU time: on a machine
that has other work to do only the latter compares. The path is that of `kintsugi import`. About 3 % of the lines revise
an earlier mention and 2 % repeat one.
"""

from __future__ import annotations

import sys
from pathlib import Path

if Path(sys.path[0]).name == "benchmarks":
    del sys.path[0]  # its files are named like the packages that they measure

import argparse
import cProfile
import gc
import json
import pstats
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawlers.file import read_file
from kintsugi.steps.crawling import store_items
from storage.database import Database
from storage.source import Crawl

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REVISED, REPEATED = 0.03, 0.02

PARTS = {
    "ja": (
        (
            "フロントの対応が",
            "お部屋の清掃が",
            "朝食の品数が",
            "大浴場のお湯が",
            "予約の確認メールが",
            "駅からの送迎が",
        ),
        ("とても丁寧でした。", "残念でした。", "期待以上でした。", "少し気になりました。", "遅れて届きました。"),
        (
            "また利用したいと思います。",
            "次回は別の宿を探します。",
            "家族も喜んでいました。",
            "改善をお願いします。",
            "",
        ),
    ),
    "en": (
        ("The front desk ", "Our room ", "Breakfast ", "The bath ", "The booking page ", "The shuttle "),
        ("was better than we had hoped. ", "let us down. ", "took far too long. ", "was fine. ", "made our day. "),
        ("We will come back.", "Next time we stay elsewhere.", "The children loved it.", "Please look into it.", ""),
    ),
}


def lines(count: int) -> Iterator[str]:
    """`count` seeded mentions as JSON lines, half Japanese, half English."""
    chance = random.Random(20260302)
    written: list[dict[str, object]] = []
    for number in range(count):
        untidy = chance.random() if written else 1.0
        if untidy < REVISED:
            mention = dict(chance.choice(written))
            mention |= {"text": f"{mention['text']} ({number})", "rating": chance.randint(1, 5)}
        elif untidy < REVISED + REPEATED:
            mention = chance.choice(written)
        else:
            mention = _mention(chance, number)
            if number % 20 == 0:
                written.append(mention)
        yield json.dumps(mention, ensure_ascii=False)


def _mention(chance: random.Random, number: int) -> dict[str, object]:
    language = "ja" if number % 2 else "en"
    sentences = (chance.choice(choices) for _ in range(chance.randint(1, 5)) for choices in PARTS[language])
    posted = AT - timedelta(minutes=chance.randint(1, 60 * 24 * 700))
    return {
        "id": f"r-{number:07d}",
        "author": f"guest {chance.randint(1, 60_000)}",
        "title": chance.choice(PARTS[language][2]) or None,
        "text": "".join(sentences).strip(),
        "rating": chance.randint(1, 5),
        "language": language,
        "posted_at": posted.isoformat(),
    }


def main() -> None:
    """Runs it in a temporary folder."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--mentions", type=int, default=100_000)
    arguments.add_argument("--profile", action="store_true", help="print where the time of each pass goes")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mentions.jsonl"
        with file.open("w", encoding="utf-8") as opened:
            opened.writelines(line + "\n" for line in lines(given.mentions))
        database = Database(f"sqlite:///{folder}/kintsugi.sqlite", b"a key for the benchmark")
        database.migrate()
        gc.freeze()  # as the command does
        for name, at in (("first", AT), ("rerun", AT + timedelta(days=1))):

            def store(at: datetime = at) -> Crawl:
                return store_items(database, "import", "file", read_file(file), at)

            account = _measured(name, store, given.profile)
            assert account.adds_up(), account
            assert account.fetched == given.mentions, account.fetched
        assert account.unchanged == given.mentions, "the same file again changes nothing"
        database.close()
    print(f"rss {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _measured(name: str, store: Callable[[], Crawl], profile: bool) -> Crawl:
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    wall, cpu = time.perf_counter(), time.process_time()
    account = store()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if profile:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(30)
    counted = f"new {account.new:,}, revised {account.revised:,}, unchanged {account.unchanged:,}"
    print(
        f"{name} {account.fetched / wall:,.0f}/s ({account.fetched / cpu:,.0f}/s of CPU time, "
        f"{cpu / account.fetched * 1e6:.0f} µs each; {counted})"
    )
    return account


if __name__ == "__main__":
    main()
