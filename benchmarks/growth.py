"""Whether a mention costs the same in a small and in a large installation: with ten thousand and a million stored.

    python benchmarks/growth.py --cache FOLDER [--mentions N] [--rounds N]

Both databases are those of benchmarks/web.py; copies of them are written to. In turns the same new mentions are stored,
assessed (by the cue words, which cost next to nothing) and qualified in each; complaints also open their case, get a
draft, and are told. What is printed is CPU time of this process: the median of the rounds.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # the files beside this one are named like the packages that they measure

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from benchmarks.two_years_rows import END
from benchmarks.two_years_texts import PLACES, PREDICATES, SUBJECTS
from benchmarks.web import Installation
from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.steps.crawling import store_items
from kintsugi.engines.embedded import EmbeddedEngine
from storage.item import Item

SMALL = 10_000
QUIET, COMPLAINTS = 400, 40  # new mentions of a round
CUES = "sentiment: {model: cues-1}\n"


class Grown:
    """One installation of some size that goes on growing."""

    def __init__(self, folder: Path, cache: Path, mentions: int) -> None:
        with Installation(cache, mentions, on_postgres=False):
            pass  # makes it where it is missing
        kept = cache / str(mentions)
        shutil.copy(kept / "kintsugi.sqlite", folder)
        (folder / "kintsugi.yaml").write_text((kept / "kintsugi.yaml").read_text("utf-8") + CUES, encoding="utf-8")
        shutil.copy(kept / ".env", folder)
        self.app: App = open_app(folder / "kintsugi.yaml", SetClock(END + timedelta(hours=10)))
        self.engine = EmbeddedEngine(self.app)
        self.engine.start()
        self.engine.settle()

    def takes(self, items: list[Item]) -> tuple[float, float]:
        """Milliseconds of CPU a mention: to store it, and for all that follows."""
        began = time.process_time()
        store_items(self.app.database, "booking-file", "file", items, self.app.clock.now())
        stored = time.process_time()
        self.engine.settle()
        scale = 1000 / len(items)
        return (stored - began) * scale, (time.process_time() - stored) * scale


def items(number: int, *, complaint: bool) -> Iterator[Item]:
    """New mentions of one round: quiet ones are too old to open a case."""
    draw = random.Random(number)
    for one in range(COMPLAINTS if complaint else QUIET):
        subject = draw.choice(tuple(SUBJECTS.values()))
        mood = "negative" if complaint else draw.choice(("neutral", "positive", "negative"))
        yield Item(
            external_id=f"new-{number}-{complaint}-{one}",
            kind="review",
            text=draw.choice(subject["ja"]) + draw.choice(PREDICATES["ja", mood]) + f"（{number}-{one}）",
            author_id=f"new-{number}-{one}",
            author_name="旅人",
            rating=1.0 if complaint else float(draw.randint(1, 5)),
            location=draw.choice(PLACES),
            language="ja",
            posted_at=END - timedelta(days=0 if complaint else 60, minutes=draw.randrange(600)),
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--cache", type=Path, required=True)
    arguments.add_argument("--mentions", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=7)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=given.cache) as name:
        sizes = (SMALL, given.mentions)
        grown: dict[int, Grown] = {}
        for size in sizes:
            folder = Path(name, str(size))
            folder.mkdir()
            grown[size] = Grown(folder, given.cache, size)
        for complaint in (False, True):
            took: dict[int, list[tuple[float, float]]] = {size: [] for size in sizes}
            for number in range(given.rounds):
                for size in sizes if number % 2 else sizes[::-1]:
                    took[size].append(grown[size].takes(list(items(number, complaint=complaint))))
            _said("a complaint with its case" if complaint else "a quiet mention", took)
        for one in grown.values():
            one.engine.close()
            one.app.database.close()


def _said(what: str, took: dict[int, list[tuple[float, float]]]) -> None:
    cost = {size: [median(part) for part in zip(*rounds[1:], strict=True)] for size, rounds in took.items()}
    small, large = cost.values()
    for size, (stored, after) in cost.items():
        print(
            f"{what}, {size:,} stored: {stored + after:.2f} ms of CPU ({stored:.2f} to store, {after:.2f} after that)"
        )
    print(f"    {sum(large) / sum(small):.2f} times as much", flush=True)


if __name__ == "__main__":
    main()
