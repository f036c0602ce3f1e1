"""Composed drafts a second on one core, each with its alternatives and the guard over all of them.

`python -P benchmarks/drafts.py` prints `drafts N/s (floor 200; first pass M/s)`. In the first pass over the 120
mentions the patterns are compiled and the phrases of both languages read, once in the life of a process.
"""

from __future__ import annotations

import sys
from pathlib import Path

if Path(sys.path[0]).name == "benchmarks":
    del sys.path[0]  # its files are named like the packages that they measure

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from responder.drafting.request import Recent
from tests.responder.rubric import FOLDER, drafted, mentions

FLOOR = 200


def main() -> None:
    stored = {row["id"]: row["facts"] for row in map(json.loads, (FOLDER / "drafts.jsonl").open(encoding="utf-8"))}
    rows = list(mentions())
    recent: list[Recent] = []
    first = time.process_time()
    for number, row in enumerate(rows):
        drafted(row, stored[row["id"]], recent, number)
    first_rate = len(rows) / (time.process_time() - first)
    count, start = 0, time.process_time()
    while time.process_time() - start < 5:
        row = rows[count % len(rows)]
        result = drafted(row, stored[row["id"]], recent, count)
        if result.text:
            recent = [Recent(result.text, result.phrases), *recent[:49]]
        count += 1
    rate = count / (time.process_time() - start)
    print(f"drafts {rate:.0f}/s (floor {FLOOR}; first pass {first_rate:.0f}/s)")
    sys.exit(rate < FLOOR)


if __name__ == "__main__":
    main()
