"""`kintsugi demo`: 21 recorded days of a sample brand on a fast clock, through the real pipeline.

A local web site serves what the sources showed at each moment; the real crawlers read it; nothing is shortened
but the waiting.
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from config.clock import SetClock
from config.settings import Settings
from kintsugi.app import App, open_app
from kintsugi.commands.init import write_env
from kintsugi.demo.configuration import write_configuration
from kintsugi.demo.console import DemoConsole
from kintsugi.demo.owner import Owner
from kintsugi.demo.site import DemoSite
from kintsugi.demo.summary import print_summary
from kintsugi.demo.world import LENGTH, START
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.steps.pictures import Pictures

STEP = timedelta(hours=6)
CRAWL_EVERY = timedelta(hours=36)


def run_demo(folder: Path) -> App:
    """Runs the whole demo into `folder` (made anew) and prints what a person would see. Returns the installation."""
    began = time.monotonic()
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    clock = SetClock(START)
    with DemoSite(clock, folder) as site:
        configuration = write_configuration(folder, site)
        write_env(folder / ".env")
        app = open_app(configuration, clock)
        console = DemoConsole(app)
        app.receivers = dict.fromkeys(app.settings.all_receivers(), console)
        app.pictures = _Undrawn(folder)
        owner = Owner(app)
        live(app, site, clock, owner, until=START + LENGTH, day=console.day)
    print_summary(app, console, owner, seconds=time.monotonic() - began)
    return app


class _Undrawn(Pictures):
    """The terminal shows no pictures."""

    def draw(self, settings: Settings, at: datetime) -> None:
        """Draws nothing."""


def live(
    app: App,
    site: DemoSite,
    clock: SetClock,
    owner: Owner,
    *,
    until: datetime,
    day: Callable[[int], None] = lambda _number: None,
) -> None:
    """Turns the clock from where it stands to `until`, and lets the service do what it would do at each moment."""
    engine = EmbeddedEngine(app)
    engine.start()
    try:
        while clock.now() < until:
            now = clock.advance(STEP)
            day(math.ceil((now - START) / timedelta(days=1)))
            if (now - START) % CRAWL_EVERY == timedelta():
                site.write_guest_book()
                engine.crawl()
            engine.settle()
            owner.work()
            engine.tick()
            engine.settle()
    finally:
        engine.close()
