"""Facebook: the ratings of one's own page, what visitors post on it, and the comments there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from config.section import Section
from crawlers.fetching.signing import bearer
from crawlers.fetching.visit import Answer, Ask, Visit, secret
from crawlers.fetching.walk import Walk
from crawlers.kind import Kind
from crawlers.parsing.jsonbody import by_id, changes_in, dig, expect, load, said
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable, each
from storage.item import Gone, WindowRead

_RATING = "created_time,has_rating,has_review,rating,recommendation_type,review_text,reviewer,open_graph_story"
_SAID = "id,message,from,created_time,like_count,comment_count,permalink_url"
_COMMENT = f"{_SAID},comments.limit(25){{{_SAID}}}"
_POST = f"id,message,from,created_time,permalink_url,comments.order(reverse_chronological).limit(100){{{_COMMENT}}}"
_MOST_PAGES = 50
_PRIVATE = ("m_", "t_")  # messages and conversations
_SHOWN = ("add", "edited", "edit", "unhide", "unblock", "unmute", None)


class Options(Section):
    """`page_id`; the page's token is in the variable `token_env`."""

    page_id: str
    token_env: str = "FACEBOOK_PAGE_TOKEN"  # noqa: S105 (the name of a variable)
    version: str = "v21.0"
    base_url: str = "https://graph.facebook.com"


def parse(body: bytes, page: Page) -> Iterator[Parsed]:
    """Ratings, posts and comments of the Graph API, or a page's webhook."""
    found = load(body)
    own = page.options.page_id if isinstance(page.options, Options) else None
    if dig(found, "object") == "page" and isinstance(dig(found, "entry"), list):
        yield from each(changes_in(found), lambda pair: _change(pair[0], pair[1].get("time")))
        return
    entries = by_id(found) or dig(found, "data")
    if entries is None and isinstance(found, dict) and ("created_time" in found or "open_graph_story" in found):
        entries = [found]
    if not isinstance(entries, list):
        raise Unreadable(said(found))
    expect(entries, "created_time", "open_graph_story", "has_rating", "recommendation_type", "review_text", "message")
    yield from each(list(_with_comments(entries)), lambda entry: _entry(entry, own))


def _with_comments(entries: list[Any]) -> Iterator[Any]:
    for entry in entries:
        yield entry
        if isinstance(entry, dict) and "open_graph_story" not in entry:
            comments = dig(entry, "comments", "data")
            yield from _with_comments(comments if isinstance(comments, list) else [])


def _entry(entry: dict[str, Any], own: str | None) -> Raw | None:
    return _rating(entry) if _is_rating(entry) else _said(entry, own)


def _is_rating(entry: dict[str, Any]) -> bool:
    return any(name in entry for name in ("open_graph_story", "has_rating", "recommendation_type", "review_text"))


def _rating(entry: dict[str, Any]) -> Raw:
    """Stars until 2018; since then it is recommended or not, which is no number."""
    story = entry.get("open_graph_story") or {}
    reviewer = entry.get("reviewer") or {}
    seller = dig(story, "data", "seller", "id")
    answers = [one for one in dig(story, "comments", "data") or [] if seller and dig(one, "from", "id") == seller]
    recommends = entry.get("recommendation_type") or dig(story, "data", "recommendation_type")
    stars = entry.get("rating") if entry.get("has_rating") is not False else None
    return Raw(
        external_id=story.get("id") or f"{reviewer.get('id') or reviewer.get('name')}:{entry.get('created_time')}",
        kind="review",
        text=entry.get("review_text") or story.get("message") or dig(story, "data", "review_text"),
        author_id=reviewer.get("id"),
        author_name=reviewer.get("name"),
        rating=stars,
        rating_best=dig(story, "data", "rating", "scale"),
        url=dig(story, "permalink_url"),
        posted_at=entry.get("created_time") or story.get("start_time"),
        reach={"likes": dig(story, "likes", "count"), "replies": dig(story, "comments", "count")},
        reply_text=dig(answers, 0, "message"),
        reply_at=dig(answers, 0, "created_time"),
        note=f"recommendation: {recommends}" if recommends in ("positive", "negative") else None,
    )


def _said(entry: dict[str, Any], own: str | None) -> Raw | None:
    """A post or a comment; what the page says itself is none."""
    author = entry.get("from") or {}
    if (own and str(author.get("id")) == own) or str(entry.get("id")).startswith(_PRIVATE):
        return None
    text = entry.get("message") or entry.get("story")
    below = dig(entry, "comments", "data") or []
    answers = [one for one in below if own and str(dig(one, "from", "id")) == own]
    identity = entry.get("id") or entry.get("permalink_url")
    if text is None and (not (identity and "created_time" in entry) or "name" in entry):
        return None  # Albums and pictures have names.
    return Raw(
        external_id=identity or f"{author.get('id')}:{entry.get('created_time')}",
        kind="post",
        text=text,
        author_id=author.get("id"),
        author_name=author.get("name"),
        url=entry.get("permalink_url"),
        posted_at=entry.get("created_time"),
        reach={"likes": entry.get("like_count"), "replies": entry.get("comment_count")},
        reply_text=dig(answers, 0, "message"),
        reply_at=dig(answers, 0, "created_time"),
    )


