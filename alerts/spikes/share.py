"""Watches the negative share of a series: the last hours against the last weeks, whatever the volume does."""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, sqrt
from typing import Any

LEAST_MENTIONS = 10.0  # in the last hours; fewer say nothing about a share
LEAST_RISE = 0.15  # of the share: smaller rises are drifts, which the reports show
FLOOR = 4.0  # standard deviations of the variance-stabilised share
LEARNED = 50.0  # mentions before there is a share to compare with
HOURS = 6 * 3600.0  # half-life of "the last hours", in seconds
WEEKS = 14 * 86400.0  # half-life of "the last weeks"
REFRACTORY = 86400.0
CALM = 0.5


class ShareWatch:
    """One series. Freeman and Tukey's arcsine root makes shares of different numbers comparable."""

    __slots__ = ("_at", "_hot_at", "_long", "_short")

    def __init__(self, state: Mapping[str, Any] | None = None) -> None:
        known = state or {}
        self._at: float | None = known.get("at")
        self._hot_at: float | None = known.get("hot_at")
        self._short: list[float] = list(known.get("short", (0.0, 0.0)))  # negative, all
        self._long: list[float] = list(known.get("long", (0.0, 0.0)))

    def state(self) -> dict[str, Any]:
        """Everything it knows, as plain data."""
        return {"at": self._at, "hot_at": self._hot_at, "short": self._short, "long": self._long}

    @property
    def usual(self) -> float:
        """The share of the last weeks, pulled towards a third while little is known."""
        return (self._long[0] + 2.0) / (self._long[1] + 6.0)

    @property
    def height(self) -> float:
        """How far the last hours are above the last weeks, in standard deviations; 0 while it cannot be told."""
        negative, mentions = self._short
        if mentions < LEAST_MENTIONS or self._long[1] < LEARNED or negative / mentions - self.usual < LEAST_RISE:
            return 0.0
        return 2.0 * (asin(sqrt(min(1.0, negative / mentions))) - asin(sqrt(self.usual))) * sqrt(mentions)

    @property
    def calm(self) -> bool:
        """Whether the share is ordinary again."""
        return self.height < CALM * FLOOR

    def update(self, at: float, mentions: int, negative: int) -> bool:
        """Takes one interval (seconds, counts); whether a rise opens. While it is high, nothing is learned from it."""
        passed = 0.0 if self._at is None else max(0.0, at - self._at)
        self._at = at
        short, long = 0.5 ** (passed / HOURS), 0.5 ** (passed / WEEKS)
        self._short = [self._short[0] * short + negative, self._short[1] * short + mentions]
        hot = self.height >= FLOOR
        weight = 0.1 if hot else 1.0
        self._long = [self._long[0] * long + weight * negative, self._long[1] * long + weight * mentions]
        opens = hot and mentions > 0 and (self._hot_at is None or at - self._hot_at > REFRACTORY)
        if hot:
            self._hot_at = at
        return opens
