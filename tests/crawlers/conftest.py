"""A real local site, and crawls of it in the real crawling process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.child import run_sources
from crawlers.job import CrawlJob
from storage.item import Finished, Handover

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def crawl() -> Callable[..., list[Handover]]:
    """Crawls one source in a child process, without delays, and returns everything that it hands over."""

    def run(kind: str, options: dict[str, Any], **more: Any) -> list[Handover]:
        given = {"at": AT, "delay": 0.0, "timeout": 5.0, **more}
        job = CrawlJob("source", kind, options=options, **given)
        return [entry for _, entry in run_sources([job], timedelta(seconds=40))]

    return run


def end_of(handovers: list[Handover]) -> Finished:
    """The last entry, which is always Finished."""
    end = handovers[-1]
    assert isinstance(end, Finished)
    return end
