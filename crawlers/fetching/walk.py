"""Walks through a listing page by page, newest first, until the window is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime

from crawlers.fetching.visit import Answer, Ask, Visit
from crawlers.parsing.dates import read_date
from crawlers.parsing.raw import Page, Parsed, Raw
from storage.item import Refused, WindowRead

_USUAL, _BACKFILL = 200, 5_000  # pages: a crawl that is due must end, one that somebody asked for must not end early
Following = Callable[[Answer, int], Ask | None]


class Walk:
    """One listing, back to the beginning of the window or to another moment.

    Afterwards `ids` are all that it holds, and `whole` says that nothing was left out: an entry that could not be read
    may be any of those that are missed.
    """

    def __init__(
        self,
        visit: Visit,
        parse: Callable[[bytes, Page], Iterator[Parsed]],
        following: Following,
        *,
        newest_first: bool = True,
        most_pages: int | None = None,
        back_to: datetime | None = None,
    ) -> None:
        self._visit, self._parse, self._following = visit, parse, following
        self._newest_first = newest_first
        self._most_pages = most_pages or (_BACKFILL if visit.job.since else _USUAL)
        self._back_to = back_to or visit.job.from_when
        self.ids: set[str] = set()
        self.whole = False
        self._broken = False

    async def read(self, ask: Ask) -> AsyncIterator[Parsed]:
        """All pages from `ask` on. `following` makes the request for the next page of an answer, or None at the end."""
        for number in range(1, self._most_pages + 1):
            answer = await self._visit.ask(ask)
            before, newest = len(self.ids), None
            for parsed in self._parse(answer.body, answer.page(self._visit.options)):
                if isinstance(parsed, Raw):
                    self.ids.add(str(parsed.external_id))
                    moment = read_date(parsed.edited_at or parsed.posted_at, self._visit.at, self._visit.job.zone).at
                    newest = max(filter(None, (newest, moment)), default=None)
                self._broken = self._broken or (isinstance(parsed, Refused) and parsed.disposition == "rejected")
                yield parsed
            older = self._newest_first and newest is not None and newest < self._back_to
            following = self._following(answer, number)
            # A page that brings nothing new leads in a circle.
            if older or following is None or len(self.ids) == before:
                self.whole = not self._broken
                return
            ask = following

    def window(self) -> Iterator[WindowRead]:
        """What may be said of the window: a complete read, or nothing."""
        if self.whole:
            yield WindowRead(self._visit.job.from_when, frozenset(self.ids))
