"""YouTube: comments below videos, and of all videos of a channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from pydantic import model_validator

from config.section import Section
from crawlers.jsonbody import dig, expect, listed, load, said
from crawlers.kind import Kind
from crawlers.raw import Page, Parsed, Raw, each
from crawlers.visit import Answer, Ask, Failure, Visit, secret
from crawlers.walk import Walk
from storage.item import WindowRead

_CLOSED = {"commentsDisabled", "videoNotFound", "channelNotFound"}


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
    """Each comment with the id of its video."""
    for item in items:
        video = dig(item, "snippet", "videoId")
        top = dig(item, "snippet", "topLevelComment")
        yield (top or item), video
        replies = dig(item, "replies", "comments")
        for reply in replies if isinstance(replies, list) else []:
            yield reply, video


def _comment(pair: tuple[dict[str, Any], Any]) -> Raw | None:
    comment, video = pair
    told = comment["snippet"]
    if "textOriginal" not in told and "textDisplay" not in told:
        return None  # A video or a channel in a list of something else.
    identity, video = comment["id"], told.get("videoId") or video
    plain = told.get("textOriginal")
    posted, updated = told.get("publishedAt"), told.get("updatedAt")
    url: str | None
    if video:
        url = f"https://www.youtube.com/watch?v={video}&lc={identity}"
    else:
        channel = told.get("channelId")
        url = f"https://www.youtube.com/channel/{channel}/community?lc={identity}" if channel else None
    return Raw(
        external_id=identity,
        kind="post",
        text=plain if plain is not None else told.get("textDisplay"),
        html=plain is None,
        author_id=dig(told, "authorChannelId", "value"),
        author_name=told.get("authorDisplayName"),
        author_url=told.get("authorChannelUrl"),
        url=url,
        posted_at=posted,
        edited_at=updated if updated != posted else None,
        reach={"likes": told.get("likeCount")},
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Newest first of the channel and of each video, until the window is read."""
    options: Options = visit.options
    key = secret(options.key_env)
    lists = [{"videoId": video} for video in options.videos]
    lists += [{"allThreadsRelatedToChannelId": options.channel}] if options.channel else []
    for which in lists:
        paging = _Paging(options, key, which)
        async for parsed in Walk(visit, _or_closed, paging).read(paging.ask(None)):
            yield parsed


def _or_closed(body: bytes, page: Page) -> Iterator[Parsed]:
    """A video whose comments are off has none; another error is one."""
    found = load(body)
    if dig(found, "error") and dig(found, "error", "errors", 0, "reason") in _CLOSED:
        return
    if dig(found, "error"):
        raise Failure(said(found))
    yield from parse(body, page)


class _Paging:
    def __init__(self, options: Options, key: str, which: dict[str, Any]) -> None:
        self._url = f"{options.base_url.rstrip('/')}/youtube/v3/commentThreads"
        self._query = {
            "part": "snippet,replies", "order": "time", "maxResults": "100", "textFormat": "plainText",
            "key": key, **which,
        }  # fmt: skip
        self._query |= {"searchTerms": options.search} if options.search else {}

    def ask(self, token: str | None) -> Ask:
        query = {**self._query, **({"pageToken": token} if token else {})}
        return Ask(f"{self._url}?{urlencode(query)}", accept=frozenset((403, 404)))

    def __call__(self, answer: Answer, _number: int) -> Ask | None:
        token = dig(load(answer.body), "nextPageToken")
        return self.ask(token) if isinstance(token, str) and token else None


KIND = Kind("youtube", Options, parse, crawl)
