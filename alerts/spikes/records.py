"""The highest peaks of a series in the last weeks: what it takes to be news."""

from __future__ import annotations

from collections.abc import Iterable

MEMORY = 35 * 86400.0  # seconds; longer than a month, so that pay day or a monthly campaign is known
APART = 6 * 3600.0  # peaks closer than this are one
RANK = 2  # news is what exceeds the second highest peak: a single freak must not blind us for weeks


class Records:
    """Peaks by moment. `bar` is the height of the second highest of the last five weeks; 0 while there are fewer.

    Of exchangeable peaks, one in (weeks of memory / RANK) weeks exceeds the bar, whatever their distribution is:
    the rate of false alarms is bounded by rank and not by a model of the tail, which brand volumes do not have.
    """

    __slots__ = ("bar", "peaks")

    def __init__(self, peaks: Iterable[tuple[float, float]] = ()) -> None:
        self.peaks = [(moment, height) for moment, height in peaks]
        self.bar = 0.0
        self._find_bar()

    def note(self, moment: float, height: float) -> None:
        """Adds a peak, or raises the one that is still going on."""
        if self.peaks and moment - self.peaks[-1][0] < APART:
            height = max(height, self.peaks.pop()[1])
        kept: list[tuple[float, float]] = []
        higher = [height]
        # A peak with RANK later and higher ones can never set the bar again.
        for earlier in reversed(self.peaks):
            if moment - earlier[0] < MEMORY and sum(later > earlier[1] for later in higher) < RANK:
                kept.append(earlier)
                higher.append(earlier[1])
        self.peaks = [*reversed(kept), (moment, height)]
        self._find_bar()

    def forget(self, moment: float) -> None:
        """Lets go of what is older than the memory."""
        if self.peaks and moment - self.peaks[0][0] >= MEMORY:
            self.peaks = [peak for peak in self.peaks if moment - peak[0] < MEMORY]
            self._find_bar()

    def _find_bar(self) -> None:
        heights = sorted((height for _, height in self.peaks), reverse=True)
        self.bar = heights[RANK - 1] if len(heights) >= RANK else 0.0
