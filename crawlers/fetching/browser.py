"""Pages that need their scripts: rendered by a Chromium (scrapy-playwright), held to the rules of any request."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawlers.fetching.guard import host_of, hosts_in
from crawlers.fetching.visit import Failure, Spend
from crawlers.running.job import CrawlJob

if TYPE_CHECKING:
    from playwright.async_api import Page, Route
    from scrapy import Request
    from scrapy.core.engine import ExecutionEngine
    from scrapy.http import Response

    from crawlers.fetching.addresses import Addresses

_AT_ONCE = 2  # pages; each takes some 100 MB
_LONGEST_WAIT, _QUIET = 10_000, 2_000  # ms for what is looked for, and for what may still come
_UNREAD = frozenset(("image", "media", "font", "manifest"))  # nothing of it is text
_XPATH = re.compile(r"\(|\.?/|(?:string|normalize-space|concat)\(")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    # Nothing goes past the proxy: no sockets of WebRTC and QUIC, no look-ups of its own.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-gpu", "--disable-dev-shm-usage",
)  # fmt: skip


def what_is_missing() -> str | None:
    """What has to be installed before pages can be rendered, or None."""
    try:
        import scrapy_playwright  # noqa: F401 (whether it is there)
    except ImportError:
        return "`render: true` needs the extra browser: pip install 'kintsugi-recovery[browser]'"
    if _chromium() is None and not _of_playwright():
        return "`render: true` needs Chromium: apt-get install chromium, or playwright install chromium"
    return None


def browser_settings() -> dict[str, Any]:
    """Scrapy's settings for a run in which pages are rendered; none where something is missing."""
    if what_is_missing():
        return {}
    handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": _chromium(),
            # Chromium's sandbox refuses to work for root.
            "chromium_sandbox": os.geteuid() != 0,
            "args": list(_ARGUMENTS),
        },
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
    }


def _chromium() -> str | None:
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def _of_playwright() -> bool:
    """Whether Playwright's own Chromium has been downloaded."""
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright"
    return any(Path(folder).expanduser().glob("chromium*"))


class Browser:
    """Prepares requests for the browser, at most two at a time."""

    def __init__(self, engine: ExecutionEngine, addresses: Addresses) -> None:
        self._agent = str(engine.crawler.settings["USER_AGENT"])
        self._addresses = addresses
        self._gate = asyncio.Semaphore(_AT_ONCE)

    @asynccontextmanager
    async def prepared(self, job: CrawlJob, request: Request, until: str, spend: Spend) -> AsyncIterator[Rendering]:
        """While it is open, `request` is answered by a browser; no cookie outlives a page. Raises Failure."""
        from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError

        own = hosts_in(job.options)
        if host_of(request.url) not in own:
            raise Failure(f"{host_of(request.url)} is none of the hosts of this source: only those are rendered")
        from playwright.async_api import Error, TimeoutError
        from scrapy_playwright.page import PageMethod

        from crawlers.fetching.door import Door

        async with self._gate, Door(self._addresses, own, job.max_response_mb * 2**20) as door:
            rendering = Rendering(until, spend, job.timeout)
            request.meta.update(
                playwright=True,
                playwright_include_page=True,
                playwright_context=f"{job.key} {id(rendering)}",
                playwright_context_kwargs={
                    "proxy": {"server": door.address, "bypass": "<-loopback>"},
                    "user_agent": self._agent, "locale": "ja", "service_workers": "block", "accept_downloads": False,
                },
                playwright_page_init_callback=rendering.begin,
                playwright_page_goto_kwargs={"wait_until": "domcontentloaded", "timeout": job.timeout * 1000},
                playwright_page_methods=[PageMethod(rendering.wait)],
            )  # fmt: skip
            try:
                yield rendering
                if door.too_much:
                    raise DownloadCancelledError
            except Error as error:
                if door.too_much:
                    raise DownloadCancelledError from None
                lost = DownloadTimeoutError if isinstance(error, TimeoutError) else DownloadFailedError
                raise rendering.ended or lost(_said(rendering.broken or str(error), door.closed)) from None
            finally:
                page = request.meta.pop("playwright_page", None)
                if page is not None:
                    with suppress(Error):
                        await page.context.close()


class Rendering:
    """One page on its way: what it asks for is counted, and where it is sent on to is left to the crawler."""

    def __init__(self, until: str, spend: Spend, timeout: float) -> None:
        self._until, self._spend, self._timeout = until, spend, timeout * 1000
        self._arrived = False
        self._status = 0
        self._sent_on: str | None = None
        self.broken = ""  # why the page itself did not come
        self.ended: Failure | None = None

    async def begin(self, page: Page, _request: Request) -> None:
        """Before the page is asked for."""
        await page.route("**", self._route)

    async def _route(self, route: Route) -> None:
        request = route.request
        if request.resource_type in _UNREAD:
            await route.abort()
        elif not request.is_navigation_request() or request.frame.parent_frame is not None:
            await (route.continue_() if self._may_ask() else route.abort())
        elif self._arrived:  # Its scripts mean to leave it.
            await route.abort()
        else:
            await self._arrive(route)

    async def _arrive(self, route: Route) -> None:
        """The page itself, without following it elsewhere: each step is judged by the crawler."""
        from playwright.async_api import Error

        self._arrived = True
        try:
            answer = await route.fetch(max_redirects=0, timeout=self._timeout)
        except Error as error:
            self.broken = str(error)
            await route.abort()
            return
        location, self._status = answer.headers.get("location"), answer.status
        if 300 <= answer.status < 400 and location:
            self._sent_on = location
            await route.fulfill(status=200, content_type="text/html", body="")
        else:
            await route.fulfill(response=answer)

    def _may_ask(self) -> bool:
        try:
            self._spend()
        except Failure as failure:
            self.ended = failure
        return self.ended is None

    async def wait(self, page: Page) -> None:
        """Until what is looked for is there, or long enough, and the page is quiet."""
        from playwright.async_api import TimeoutError

        if self._status != 200 or await self._shows(page, _QUIET):
            return
        with suppress(TimeoutError):
            await page.wait_for_load_state("networkidle", timeout=min(self._timeout, _LONGEST_WAIT))
        await self._shows(page, _QUIET)

    async def _shows(self, page: Page, within: float) -> bool:
        """Whether what is looked for comes within some milliseconds; what comes with it is waited for as well."""
        from playwright.async_api import TimeoutError

        kind = "xpath" if _XPATH.match(self._until) else "css"
        try:
            await page.wait_for_selector(f"{kind}={self._until}", state="attached", timeout=within)
        except TimeoutError:
            return False
        with suppress(TimeoutError):
            await page.wait_for_load_state("networkidle", timeout=_QUIET)
        return True

    def seen(self, response: Response) -> Response:
        """The answer: the page, or where it sends us on to. Raises Failure when the requests of the day ran out."""
        if self.ended is not None:
            raise self.ended
        if self._sent_on is None:
            return response
        return response.replace(status=self._status, headers={"Location": self._sent_on}, body=b"")


def _said(error: str, closed: Sequence[str]) -> str:
    return "; ".join([error.partition("\n")[0], *closed[:1]])
