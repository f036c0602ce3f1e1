"""YouTube: comments below videos, and of all videos of a channel."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pydantic import model_validator

from config.section import Section
from crawlers.fetching.visit import Answer, Ask, Failure, Visit, secret
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import dig, expect, listed, load, said
from crawlers.parsing.raw import Page, Parsed, Raw, each
from storage.item import WindowRead

_CLOSED = {"commentsDisabled", "videoNotFound", "channelNotFound", "commentNotFound", "parentCommentNotFound"}
_MOST_PAGES = 50  # of 100 replies
_MARKUP = re.compile(r"<(?:br|a|b|i|s)\b|&(?:amp|lt|gt|quot|#\d+);", re.IGNORECASE)


class Options(Section):
    """`videos` by id and `channel` by id; `search` keeps comments with these words. The key is in `key_env`."""

    videos: list[str] = []
    channel: str | None = None
    search: str | None = None
    key_env: str = "YOUTUBE_API_KEY"
    base_url: str = "https://www.googleapis.com"

    @model_validator(mode="after")
    def _something_to_read(self) -> Options:
        if not self.videos and not self.channel:
            raise ValueError("write `videos: [id]` or `channel: id`")
        return self


def parse(body: bytes, _page: Page) -> Iterator[Parsed]:
    """Threads with the replies that come with them, or comments."""
    found = load(body)
    if dig(found, "kind") in ("youtube#commentThread", "youtube#comment"):
        found = {"items": [found]}
    yield from each(list(_comments(expect(listed(found, "items"), "snippet"))), _comment)


def _comments(items: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Each comment with the address of the page where its thread stands, or None."""
    for item in items:
        top = dig(item, "snippet", "topLevelComment")
        video, channel = dig(item, "snippet", "videoId"), dig(item, "snippet", "channelId")
        # Only a thread says which page it belongs to; the channel of a bare comment is that of its video.
        page = f"channel/{channel}/community?lc=" if top and channel and not video else None
        page = f"watch?v={video}&lc=" if video else page
        yield (top or item), page
        replies = dig(item, "replies", "comments")
        for reply in replies if isinstance(replies, list) else []:
            yield reply, page


def _comment(pair: tuple[dict[str, Any], Any]) -> Raw | None:
    comment, page = pair
    told = comment["snippet"]
    if "textOriginal" not in told and "textDisplay" not in told:
        return None  # A video or a channel in a list of something else.
    identity, video = comment["id"], told.get("videoId")
    page = f"watch?v={video}&lc=" if video else page
    plain, shown = told.get("textOriginal"), told.get("textDisplay")
    posted, updated = told.get("publishedAt"), told.get("updatedAt")
    return Raw(
        external_id=identity,
        kind="post",
        text=plain if plain is not None else shown,
        html=plain is None and _MARKUP.search(str(shown)) is not None,  # We ask for plain text.
        author_id=dig(told, "authorChannelId", "value"),
        author_name=told.get("authorDisplayName"),
        author_url=told.get("authorChannelUrl"),
        url=f"https://www.youtube.com/{page}{identity}" if page else None,
        posted_at=posted,
        edited_at=updated if updated != posted else None,
        reach={"likes": told.get("likeCount")},
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first of the channel and of each video, until the window is read; then the replies that were left out.

    A thread comes with five replies at most. The others cost a request: they are asked for when their number changed.
    """
    options: Options = visit.options
    asking = _Asking(options, secret(options.key_env))
    lists = [{"videoId": video} for video in options.videos]
    lists += [{"allThreadsRelatedToChannelId": options.channel}] if options.channel else []
    threads: dict[str, _Thread] = {}
    for which in lists:
        paging = _Paging(asking, which)
        async for parsed in Walk(visit, _or_closed, paging).read(paging.ask(None)):
            yield parsed
        threads |= paging.longer
    known: dict[str, int] = {} if visit.job.since else visit.before.get("replies", {})
    for identity, thread in threads.items():
        if known.get(identity) != thread.replies:
            async for parsed in _replies(visit, asking, identity, thread.video):
                yield parsed
    visit.cursor["replies"] = {identity: thread.replies for identity, thread in threads.items()}


async def _replies(visit: Visit, asking: _Asking, thread: str, video: str | None) -> AsyncIterator[Parsed]:
    """All replies of a thread. They do not say below which video they stand."""
    token: str | None = None
    for _ in range(_MOST_PAGES):
        answer = await visit.ask(asking.of("comments", {"parentId": thread}, token))
        for parsed in _or_closed(answer.body, answer.page()):
            if isinstance(parsed, Raw) and video:
                parsed.url = f"https://www.youtube.com/watch?v={video}&lc={parsed.external_id}"
            yield parsed
        token = _next_page(answer)
        if token is None:
            return


def _or_closed(body: bytes, page: Page) -> Iterator[Parsed]:
    """A video whose comments are off has none; another error is one."""
    found = load(body)
    if dig(found, "error") and dig(found, "error", "errors", 0, "reason") in _CLOSED:
        return
    if dig(found, "error"):
        raise Failure(said(found))
    yield from parse(body, page)


@dataclass(frozen=True)
class _Asking:
    """Makes requests of the API."""

    options: Options
    key: str

    def of(self, what: str, which: dict[str, Any], token: str | None) -> Ask:
        query = {
            "part": "snippet,replies" if what == "commentThreads" else "snippet", "maxResults": "100",
            "textFormat": "plainText", "key": self.key, **which, **({"pageToken": token} if token else {}),
        }  # fmt: skip
        url = f"{self.options.base_url.rstrip('/')}/youtube/v3/{what}?{urlencode(query)}"
        return Ask(url, accept=frozenset((403, 404)))


@dataclass(frozen=True)
class _Thread:
    replies: int
    video: str | None


class _Paging:
    """Asks for the next page of threads, and remembers those that have more replies than came with them."""

    def __init__(self, asking: _Asking, which: dict[str, Any]) -> None:
        self._asking, self._which = asking, {"order": "time", **which}
        if asking.options.search:
            self._which["searchTerms"] = asking.options.search
        self.longer: dict[str, _Thread] = {}

    def ask(self, token: str | None) -> Ask:
        return self._asking.of("commentThreads", self._which, token)

    def __call__(self, answer: Answer, _number: int) -> Ask | None:
        items = dig(load(answer.body), "items")
        for item in items if isinstance(items, list) else []:
            identity, count = dig(item, "id"), dig(item, "snippet", "totalReplyCount")
            inline = dig(item, "replies", "comments")
            if (
                isinstance(identity, str)
                and isinstance(count, int)
                and count > (len(inline) if isinstance(inline, list) else 0)
            ):
                video = dig(item, "snippet", "videoId")
                self.longer[identity] = _Thread(count, video if isinstance(video, str) else None)
        token = _next_page(answer)
        return self.ask(token) if token else None


def _next_page(answer: Answer) -> str | None:
    token = dig(load(answer.body), "nextPageToken")
    return token if isinstance(token, str) and token else None


KIND = Kind("youtube", Options, parse, crawl)
