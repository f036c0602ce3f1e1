"""The streaming spike detector: one small object a series, one answer a row, from that row and earlier ones only.

Counts are made comparable by Anscombe's root (y = 2·√(x + 3/8)) and measured against the hour of the week and the
level of the last days, in units of the series' own robust spread, so that over-dispersed counts alarm no more often
than even ones. Two things are news: a *burst* (one row far above the last half hour) and a *swell* (a dozen rows
above the day's level, single freaks clipped). Both must exceed a floor and what the series itself has shown in the
last weeks (`records`). A spike that opened stays one spike until ten hours have passed without news.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import exp, sqrt
from typing import Any, NamedTuple

from alerts.spikes.records import Records

BURST_FLOOR = 7.0  # spreads; counts with bursts have tails far heavier than the normal distribution
SWELL_FLOOR = 5.0
LEAST_EXCESS = 6.0  # mentions above what was expected: three mentions are no storm
SWELL_SPAN = 4 * 3600.0  # seconds that a swell is averaged over, and at least a dozen rows
DOZEN = 12
CLIP = 8.0  # spreads that one row can add to a swell
NEAR = 0.6  # of the floor: what is remembered as a peak
REFRACTORY = 10 * 3600.0  # seconds
LEVEL_HALF_LIFE = 2 * 86400.0
RECENT_HALF_LIFE = 1800.0
SPREAD_MEMORY = 7 * 86400.0
SEASON_DAYS = 10.0  # days (of the hour of the day) that the season remembers
SEASON_WEEKS = 6.0
LEAST_ROOT = 1.2  # Anscombe's root of nothing
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # a file may name no zone; its clock is taken as it is


class Reading(NamedTuple):
    """The answer to one row. `score` is above 0.5 exactly where a spike opens, as `opens` says."""

    expected: float
    score: float
    opens: bool


class Detector:
    """One series of counts at a fixed `interval`. Give local moments: the season follows their clock.

    `state()` is plain data; `Detector.restored(state)` goes on exactly where the other stopped.
    """

    __slots__ = (
        "_burst", "_hot_at", "_hours", "_last", "_level", "_level_rate", "_recent", "_recent_rate", "_rows",
        "_rows_an_hour", "_rows_seen", "_spread", "_swell", "_swell_mean", "_swell_rate", "_swell_spread",
        "_usual", "_warm_rows", "_week", "interval",
    )  # fmt: skip

    def __init__(self, interval: timedelta) -> None:
        seconds = interval.total_seconds()
        if seconds <= 0:
            raise ValueError(f"the interval of a series must be longer than nothing, not {interval}")
        self.interval = interval
        self._rows_an_hour = 3600.0 / seconds
        self._warm_rows = max(24.0, 86400.0 / seconds)
        self._level_rate = 1.0 - 0.5 ** (seconds / LEVEL_HALF_LIFE)
        self._recent_rate = 1.0 - 0.5 ** (seconds / RECENT_HALF_LIFE)
        self._swell_rate = 2.0 / (max(DOZEN, SWELL_SPAN / seconds) + 1.0)
        self._rows = 0
        self._last = float("-inf")
        self._hot_at = float("-inf")
        self._level = self._recent = self._usual = 0.0
        self._spread = self._swell_spread = self._swell_mean = 0.0
        self._hours = array("d", bytes(8 * 24))
        self._rows_seen = array("L", bytes(array("L").itemsize * 24))
        self._week = array("d", bytes(8 * 168))
        self._burst, self._swell = Records(), Records()

    @property
    def rows(self) -> int:
        """How many rows it has seen."""
        return self._rows

    def quiet_for(self, at: float) -> float:
        """Seconds from the last row that was news to `at`."""
        return at - self._hot_at

    @property
    def usual(self) -> tuple[float, float]:
        """What the season and the last days led to expect of the last row, and two spreads above it.

        Unlike `Reading.expected` it does not follow the last half hour, and so not a spike that goes on.
        """
        upper = self._usual + 2.0 * self._spread
        return max(self._usual * self._usual / 4.0 - 0.375, 0.0), upper * upper / 4.0 - 0.375

    @property
    def calm(self) -> bool:
        """Whether the last dozen rows were ordinary."""
        return self._swell_mean < 0.5 * SWELL_FLOOR * max(self._swell_spread, 1e-9)

    def update(self, moment: datetime, value: float) -> Reading:
        """Takes the next row. Raises ValueError when it is not later than the last one, or no count."""
        at = seconds_of(moment)
        if not at > self._last:
            raise ValueError(f"rows must be in order: {moment} is not later than the row before it")
        if not 0.0 <= value < float("inf"):
            raise ValueError(f"a count is 0 or more, not {value}")
        root = 2.0 * sqrt(value + 0.375)
        if self._rows == 0:
            self._level = root
            self._spread = 1.0 + 0.1 * root
            self._swell_spread = 1.0 + 0.1 * root
        self._rows += 1
        self._last = at
        hour, slot = moment.hour, moment.weekday() * 24 + moment.hour
        usual = max(self._level + self._season(hour, slot, moment.minute), LEAST_ROOT)
        self._usual = usual
        near = max(usual + self._recent, LEAST_ROOT)
        expected = max(near * near / 4.0 - 0.375, 0.0)
        reading = self._judged(at, root - near, root - usual, value, expected)
        self._learn(root - near, root - usual, hour, slot)
        return reading

    def _season(self, hour: int, slot: int, minute: int) -> float:
        """Hour of the day, blended into its neighbour, plus what this hour of the week adds."""
        share = minute / 60.0 - 0.5
        other = (hour + 1) % 24 if share >= 0 else (hour - 1) % 24
        share = abs(share)
        hours, seen = self._hours, self._rows_seen
        here = hours[hour] if seen[hour] else hours[hour - 1]
        there = hours[other] if seen[other] else here
        return here * (1.0 - share) + there * share + self._week[slot]

    def _judged(self, at: float, burst: float, swell: float, value: float, expected: float) -> Reading:
        clip = CLIP * self._spread
        self._swell_mean += self._swell_rate * (max(-clip, min(clip, swell)) - self._swell_mean)
        # The first day knows no season: its bands are up to three times as wide.
        width = 1.0 + 2.0 * max(0.0, 1.0 - self._rows / self._warm_rows)
        news = max(
            _news(self._burst, at, burst / self._spread, BURST_FLOOR, width),
            _news(self._swell, at, self._swell_mean / self._swell_spread, SWELL_FLOOR, width),
        )
        opens = False
        if news >= 1.0 and value - expected >= LEAST_EXCESS:
            opens = at - self._hot_at > REFRACTORY
            self._hot_at = at
        if opens:
            return Reading(expected, 1.0 - 0.45 * exp(1.0 - news), True)
        # Told already, or not enough for news: always below 0.5.
        told = 0.5 if at - self._hot_at <= REFRACTORY else 1.0
        return Reading(expected, 0.45 * told * min(1.0, max(0.0, news)) ** 3, False)

    def _learn(self, burst: float, swell: float, hour: int, slot: int) -> None:
        rows, spread = self._rows, self._spread
        rate = 1.0 / min(rows + 20.0, SPREAD_MEMORY / 3600.0 * self._rows_an_hour + 20.0)
        # Mean absolute deviation, clipped: 1.3 of it is about one standard deviation of what is ordinary.
        self._spread = max(1.0, spread + rate * (1.3 * min(abs(burst), 3.0 * spread) - spread))
        wide = self._swell_spread
        wide += rate * (1.3 * min(abs(self._swell_mean), 3.0 * wide) - wide)
        self._swell_spread = max(sqrt(self._swell_rate), wide)
        self._recent += self._recent_rate * max(-2.0 * spread, min(2.0 * spread, burst))
        ordinary = max(-3.0 * spread, min(3.0 * spread, swell))
        self._level += max(self._level_rate, 1.0 / rows if rows < self._warm_rows else 0.0) * ordinary
        seen = self._rows_seen
        seen[hour] += 1
        days = seen[hour] / max(self._rows_an_hour, 1.0)
        an_hour = min(1.0, 1.0 / self._rows_an_hour)
        self._hours[hour] += an_hour / min(days + 1.0, SEASON_DAYS) * ordinary
        self._week[slot] += an_hour / min(days / 7.0 + 3.0, SEASON_WEEKS) * (ordinary - self._week[slot])

    def state(self) -> dict[str, Any]:
        """Everything it knows, as plain data for one row of the database."""
        return {
            "interval": self.interval.total_seconds(),
            "rows": self._rows,
            "last": self._last if self._rows else None,
            "hot_at": self._hot_at if self._hot_at > float("-inf") else None,
            "level": self._level,
            "recent": self._recent,
            "usual": self._usual,
            "spread": self._spread,
            "swell_spread": self._swell_spread,
            "swell_mean": self._swell_mean,
            "hours": list(self._hours),
            "rows_seen": list(self._rows_seen),
            "week": list(self._week),
            "burst": [list(peak) for peak in self._burst.peaks],
            "swell": [list(peak) for peak in self._swell.peaks],
        }

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> Detector:
        """The detector whose `state()` this is. A state of another shape raises KeyError."""
        detector = cls(timedelta(seconds=state["interval"]))
        detector._rows = state["rows"]
        detector._last = float("-inf") if state["last"] is None else state["last"]
        detector._hot_at = float("-inf") if state["hot_at"] is None else state["hot_at"]
        detector._level, detector._recent, detector._usual = state["level"], state["recent"], state["usual"]
        detector._spread, detector._swell_spread = state["spread"], state["swell_spread"]
        detector._swell_mean = state["swell_mean"]
        detector._hours, detector._week = array("d", state["hours"]), array("d", state["week"])
        detector._rows_seen = array("L", state["rows_seen"])
        detector._burst, detector._swell = Records(state["burst"]), Records(state["swell"])
        return detector


def seconds_of(moment: datetime) -> float:
    """Seconds since 1970; a moment without a zone is read as if it were UTC."""
    return (moment - (EPOCH if moment.tzinfo else NAIVE_EPOCH)).total_seconds()


def _news(records: Records, at: float, height: float, floor: float, width: float) -> float:
    """The height in units of what it takes to be news now; 1 and more is news. Notes it for later."""
    news = height / (max(floor, records.bar) * width)
    if height > NEAR * floor:
        records.forget(at)
        records.note(at, height)
    return news
