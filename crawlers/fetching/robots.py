"""robots.txt, asked for once a host."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class Robots(RobotsTxtMiddleware):
    """Scrapy's, one request a host at a time.

    When several first requests wait for the same robots.txt, Scrapy 2.19 tells only one of them what it says, and the
    others go ahead (they await one Deferred, whose result the first takes away).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host, or None where it has none."""
        async with self._asking[urlparse_cached(request).netloc]:
            return await super().robot_parser(request)
