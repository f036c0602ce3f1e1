"""`kintsugi demo`: 21 recorded days of a sample brand on a fast clock, through the real pipeline.

A local web site serves what the sources showed at each moment; the real crawlers read it; nothing is shortened
but the waiting.
"""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path

from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.commands.init import write_env
from kintsugi.demo.configuration import write_configuration
from kintsugi.demo.console import DemoConsole
from kintsugi.demo.owner import Owner
from kintsugi.demo.site import DemoSite
from kintsugi.demo.summary import print_summary
from kintsugi.demo.world import LENGTH, START
from kintsugi.engines.embedded import EmbeddedEngine

STEP = timedelta(hours=3)
CRAWL_EVERY = 4  # steps


def run_demo(folder: Path) -> App:
    """Runs the whole demo into `folder` (made anew) and prints what a person would see. Returns the installation."""
    began = time.monotonic()
    _make_anew(folder)
    clock = SetClock(START)
    with DemoSite(clock, folder) as site:
        configuration = write_configuration(folder, site)
        write_env(folder / ".env")
        app = open_app(configuration, clock)
        console = DemoConsole(app)
        app.receivers = dict.fromkeys(app.settings.all_receivers(), console)
        engine, owner = EmbeddedEngine(app), Owner(app)
        engine.start()
        try:
            for step in range(1, LENGTH // STEP + 1):
                clock.advance(STEP)
                console.day((clock.now() - START).days + 1)
                if step % CRAWL_EVERY == 0:
                    site.write_guest_book()
                    engine.crawl()
                engine.settle()
                owner.work()
                engine.tick()
                engine.settle()
        finally:
            engine.close()
    print_summary(app, console, owner, seconds=time.monotonic() - began)
    return app


def _make_anew(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
