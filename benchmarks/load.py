"""How much the whole service carries: from the intake to Slack, against `kintsugi assess` alone in the same run.

    python benchmarks/load.py [--mentions N] [--burst N] [--idle SECONDS]

`kintsugi run` with the real model on one SQLite file; mentions come as signed bodies over HTTP, as other programs send
them; one in fifty opens a case; Slack is that of the tests, in this process. *Ready* is everything assessed, decided,
drafted and accepted by Slack. On a busy machine the ratio of CPU seconds says more than that of the clock. A burst
comes all at once, with critical mentions anywhere in it; what is asked of it is that each of those is told in time.
Floors: ratio 0.6, first crawl within 4 s, idle memory under 400 MB, no acknowledge clock of a critical case missed.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # the files beside this one are named like the packages that they measure

import argparse
import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence

from sqlalchemy import func, select

from benchmarks.postgres import SENTENCES
from benchmarks.running import Service, Speed, environment, service
from storage.case import Case, CaseClock
from storage.delivery import Delivery
from storage.mention import Mention, Revision

WARM = 300  # mentions before those that are measured: what is opened once counts on neither side
CASES = 0.02  # of what is said opens a case, as docs/scale.md reckons
FLOOR, START, MEMORY = 0.6, 4.0, 400
GOOD = (
    """とても快適で、また来たいと思います。 駅から近くて便利でした。 スタッフの皆さんが親切で、気持ちよく過ごせました。
Great stay, the staff were lovely. Clean rooms and a quiet street.""".replace("。 ", "。\n")
    .replace(". ", ".\n")
    .splitlines()
)
GRAVE = [
    "夕食のあと家族全員が食中毒になり、救急車で運ばれました。",
    "I slipped on the wet floor and broke my wrist. Ambulance called.",
]


def main() -> int:
    """Measures, prints, and says by its exit code whether the floors hold."""
    options = _options()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before anything began")
    rows = mentions(options.mentions, seed=5)
    alone = assess_alone(rows)
    with service() as one:
        one.carry(mentions(WARM, seed=4, name="w"))
        ready = one.carry(rows)
        memory, told = one.idle(options.idle), one.told()
    by_clock, by_cpu = ready.speed / alone.speed, alone.cpu / ready.cpu
    print(f"kintsugi assess alone: {alone.speed:.1f} mentions/s, {1000 * alone.cpu:.1f} ms of CPU each")
    print(f"intake to Slack: {ready.speed:.1f} mentions/s, {1000 * ready.cpu:.1f} ms of CPU each; {told}")
    print(f"ratio {by_clock:.2f} by the clock, {by_cpu:.2f} by CPU (floor {FLOOR})")
    print(f"start to first crawl {one.first_crawl:.2f} s (floor {START:g} s)")
    print(f"idle {memory:.0f} MB (floor {MEMORY} MB)")
    fine = [max(by_clock, by_cpu) >= FLOOR, one.first_crawl < START, memory < MEMORY]
    if options.burst:
        with service() as one:
            fine.append(burst(one, options.burst))
    return 0 if all(fine) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mentions", type=int, default=4000)
    parser.add_argument("--burst", type=int, default=0, help="also so many mentions at once")
    parser.add_argument("--idle", type=float, default=75.0, help="seconds of rest before memory is read")
    return parser.parse_args()


def mentions(count: int, seed: int, grave: int = 0, name: str = "m") -> list[dict[str, object]]:
    """One in fifty has one star and complains; `grave` of them, anywhere, tell of somebody who was hurt.

    `name` begins their ids.
    """
    chance = random.Random(seed)
    where = set(chance.sample(range(count), grave))
    rows: list[dict[str, object]] = []
    for number in range(count):
        bad = chance.random() < CASES
        words = " ".join(chance.choices(SENTENCES if bad else GOOD, k=chance.randint(1, 4)))
        rating: float | None = 1.0 if bad else chance.choice([4.0, 5.0, None])
        if number in where:
            words, rating = chance.choice(GRAVE), None
        place = chance.choice(["Asakusa", "Kyoto"])
        text = f"{words} ({number})"
        rows.append(
            {"id": f"{name}{number}", "text": text, "rating": rating, "author": f"客{number}", "location": place}
        )
    return rows


def assess_alone(rows: Sequence[dict[str, object]]) -> Speed:
    """`kintsugi assess` over the same texts, without the time that it takes to open the model."""
    took: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for some in (rows[:1], rows):
            lines = "".join(json.dumps({"text": row["text"], "rating": row["rating"]}) + "\n" for row in some)
            before, began = os.times(), time.monotonic()
            subprocess.run(
                [sys.executable, "-m", "kintsugi", "assess"], input=lines.encode(), stdout=subprocess.DEVNULL,
                check=True, cwd=folder, env=environment(),
            )  # fmt: skip
            after = os.times()
            cpu = after.children_user + after.children_system - before.children_user - before.children_system
            took.append((time.monotonic() - began, cpu))
    return Speed(len(rows) - 1, took[1][0] - took[0][0], took[1][1] - took[0][1])


def burst(one: Service, count: int) -> bool:
    """All at once, five critical ones in a thousand. Prints how soon those were told, and whose clock was missed."""
    rows = mentions(count, seed=7, grave=count // 200)
    speed = one.carry(rows)
    with one.app.database.read() as session:
        told = session.execute(
            select(Revision.seen_at, Case.opened_at, Delivery.sent_at)
            .join(Mention, Mention.id == Revision.mention_id)
            .join(Case, Case.mention_id == Mention.id)
            .join(Delivery, Delivery.case_id == Case.id)
            .where(Delivery.purpose == "case_message", Case.severity == "critical")
        ).all()
        critical = session.scalar(select(func.count()).where(Case.severity == "critical")) or 0
        late = session.scalar(
            select(func.count())
            .select_from(CaseClock)
            .join(Case, Case.id == CaseClock.case_id)
            .join(Delivery, Delivery.case_id == Case.id)
            .where(Case.severity == "critical", CaseClock.name == "acknowledge", Delivery.purpose == "case_message")
            .where((Delivery.sent_at.is_(None)) | (Delivery.sent_at > CaseClock.due_at))
        )
    waited = sorted((sent - seen).total_seconds() for seen, _, sent in told if sent is not None)
    opened = sorted((sent - begun).total_seconds() for _, begun, sent in told if sent is not None)
    print(
        f"burst of {count:,}: drained at {speed.speed:.1f} mentions/s; {critical} critical cases, {len(waited)} told: "
        f"from stored to told p50 {waited[len(waited) // 2]:.1f} s, last {waited[-1]:.1f} s; from opened to told last "
        f"{opened[-1]:.1f} s; told after their acknowledge clock: {late}"
    )
    return late == 0 and len(waited) == critical


if __name__ == "__main__":
    sys.exit(main())
