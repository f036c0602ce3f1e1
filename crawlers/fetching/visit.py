"""One source's crawl while it runs: what a kind is handed to read its source with."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from crawlers.parsing.raw import Page
from crawlers.running.job import CrawlJob


class Failure(Exception):
    """A source could not be read on. `refused`: it does not want us; otherwise it may work next time."""

    def __init__(self, reason: str, *, refused: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.refused = refused
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered. Header names are lower-case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    def page(self, options: Any = None) -> Page:
        """For a parser: where the body came from and the character set that was declared."""
        content_type = self.headers.get("content-type", "")
        _, found, charset = content_type.lower().partition("charset=")
        return Page(self.url, charset.split(";")[0].strip(" \"'") if found else None, options)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request. `accept`: statuses besides 200 that are an answer and no failure (404: it is gone)."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    accept: frozenset[int] = frozenset()
    conditional: bool = False  # send the validators of last time; 304 is then an answer as well
    robots: bool = False  # a page, not an API: robots.txt decides
    render: str | None = None  # in a browser, until something fits this CSS or XPath


# Called before each request that goes out; raises Failure when those of the day are used up.
Spend = Callable[[], None]


class Fetch(Protocol):
    """Asks politely and answers, or raises Failure."""

    async def __call__(self, job: CrawlJob, ask: Ask, validators: dict[str, Any], spend: Spend) -> Answer: ...


@dataclass
class Visit:
    """A crawl of one source. The kind leaves in `cursor` what it wants back next time."""

    job: CrawlJob
    options: Any
    fetch: Fetch
    spend: Spend
    robots: bool = False
    cursor: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """The moment of the crawl."""
        return self.job.at

    @property
    def before(self) -> dict[str, Any]:
        """The cursor of last time."""
        return self.job.cursor

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset(),
        conditional: bool = False,
    ) -> Answer:
        """GET; an answer of 200, one of `accept`, or 304 when `conditional`. Raises Failure."""
        ask = Ask(url, headers=headers or {}, accept=accept, conditional=conditional, robots=self.robots)
        return await self.ask(ask)

    async def ask(self, ask: Ask) -> Answer:
        """Any request. Raises Failure."""
        validators: dict[str, Any] = self.cursor.setdefault("validators", {}) if ask.conditional else {}
        if ask.conditional and not self.job.since:  # A backfill wants the whole answer.
            known = self.before.get("validators", {}).get(ask.url)
            if known:
                validators[ask.url] = known
        return await self.fetch(self.job, ask, validators, self.spend)

    def same_site(self, url: str, base: str) -> bool:
        """Whether `url` is on the host of `base`: a token is sent nowhere else."""
        return urlsplit(url)[:2] == urlsplit(base)[:2]


def secret(name: str) -> str:
    """A token from the environment. Raises Failure that names the variable, never its value."""
    value = os.environ.get(name, "")
    if not value:
        raise Failure(f"{name} is not set: put it into .env or the environment")
    return value
