"""Asks sites through Scrapy: one request at a time, politely, with every answer judged."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus, urljoin

from scrapy import Request
from scrapy.core.engine import ExecutionEngine
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawlers.fetching.addresses import Addresses
from crawlers.fetching.browser import Browser
from crawlers.fetching.challenge import looks_like_a_challenge, named_challenge
from crawlers.fetching.guard import host_of, hosts_in, why_not
from crawlers.fetching.visit import Answer, Ask, Failure, Spend
from crawlers.parsing.dates import read_date
from crawlers.running.job import CrawlJob
from crawlers.running.reading import CHALLENGE

ATTEMPTS = 3
_MOST_REDIRECTS = 5
_LONGEST_WAIT = 60.0  # A longer Retry-After is left to the schedule.
_TOO_MANY = 429
_LIMIT_ENDS = ("x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset")  # X; Bluesky; Mastodon and Reddit
_EPOCH = 1e9  # seconds: longer than any site lets one wait
_FAR = datetime(9000, 1, 1, tzinfo=UTC)
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_REFUSED = frozenset((401, 402, 403, 407, 451))
_TEMPORARY = frozenset((408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529))
_LOST = {
    CannotResolveHostError: "there is no such host",
    OSError: "there is no such host",  # our own look-up, before Scrapy's
    DownloadConnectionRefusedError: "nobody answers there",
    DownloadTimeoutError: "no answer in time (crawlers.timeout)",
    ResponseDataLossError: "the answer was cut off",
    DownloadFailedError: "the connection broke",
}
_CARRIERS = frozenset(("authorization", "apikey", "x-goog-api-key"))
_SHORTEST_TOKEN, _LONGEST_SAID = 8, 160
_SECRET = re.compile(
    r"(?i)\b((?:access_|api_?|client_)?(?:key|token|secret)|apikey|sig|signature|password)=([^&\s\"'>]+)"
)


class ScrapyFetch:
    """`Fetch` of crawlers.fetching.visit on a running Scrapy engine, which keeps delays, robots.txt and size limits."""

    def __init__(self, engine: ExecutionEngine, addresses: Addresses) -> None:
        self._engine, self._addresses = engine, addresses
        self._browser = Browser(engine, addresses)
        # Not for secrets: spreads retries of many sources over time.
        self._jitter = random.Random(0)  # noqa: S311

    async def __call__(self, job: CrawlJob, ask: Ask, validators: dict[str, Any], spend: Spend) -> Answer:
        """The answer, after redirects and retries, each of which is a request. Raises Failure."""
        response = await self._tried(job, ask, {**ask.headers, **_conditions(validators.get(ask.url), ask)}, spend)
        headers = _headers(response)
        if ask.conditional and response.status == 200:
            kept = {name: headers[name] for name in ("etag", "last-modified") if name in headers}
            validators.pop(ask.url, None)
            if kept:
                validators[ask.url] = kept
        return Answer(response.status, response.url, headers, response.body)

    async def _tried(self, job: CrawlJob, ask: Ask, headers: Mapping[str, str], spend: Spend) -> Response:
        accepted = ask.accept | {200} | ({304} if ask.conditional else set())
        failure = Failure("not asked")
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(self._pause(job, attempt, failure.retry_after))
            try:
                response = await self._followed(job, ask, headers, spend)
            except tuple(_LOST) as error:
                failure = Failure(f"{_shown(ask.url)}: {_said(error)}")
                continue
            if named_challenge(_headers(response)):
                raise Failure(f"{_shown(ask.url)}: {CHALLENGE}", refused=True)
            if response.status in accepted:
                return response
            failure = _judge(response, ask, job.at)
            if failure.refused or response.status not in _TEMPORARY or (failure.retry_after or 0) > _LONGEST_WAIT:
                break
        raise failure

    async def _followed(self, job: CrawlJob, ask: Ask, headers: Mapping[str, str], spend: Spend) -> Response:
        own = hosts_in(job.options)
        url, method, body, sent = ask.url, ask.method, ask.body, dict(headers)
        for _ in range(_MOST_REDIRECTS + 1):
            request = _request(job, ask, url, method, sent, body)
            # What Scrapy made of the address is what will be connected to.
            problem = await why_not(request.url, own, self._addresses.of)
            if problem:
                raise Failure(problem)
            spend()
            if ask.render:
                response = await self._rendered(job, request, ask.render, spend)
            else:
                response = await self._asked(job, request)
            location = response.headers.get(b"Location")
            if response.status not in _REDIRECTS or not location:
                return response
            target = urljoin(url, location.decode("utf-8", "replace"))
            if host_of(target) != host_of(url):
                sent = {name: value for name, value in sent.items() if name.lower() in ("accept", "accept-language")}
            if response.status == 303 or (response.status in (301, 302) and method == "POST"):
                method, body = "GET", None
            url = target
        raise Failure(f"{_shown(ask.url)}: more than {_MOST_REDIRECTS} redirects", refused=True)

    async def _rendered(self, job: CrawlJob, request: Request, until: str, spend: Spend) -> Response:
        """The page after its scripts have run, in a browser that is held to the same rules."""
        try:
            async with self._browser.prepared(job, request, until, spend) as rendering:
                response = rendering.seen(await self._asked(job, request))
        except DownloadCancelledError:
            raise Failure(_too_large(job, request.url)) from None
        if len(response.body) > job.max_response_mb * 2**20:
            raise Failure(_too_large(job, request.url))
        return response

    async def _asked(self, job: CrawlJob, request: Request) -> Response:
        try:
            return await self._engine.download_async(request)
        except IgnoreRequest as error:
            if "robots" in str(error).lower():
                raise Failure(
                    f"robots.txt of {host_of(request.url)} forbids {_shown(request.url)}: use the site's API",
                    refused=True,
                ) from None
            raise Failure(f"{_shown(request.url)}: {redact(str(error))}") from None
        except DownloadCancelledError:
            raise Failure(_too_large(job, request.url)) from None
        except ValueError as error:
            raise Failure(f"{_shown(request.url)}: {redact(str(error))}", refused=True) from None

    def _pause(self, job: CrawlJob, attempt: int, asked: float | None) -> float:
        return max(asked or 0.0, job.delay * 2.0**attempt * self._jitter.uniform(0.5, 1.0))


def _request(job: CrawlJob, ask: Ask, url: str, method: str, headers: Mapping[str, str], body: bytes | None) -> Request:
    meta = {
        "dont_obey_robotstxt": not ask.robots, "handle_httpstatus_all": True,
        "download_timeout": job.timeout, "download_maxsize": job.max_response_mb * 2**20,
    }  # fmt: skip
    try:
        return Request(url, method=method, headers=dict(headers), body=body, dont_filter=True, meta=meta)
    except ValueError:
        raise Failure(f"{_shown(url)!r} is no address") from None


def _too_large(job: CrawlJob, url: str) -> str:
    return f"{_shown(url)}: the answer is larger than {job.max_response_mb} MB (crawlers.max_response_mb)"


def _conditions(known: Mapping[str, str] | None, ask: Ask) -> dict[str, str]:
    if not known or not ask.conditional:
        return {}
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {names[name]: value for name, value in known.items() if name in names}


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def _said(error: Exception) -> str:
    meaning = next(text for kind, text in _LOST.items() if isinstance(error, kind))
    return f"{meaning} ({redact(str(error))[:200]})"


def _judge(response: Response, ask: Ask, at: datetime) -> Failure:
    said = " ".join(re.sub(rb"<[^>]*>", b" ", response.body[:2000]).decode("utf-8", "replace").split())
    for token in _tokens_of(ask):  # "Malformed access token EAAG…", says Facebook.
        said = said.replace(token, "…")
    reason = f"{_shown(ask.url)}: HTTP {response.status}" + (f": {redact(said)[:_LONGEST_SAID]}" if said else "")
    retry_after = _retry_after(response, at)
    # Who names a rate limit or tells when to come back is busy, not closed; who answers 503 with a captcha is closed.
    refused = (response.status in _REFUSED or looks_like_a_challenge(response.body)) and retry_after is None
    return Failure(reason, refused=refused, retry_after=retry_after)


def _tokens_of(ask: Ask) -> list[str]:
    """What a request carried that nobody should read: a header's token, a key in the query."""
    carried = [value.split()[-1] for name, value in ask.headers.items() if name.lower() in _CARRIERS and value.strip()]
    carried += [unquote_plus(found[2]) for found in _SECRET.finditer(ask.url)]
    return [token for token in carried if len(token) >= _SHORTEST_TOKEN]


def _retry_after(response: Response, at: datetime) -> float | None:
    """Seconds until a site wants to be asked again: as Retry-After says, or the end of a limit that is used up.

    Those are seconds, a moment of epoch, or a date; `at` stands for a `Date` that the site does not send.
    """
    headers = _headers(response)
    given = headers.get("retry-after", "").strip()
    if not given and response.status == _TOO_MANY:
        given = next((headers[name].strip() for name in _LIMIT_ENDS if headers.get(name)), "")
    now = read_date(headers.get("date"), _FAR).at or at
    if given.replace(".", "", 1).isdecimal():
        seconds = float(given)
        seconds = seconds - now.timestamp() if seconds > _EPOCH else seconds
    else:
        until = read_date(given, _FAR).at if given else None
        if until is None:
            return None
        seconds = (until - now).total_seconds()
    return max(0.0, min(seconds, 86_400.0))


def redact(text: str) -> str:
    """The text without tokens that stand in addresses."""
    return _SECRET.sub(r"\1=…", text)


def _shown(url: str) -> str:
    return redact(url)[:300]
