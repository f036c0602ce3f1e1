"""The crawling process: `python -m crawlers.running.run`. Jobs in on stdin, one JSON list a line; handovers out.

A process of its own, so that a runaway page, a crash in native code or a reactor's wishes cannot hurt the service.
One Scrapy engine reads all sources of a list, so that delays per host hold across sources. An empty line on stdout
ends the answer to a list; then it waits for the next one, for a minute, and leaves.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import signal
import sys
from asyncio import Event
from collections.abc import AsyncIterator, Sequence
from typing import Any, BinaryIO
from urllib.request import getproxies

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor
from twisted.internet.task import react

from crawlers.fetching.addresses import Addresses, TableResolver
from crawlers.fetching.browser import browser_settings
from crawlers.fetching.fetcher import ScrapyFetch, redact
from crawlers.fetching.guard import host_of, hosts_in
from crawlers.running.job import CrawlJob
from crawlers.running.reading import STOPPED, read_source
from crawlers.running.wire import END, write
from storage.item import Finished

_AT_ONCE = 16
_IDLE = 60.0  # seconds
_LONGEST_LINE = 1 << 28  # cursors can be long
_PR_SET_PDEATHSIG = 1
_LOG = {"LOG_LEVEL": "WARNING", "LOG_FORMAT": "%(levelname)s %(name)s: %(message)s"}
AGENT = "Kintsugi/0.1 (+{contact}) brand monitoring"
_NO_CONTACT = "https://github.com/kintsugi-recovery/kintsugi"


class Sources(Spider):
    """Reads all jobs side by side. It schedules no requests of its own: each source asks as it goes."""

    name = "sources"
    jobs: Sequence[CrawlJob]
    out: BinaryIO
    addresses: Addresses
    stop: Event  # set: the time is over
    _nothing: tuple[Request, ...] = ()

    async def start(self) -> AsyncIterator[Any]:
        assert self.crawler.engine is not None
        fetch, gate = ScrapyFetch(self.crawler.engine, self.addresses), asyncio.Semaphore(_AT_ONCE)
        reads = [asyncio.ensure_future(self._read(job, fetch, gate)) for job in self.jobs]
        stopping = asyncio.ensure_future(self._stop(reads))
        await asyncio.gather(*reads, return_exceptions=True)
        stopping.cancel()
        for request in self._nothing:
            yield request  # `start` has to be a generator, though nothing is left to schedule.

    async def _stop(self, reads: Sequence[asyncio.Future[None]]) -> None:
        await self.stop.wait()
        for read in reads:
            read.cancel()

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
            "crawlers.fetching.robots.Robots": 100,
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
        **_LOG,
        "EXTENSIONS": {
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
        },
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": "ja,en;q=0.8"},
        # A browser's driver takes a second to start: only where a page asks for it.
        **(browser_settings() if any(job.options.get("render") is True for job in jobs) else {}),
    }


def main() -> None:
    """Runs the lists of jobs on stdin. Exits with 0 also when sources failed: their Finished lines say so."""
    _die_with(os.getppid())
    # Whatever prints by accident goes to stderr: stdout belongs to the handovers.
    out = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    configure_logging(_LOG)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_without_tokens)
    with out:
        react(lambda _reactor: deferred_from_coro(_serve(out)))


async def _serve(out: BinaryIO) -> None:
    stop, loop = Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    lines = asyncio.StreamReader(limit=_LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await _next(lines, stop):
        jobs = [CrawlJob.from_json(given) for given in json.loads(line)]
        addresses = _looked_up_for(jobs)
        await AsyncCrawlerRunner(settings_for(jobs)).crawl(Sources, jobs=jobs, out=out, addresses=addresses, stop=stop)
        out.write(END)
        out.flush()


def _looked_up_for(jobs: Sequence[CrawlJob]) -> Addresses:
    """A fresh table of addresses, by which the reactor connects from now on."""
    from twisted.internet import reactor

    proxies = {host_of(url) for url in getproxies().values()}
    addresses = Addresses(proxies.union(*(hosts_in(job.options) for job in jobs)))
    pluggable: Any = reactor  # Its own stubs do not say that it is one.
    pluggable.installNameResolver(TableResolver(addresses))
    return addresses


async def _next(lines: asyncio.StreamReader, stop: Event) -> bytes:
    """The next line, or nothing when the parent has closed the pipe, wants an end, or has nothing for a minute."""
    reading, stopping = asyncio.ensure_future(lines.readline()), asyncio.ensure_future(stop.wait())
    done, pending = await asyncio.wait({reading, stopping}, timeout=_IDLE, return_when=asyncio.FIRST_COMPLETED)
    for future in pending:
        future.cancel()
    return b"" if stop.is_set() or reading not in done else reading.result()


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
    main()
