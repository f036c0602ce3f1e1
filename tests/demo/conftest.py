from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from config.clock import SetClock
from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START


@dataclass
class Stage:
    """The demo's site with a clock that a test turns by hours since the beginning."""

    site: DemoSite
    clock: SetClock

    def turn(self, hours: float) -> None:
        self.clock.set(START + timedelta(hours=hours))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    clock = SetClock(START)
    with DemoSite(clock, tmp_path) as site:
        yield Stage(site, clock)
