from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from alerts.routing.tree import route_tree
from config.settings import load_settings
from crawlers.fetching.visit import Answer, Ask, Spend
from crawlers.registry import kind_named, options_for
from crawlers.running.child import run_sources
from crawlers.running.job import CrawlJob, jobs_for
from crawlers.running.reading import read_source
from kintsugi.demo.configuration import write_configuration
from storage.item import Finished, Gone, Handover, Item, Refused
from tests.demo.conftest import Stage


def test_the_configuration_is_accepted_by_every_part_that_reads_it(stage: Stage, tmp_path: Path) -> None:
    settings = load_settings(write_configuration(tmp_path, stage.site))
    assert {key: source.kind for key, source in settings.sources.items()} == {
        "app-store": "app_store",
        "mastodon": "mastodon",
        "news": "feed",
        "guest-book": "file",
    }
    for key, source in settings.sources.items():
        options_for(key, kind_named(source.kind), source.options)
    assert route_tree(settings.route, settings.time_intervals).options.receiver == "social"


def test_the_real_crawlers_read_every_line_of_the_last_day(stage: Stage, tmp_path: Path) -> None:
    stage.turn(504)
    stage.site.write_guest_book()
    settings = load_settings(write_configuration(tmp_path, stage.site))
    jobs = jobs_for(settings, list(settings.sources), {}, at=stage.clock.now())
    items: Counter[str] = Counter()
    refused: dict[str, list[Refused]] = {}
    for key, entry in run_sources(jobs, timedelta(seconds=60)):
        assert not (isinstance(entry, Finished) and entry.error), entry
        assert not isinstance(entry, Gone)
        items[key] += isinstance(entry, Item)
        if isinstance(entry, Refused):
            refused.setdefault(key, []).append(entry)
    # A feed scrolls: of 28 articles the newest ten of each language are in it. A review and two posts were deleted.
    assert items == {"app-store": 91, "mastodon": 78, "news": 17, "guest-book": 79}
    assert {key: {one.disposition for one in found} for key, found in refused.items()} == {
        "mastodon": {"ignored"},
        "news": {"ignored"},
        "guest-book": {"rejected"},
    }
    assert "55" in refused["guest-book"][0].reason


async def fetched(job: CrawlJob, ask: Ask, validators: dict[str, Any], spend: Spend) -> Answer:
    """Asks the demo's site without the crawling process, which takes seconds to begin."""
    try:
        with urllib.request.urlopen(ask.url, timeout=5) as found:
            headers = {name.lower(): value for name, value in found.headers.items()}
            return Answer(found.status, ask.url, headers, found.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, ask.url, {}, error.read())


def test_the_reader_of_mastodon_learns_of_a_deleted_post(stage: Stage, tmp_path: Path) -> None:
    settings = load_settings(write_configuration(tmp_path, stage.site))

    async def read(cursor: dict[str, Any]) -> list[Handover]:
        jobs = jobs_for(settings, ["mastodon"], {"mastodon": cursor}, at=stage.clock.now())
        return [entry async for entry in read_source(jobs[0], fetched)]

    stage.turn(181)
    end = asyncio.run(read({}))[-1]
    stage.turn(250)
    assert isinstance(end, Finished)
    gone = [entry.external_id for entry in asyncio.run(read(end.cursor or {})) if isinstance(entry, Gone)]
    assert len(gone) == 1
    assert "/users/bagless_in_sapporo/statuses/" in gone[0]
