"""Spikes: how fast, how large, and how good the detector is.

    python -m benchmarks.spikes                 updates a second on one core, memory of 10,000 series
    python -m benchmarks.spikes FOLDER          also the score on labelled series, as the Numenta benchmark counts

FOLDER holds `*.csv` of `timestamp,value` and `windows.json`: {file name: [[first, last timestamp], …]}. The standard
profile of the Numenta Anomaly Benchmark (Lavin and Ahmad, 2015; `nab/scorer.py`, `nab/sweeper.py`): the first 15 % of
a file (at most 750 rows) does not count; the earliest alarm in a window earns what is left of it by a scaled sigmoid,
a missed window costs 1, an alarm outside at most 0.11, less shortly after a window; one threshold for all files;
0 is the silent detector, 100 the perfect one.
"""

from __future__ import annotations

import sys
from pathlib import Path

if Path(sys.path[0]).name == "benchmarks":
    del sys.path[0]  # its files are named like the packages that they measure

import json
import sys
import time
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp
from pathlib import Path

from alerts.spikes.csv import spikes_csv
from alerts.spikes.detector import Detector

FALSE_ALARM, MISSED = 0.11, 1.0
PROBATION, MOST_PROBATION = 0.15, 750
WEEK = 7 * 86400.0


@dataclass(frozen=True)
class Scored:
    """One file: the detector's rows beside the benchmark's windows (first and last row, inclusive)."""

    name: str
    scores: list[float]
    opens: list[int]
    windows: list[tuple[int, int]]
    weeks: float

    @property
    def false_alarms(self) -> int:
        """Runs of opening rows outside every window."""
        outside = [row for row in self.opens if not any(first <= row <= last for first, last in self.windows)]
        return sum(1 for row in outside if row - 1 not in outside)


def scaled_sigmoid(position: float) -> float:
    """1 well before the end of a window, 0 at its end, −1 long after it (`sweeper.scaledSigmoid`)."""
    return -1.0 if position > 3.0 else 2.0 / (1.0 + exp(5.0 * position)) - 1.0


def weights(rows: int, windows: list[tuple[int, int]]) -> list[tuple[float, int | None] | None]:
    """What an alarm at each row would count, and in which window; None in probation."""
    most = scaled_sigmoid(-1.0)
    found: list[tuple[float, int | None] | None] = []
    waiting, past = list(enumerate(sorted(windows))), None
    inside: tuple[int, tuple[int, int]] | None = None
    for row in range(rows):
        if inside is None and waiting and row == waiting[0][1][0]:
            inside = waiting.pop(0)
        if inside is not None:
            number, (first, last) = inside
            found.append((scaled_sigmoid(-(last - row + 1) / (last - first + 1)) / most, number))
            if row == last:
                past, inside = (first, last), None
        elif past is None:
            found.append((-FALSE_ALARM, None))
        else:
            found.append((FALSE_ALARM * scaled_sigmoid((row - past[1]) / (past[1] - past[0])), None))
    probation = min(int(PROBATION * rows), MOST_PROBATION)
    return [None] * probation + found[probation:]


def raw_score(file: Scored, threshold: float) -> float:
    """The sum before normalising: from −(windows) for silence to +(windows) for perfection."""
    earned = [-MISSED] * len(file.windows)
    false = 0.0
    for weight, score in zip(weights(len(file.scores), file.windows), file.scores, strict=True):
        if weight is None or score < threshold:
            continue
        value, window = weight
        if window is None:
            false += value
        else:
            earned[window] = max(earned[window], value)
    return sum(earned) + false


def normalised(files: list[Scored], threshold: float) -> float:
    """0 for the silent detector, 100 for the perfect one."""
    windows = sum(len(file.windows) for file in files)
    silent = -MISSED * windows
    return 100.0 * (sum(raw_score(file, threshold) for file in files) - silent) / (windows - silent)


def best_threshold(files: list[Scored]) -> float:
    """The one threshold that scores best on these files."""
    candidates = sorted({round(score, 2) for file in files for score in file.scores if score >= 0.2} | {0.5})
    return max(candidates, key=lambda threshold: normalised(files, threshold))


def read(folder: Path) -> list[Scored]:
    """Runs the detector with its defaults over every file that has windows."""
    found = []
    for name, spans in json.loads((folder / "windows.json").read_text()).items():
        with (folder / name).open() as lines:
            rows = list(spikes_csv(lines))
        moments = [datetime.fromisoformat(str(row["timestamp"])) for row in rows]
        at = {moment: number for number, moment in enumerate(moments)}
        windows = [(at[datetime.fromisoformat(first)], at[datetime.fromisoformat(last)]) for first, last in spans]
        opens = [number for number, row in enumerate(rows) if row["spike"]]
        weeks = (moments[-1] - moments[0]).total_seconds() / WEEK
        found.append(Scored(name, [float(row["score"]) for row in rows], opens, windows, weeks))
    return found


def print_scores(folder: Path) -> None:
    """The score of each file, of all together, and of each with the threshold chosen on the others."""
    files = read(folder)
    print("file                          score  others' threshold  false alarms a week  spikes")
    for file in files:
        threshold = best_threshold([other for other in files if other is not file] or files)
        print(
            f"{file.name:28} {normalised([file], 0.5):6.1f}  {normalised([file], threshold):6.1f} at {threshold:.2f}"
            f"  {file.false_alarms / file.weeks:19.2f}  {len(file.opens):6}"
        )
    best = best_threshold(files)
    print(
        f"all at 0.5: {normalised(files, 0.5):.1f}; at the best threshold ({best:.2f}): {normalised(files, best):.1f}"
    )


def print_speed(series: int = 10_000) -> None:
    """Updates a second on one core over many series, and the memory that they take."""
    interval = timedelta(minutes=15)
    start = datetime(2026, 3, 2, tzinfo=UTC)
    tracemalloc.start()
    detectors = [Detector(interval) for _ in range(series)]
    for row in range(8):
        for number, detector in enumerate(detectors):
            detector.update(start + row * interval, (number * 7 + row * 3) % 11)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"memory of {series} series: {used / 1e6:.1f} MB (asked: under 200)")
    began, rows = time.process_time(), 12
    for row in range(8, 8 + rows):
        moment = start + row * interval
        for number, detector in enumerate(detectors):
            detector.update(moment, (number * 7 + row * 3) % 11)
    speed = series * rows / (time.process_time() - began)
    print(f"updates a second on one core: {speed:,.0f} ({speed / 10_000:.1f} times the 10,000 asked)")


if __name__ == "__main__":
    print_speed()
    for folder in sys.argv[1:]:
        print_scores(Path(folder))
