"""A piece of the demo that dies: run as a process of its own by test_kills, killed at its n-th commit or call.

Arguments: folder, Slack's address, the moment to stop at (hours), the number of the event to die at (0: none).
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from config.clock import SetClock
from kintsugi.app import open_app
from kintsugi.demo.owner import Owner
from kintsugi.demo.runner import STEP, live
from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START
from tests.drills.dying import die_at
from tests.drills.installation import write_installation


def main() -> None:
    folder, slack, until, dies_at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    clock = SetClock(START + timedelta(hours=float((folder / "hours").read_text() or 0)))
    with DemoSite(clock, folder) as site:
        app = open_app(write_installation(folder, site, slack), clock)
        die_at(app.receivers.values(), dies_at)

        def keep_time(_day: int) -> None:
            (folder / "hours").write_text(str((clock.now() - START - STEP) / timedelta(hours=1)))

        live(app, site, clock, Owner(app), until=START + timedelta(hours=until), day=keep_time)


if __name__ == "__main__":
    main()
