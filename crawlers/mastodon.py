"""Mastodon and servers that speak its API: hashtag timelines, and search where a token is given."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from pydantic import Field, model_validator

from config.section import Section
from crawlers.fetching.visit import Visit
from crawlers.kind import Kind
from crawlers.parsing.dates import read_date
from crawlers.parsing.jsonbody import dig, expect, load, read_line
from crawlers.parsing.markup import html_to_text
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import Gone, Refused, WindowRead

_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*rel="?next"?')
_LONGEST_WALK, _LONGEST_BACKFILL = 200, 5_000
_WATCHED = 500
_GONE = frozenset((404, 410))


class Options(Section):
    """`tags` are read without an account; `query` is searched with the token in `token_env`, and is a tag without."""

    base_url: str = "https://mastodon.social"
    tags: list[str] = []
    query: str | None = None
    token_env: str = "MASTODON_TOKEN"  # noqa: S105 (the name of a variable)
    page_size: int = Field(default=40, ge=1, le=40)

    @model_validator(mode="after")
    def _something_to_read(self) -> Options:
        if not self.tags and not self.query:
            raise ValueError("write `tags: [サクラホテル]` or `query: サクラホテル`")
        return self


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """Statuses of a timeline (a list), of a search, of one status, or of one streaming event."""
    events = _events(body)
    if events:
        yield from each(events, _event)
        return
    found = load(body)
    if isinstance(found, dict) and "statuses" in found:
        found = found["statuses"]
    elif isinstance(found, dict) and "content" in found and "account" in found:
        found = [found]
    elif isinstance(found, dict) and "ancestors" in found and "descendants" in found:
        found = [one for name in ("ancestors", "descendants") if isinstance(found[name], list) for one in found[name]]
    if not isinstance(found, list):
        said = found.get("error") if isinstance(found, dict) else found
        raise Unreadable(f"no statuses: {str(said)[:120]!r}")
    # Notifications and conversations hold a status each.
    statuses = [dig(entry, "status") or dig(entry, "last_status") or entry for entry in found]
    yield from each(expect(statuses, "account", "content"), _status)


def _events(body: bytes) -> list[dict[str, Any]]:
    """The events of a stream: a frame of a socket a line, or `event:` and `data:` lines; none in any other answer."""
    lines = body.decode("utf-8-sig", "replace").splitlines()
    if any(line.startswith("event:") for line in lines[:20]):
        names = [line[6:].strip() for line in lines if line.startswith("event:")]
        payloads = [line[5:].strip() for line in lines if line.startswith("data:")]
        return [{"event": name, "payload": payload} for name, payload in zip(names, payloads, strict=False)]
    try:
        frames = [json.loads(body, strict=False)]
    except (ValueError, RecursionError):
        frames = [read_line(line) for line in lines if line.strip()]
    if all(isinstance(dig(frame, "payload"), str) and isinstance(dig(frame, "event"), str) for frame in frames):
        return frames
    return []


def _event(event: dict[str, Any]) -> Parsed | None:
    """A streaming event: its payload is JSON in a string, or the id of what was deleted."""
    if event["event"] == "delete":
        return Gone(event["payload"])
    if event["event"] not in ("update", "status.update", "notification"):
        return None
    told = json.loads(event["payload"], strict=False)
    return _status(dig(told, "status") or told)


def _status(status: dict[str, Any]) -> Parsed | None:
    status = status.get("reblog") or status  # A boost is no utterance of its own.
    if "content" not in status:
        return None  # That somebody follows us, say.
    account = status.get("account") or {}
    if "#nobot" in html_to_text(str(account.get("note") or "")).lower():
        return Refused("ignored", "its author asks not to be collected (#nobot)", str(status.get("uri")))
    spoiler = str(status.get("spoiler_text") or "")
    content = str(status.get("content") or "")
    return Raw(
        # Ids differ from server to server; the uri does not.
        external_id=status.get("uri") or status["id"],
        kind="post",
        text=f"<p>{spoiler}</p>{content}" if spoiler else content,
        html=True,
        author_id=account.get("uri") or account.get("url") or account.get("acct"),
        author_name=account.get("display_name") or account.get("acct"),
        author_url=account.get("url"),
        language=status.get("language"),
        url=status.get("url") or status.get("uri"),
        posted_at=status.get("created_at"),
        edited_at=status.get("edited_at"),
        reach={
            name: count
            for name, count in (
                ("likes", status.get("favourites_count")),
                ("reposts", status.get("reblogs_count")),
                ("replies", status.get("replies_count")),
                ("followers", account.get("followers_count")),
            )
            if count is not None
        },
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Every tag and the search back to the beginning of the window; then asks for what was there and is missing."""
    options: Options = visit.options
    token = os.environ.get(options.token_env, "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    tags = [tag.lstrip("#") for tag in options.tags]
    if options.query and not token:
        tags.append("".join(options.query.lstrip("#").split()))
    walks = [_Walk(visit, headers, f"/api/v1/timelines/tag/{quote(tag, safe='')}", {}) for tag in dict.fromkeys(tags)]
    if options.query and token:
        walks.append(_Walk(visit, headers, "/api/v2/search", {"q": options.query, "type": "statuses"}))
    for walk in walks:
        async for parsed in walk.read():
            yield parsed
    seen: dict[str, str] = {}
    for walk in walks:
        seen |= walk.seen
    watched: dict[str, str] = visit.before.get("watched", {})
    for uri in [uri for uri in watched if uri not in seen]:
        answer = await visit.get(f"{_base(options)}/api/v1/statuses/{watched[uri]}", headers=headers, accept=_ANY)
        if answer.status in _GONE:
            yield Gone(uri)
        elif answer.status == 200:  # Out of the tag's window, or of the search's favour, but there.
            for parsed in parse(answer.body, answer.page()):
                yield parsed
            seen.setdefault(uri, watched[uri])
    visit.cursor["watched"] = dict(sorted(seen.items(), key=lambda pair: _number(pair[1]), reverse=True)[:_WATCHED])
    if walks and all(walk.whole for walk in walks):
        yield WindowRead(visit.job.from_when, frozenset(seen))


_ANY = _GONE | {401, 403, 422}


class _Walk:
    """One timeline or search, newest first. `seen` maps uri to the id on this server; `whole`: read completely."""

    def __init__(self, visit: Visit, headers: dict[str, str], path: str, query: dict[str, str]) -> None:
        self._visit, self._headers, self._query = visit, headers, query
        self._address = f"{_base(visit.options)}{path}"
        self.seen: dict[str, str] = {}
        self.whole = False

    async def read(self) -> AsyncIterator[Parsed]:
        size = self._visit.options.page_size
        url: str | None = f"{self._address}?{urlencode({**self._query, 'limit': size})}"
        for number in range(1, (_LONGEST_BACKFILL if self._visit.job.since else _LONGEST_WALK) + 1):
            assert url is not None
            answer = await self._visit.get(url, headers=self._headers)
            before, oldest = len(self.seen), self._visit.at
            for parsed in parse(answer.body, answer.page()):
                if isinstance(parsed, Raw):
                    oldest = min(oldest, self._moment(parsed))
                yield parsed
            self._remember(answer.body)
            url = self._next(answer.headers, answer.url, number, size)
            if url is None or len(self.seen) == before or oldest < self._visit.job.from_when:
                # A search shows what its index holds; only a timeline shows everything.
                self.whole = not self._query
                return

    def _moment(self, raw: Raw) -> datetime:
        return read_date(raw.posted_at, self._visit.at).at or self._visit.at

    def _remember(self, body: bytes) -> None:
        found = json.loads(body, strict=False)
        for status in found["statuses"] if isinstance(found, dict) else found:
            if isinstance(status, dict) and status.get("id"):
                self.seen[str(status.get("uri") or status["id"])] = str(status["id"])

    def _next(self, headers: Any, url: str, number: int, size: int) -> str | None:
        if self._query:  # Search pages by offset and says nothing of the next page.
            enough = len(self.seen) >= number * size
            return (
                f"{self._address}?{urlencode({**self._query, 'limit': size, 'offset': number * size})}"
                if enough
                else None
            )
        found = _NEXT.search(headers.get("link", ""))
        target = urljoin(url, found[1]) if found else None
        if target and not self._visit.same_site(target, url):
            # Behind a proxy the link may name another host: only the position in it is believed.
            target = f"{self._address}?{target.partition('?')[2]}"
        return target


def _base(options: Options) -> str:
    return options.base_url.rstrip("/")


def _number(text: str) -> int:
    """Ids are numbers in strings: as strings they sort wrongly."""
    return int(text) if text.isdecimal() and len(text) < 40 else 0


KIND = Kind("mastodon", Options, parse, crawl)
