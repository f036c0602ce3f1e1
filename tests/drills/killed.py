"""Pieces of the demo that die: the process whom test_kills asks for one life after another.

Each line of stdin is a life: the number of the commit or outgoing call at which it dies (0: none). It is lived by a
fork, because what has to be imported takes longer than most lives. The answer is how it ended: -9, or an exit code.
Arguments: folder, Slack's address, the moment to stop at (hours).
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from config.clock import SetClock
from kintsugi.app import open_app
from kintsugi.demo.owner import Owner
from kintsugi.demo.runner import STEP, live
from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START
from tests.drills.dying import die_at
from tests.drills.installation import write_installation

# What an installation imports only when it is needed, which here is in every life.
LATER = (
    "alerts.receivers.opening",
    "crawlers.running.child",
    "crawlers.registry",
    "responder.cases.opening",
    "sentiment.assessor",
    "slack_sdk",
)


def main() -> None:
    for module in LATER:
        import_module(module)
    folder, slack, until = Path(sys.argv[1]), sys.argv[2], START + timedelta(hours=int(sys.argv[3]))
    for line in sys.stdin:
        lives = os.fork()
        if not lives:
            os.dup2(2, 1)
            live_once(folder, slack, until, dies_at=int(line))
            return
        _, ending = os.waitpid(lives, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(ending)}\n")
        sys.stdout.flush()


def live_once(folder: Path, slack: str, until: datetime, *, dies_at: int) -> None:
    """From where the last one died."""
    clock = SetClock(START + timedelta(hours=float((folder / "hours").read_text() or 0)))
    with DemoSite(clock, folder) as site:
        app = open_app(write_installation(folder, site, slack), clock)
        die_at(app.receivers.values(), dies_at)

        def keep_time(_day: int) -> None:
            (folder / "hours").write_text(str((clock.now() - START - STEP) / timedelta(hours=1)))

        live(app, site, clock, Owner(app), until=until, day=keep_time)


if __name__ == "__main__":
    main()