def _change(change: dict[str, Any], told_at: Any) -> Parsed | None:
    """A webhook's change: what was added, edited or removed; a removal has ids only."""
    value = change["value"]
    if value.get("item") in ("like", "reaction"):
        return None  # Whoever takes back a like removes nothing else.
    rated = change.get("field") == "ratings" or value.get("item") == "rating"
    if rated and (value.get("comment_id") or value.get("reaction_type")):
        return None  # Below somebody's rating, mostly our own answer.
    identity = value.get("comment_id") or value.get("post_id") or value.get("open_graph_story_id")
    if value.get("verb") in ("remove", "delete", "hide"):
        return Gone(str(identity)) if identity else None
    author = value.get("from") or {
        "id": value.get("sender_id") or value.get("reviewer_id"),
        "name": value.get("sender_name") or value.get("reviewer_name"),
    }
    text = value.get("review_text") or value.get("message")
    recommends = value.get("recommendation_type")
    if not (text or (rated and (recommends or value.get("rating")))):
        return None
    if value.get("verb") not in _SHOWN:
        return None
    return Raw(
        external_id=identity,
        kind="review" if rated or value.get("review_text") else "post",
        text=text,
        author_id=author.get("id"),
        author_name=author.get("name"),
        rating=value.get("rating"),
        url=value.get("permalink_url") or dig(value, "post", "permalink_url"),
        posted_at=value.get("created_time"),
        edited_at=told_at if value.get("verb") in ("edited", "edit") else None,
        note=f"recommendation: {recommends}" if recommends else None,
    )


async def crawl(visit: Visit) -> AsyncIterator[Parsed | WindowRead]:
    """Ratings, then posts with their comments, newest first until the window is read."""
    options: Options = visit.options
    headers = bearer(secret(options.token_env))
    base = f"{options.base_url.rstrip('/')}/{options.version}"
    for edge, fields in (("ratings", _RATING), ("feed", _POST)):
        paging = GraphPaging(f"{base}/{options.page_id}/{edge}", {"fields": fields, "limit": "50"}, headers)
        async for parsed in Walk(visit, parse, paging).read(paging.ask(None)):
            yield parsed
    query = {"fields": _COMMENT, "limit": "100", "order": "reverse_chronological"}
    async for parsed in further_comments(visit, parse, paging.longer, base, query, headers):
        yield parsed


class GraphPaging:
    """Pages of the Graph API by cursor: its ready-made next link would carry the token.

    `longer` are the entries of all pages whose comments go on: their ids, and the cursor from which.
    """

    def __init__(self, url: str, query: dict[str, str], headers: dict[str, str]) -> None:
        self._url, self._query, self._headers = url, query, headers
        self.longer: dict[str, str] = {}

    def ask(self, after: str | None) -> Ask:
        """The page after a cursor, or the first."""
        query = {**self._query, **({"after": after} if after else {})}
        return Ask(f"{self._url}?{urlencode(query)}", headers=self._headers)

    def __call__(self, answer: Answer, _number: int) -> Ask | None:
        found = load(answer.body)
        entries = dig(found, "data")
        for entry in entries if isinstance(entries, list) else []:
            after, identity = _after(dig(entry, "comments", "paging")), dig(entry, "id")
            if after and isinstance(identity, str):
                self.longer[identity] = after
        after = _after(dig(found, "paging"))
        return self.ask(after) if after else None


def _after(paging: Any) -> str | None:
    """The cursor of the next page; the last page has a cursor as well, but no `next`."""
    after = dig(paging, "cursors", "after")
    return after if dig(paging, "next") and isinstance(after, str) else None


async def further_comments(
    visit: Visit,
    parse: Callable[[bytes, Page], Iterator[Parsed]],
    longer: Mapping[str, str],
    base: str,
    query: dict[str, str],
    headers: dict[str, str],
) -> AsyncIterator[Parsed]:
    """What stands below busy posts besides the newest hundred, back to where the last crawl began."""
    known: dict[str, str] = {} if visit.job.since else visit.before.get("comments", {})
    for post, after in longer.items():
        back_to = datetime.fromisoformat(known[post]) if post in known else visit.job.from_when
        paging = GraphPaging(f"{base}/{quote(post)}/comments", query, headers)
        walk = Walk(visit, parse, paging, most_pages=_MOST_PAGES, back_to=max(back_to, visit.job.from_when))
        async for parsed in walk.read(paging.ask(after)):
            yield parsed
    visit.cursor["comments"] = {post: visit.at.isoformat() for post in longer}


KIND = Kind("facebook_page", Options, parse, crawl, own=True)
