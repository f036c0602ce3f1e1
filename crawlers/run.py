"""The crawling process: `python -m crawlers.run`. Jobs in on stdin as JSON, handovers out on stdout as lines.

A process of its own, so that a runaway page, a crash in native code or a reactor's wishes cannot hurt the service.
One Scrapy engine reads all due sources, so that delays per host hold across sources.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Any, BinaryIO

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from crawlers.fetcher import ScrapyFetch, redact
from crawlers.job import CrawlJob
from crawlers.reading import read_source
from crawlers.wire import write
from storage.item import Finished

_AT_ONCE = 16
_PR_SET_PDEATHSIG = 1
STOPPED = "the time for crawling was over before this source did end"
AGENT = "Kintsugi/0.1 (+{contact}) brand monitoring"
_NO_CONTACT = "https://github.com/kintsugi-recovery/kintsugi"


class Sources(Spider):
    """Reads all jobs side by side. It schedules no requests of its own: each source asks as it goes."""

    name = "sources"
    jobs: Sequence[CrawlJob]
    out: BinaryIO
    _nothing: tuple[Request, ...] = ()

    async def start(self) -> AsyncIterator[Any]:
        assert self.crawler.engine is not None
        fetch, gate = ScrapyFetch(self.crawler.engine), asyncio.Semaphore(_AT_ONCE)
        reads = [asyncio.ensure_future(self._read(job, fetch, gate)) for job in self.jobs]

        def stop() -> None:
            for read in reads:
                read.cancel()

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        await asyncio.gather(*reads, return_exceptions=True)
        for request in self._nothing:
            yield request  # `start` has to be a generator, though nothing is left to schedule.

    async def _read(self, job: CrawlJob, fetch: ScrapyFetch, gate: asyncio.Semaphore) -> None:
        try:
            async with gate:
                async for entry in read_source(job, fetch):
                    self.out.write(write(job.key, entry))
        except asyncio.CancelledError:
            self.out.write(write(job.key, Finished(error=STOPPED)))
        finally:
            self.out.flush()


def settings_for(jobs: Sequence[CrawlJob]) -> dict[str, Any]:
    """Scrapy's settings: polite, small, and without what we do ourselves (redirects and retries are judged)."""
    delay = max(job.delay for job in jobs)
    contact = next((job.contact for job in jobs if job.contact), _NO_CONTACT)
    return {
        "USER_AGENT": AGENT.format(contact=contact),
        "ROBOTSTXT_OBEY": True,  # each request says whether it is for a page
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawlers.robots.Robots": 100,
        },
        "DOWNLOAD_DELAY": delay,
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2 if delay else 16,
        "DOWNLOAD_TIMEOUT": max(job.timeout for job in jobs),
        "DOWNLOAD_MAXSIZE": max(job.max_response_mb for job in jobs) * 2**20,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(levelname)s %(name)s: %(message)s",
        "EXTENSIONS": {
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
        },
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": "ja,en;q=0.8"},
    }


def main() -> int:
    """Runs the jobs on stdin. Ends with 0 also when sources failed: their Finished lines say so."""
    _die_with(os.getppid())
    # Whatever prints by accident goes to stderr: stdout belongs to the handovers.
    out = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    jobs = [CrawlJob.from_json(given) for given in json.loads(sys.stdin.buffer.read())]
    process = AsyncCrawlerProcess(settings_for(jobs))
    for handler in logging.getLogger().handlers:
        handler.addFilter(_without_tokens)
    process.crawl(Sources, jobs=jobs, out=out)
    process.start(install_signal_handlers=False)
    out.close()
    return 0


def _without_tokens(record: logging.LogRecord) -> bool:
    record.msg, record.args = redact(record.getMessage()), ()
    return True


def _die_with(parent: int) -> None:
    """Asks the kernel to end us with our parent: a killed service must not leave crawlers behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # It died in between.
            sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
