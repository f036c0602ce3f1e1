"""Apple's customer reviews feed: values wrapped in labels, 50 a page, ten pages, Pacific time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kintsugi.demo.world import Said

APP_ID = 1600250417
DEEPEST = 10
TOO_DEEP = b"CustomerReviews RSS page depth is limited to 10"
_PAGE = 50
_PACIFIC = ZoneInfo("America/Los_Angeles")
_CONTENT_TYPE = {"jp": "アプリケーション"}


def reviews_feed(said: Sequence[Said], country: str, app: int, page: int, at: datetime, base_url: str) -> bytes:
    """One page of the feed, last changed first: an edited review comes to the top under its old id.

    As Apple's does, `entry` is a list, one object when there is one review, and missing when there is none.
    """
    newest = sorted(said, key=lambda one: (one.changed_at, one.id), reverse=True)
    shown = [_entry(one, app) for one in newest[(page - 1) * _PAGE : page * _PAGE]]
    last = min(DEEPEST, max(1, -(-len(newest) // _PAGE)))
    address = f"{base_url}/{country}/rss/customerreviews/page={{}}/id={app}/sortby=mostrecent/json"
    feed: dict[str, Any] = {
        "author": {"name": _label("iTunes Store"), "uri": _label("http://www.apple.com/itunes/")},
        **({"entry": shown[0] if len(shown) == 1 else shown} if shown else {}),
        "updated": _label(_pacific(at)),
        "rights": _label("Copyright 2008 Apple Inc."),
        "title": _label("iTunes Store: Customer Reviews"),
        "icon": _label("http://itunes.apple.com/favicon.ico"),
        "link": [
            _link("self", address.format(page)),
            _link("first", address.format(1) if shown else ""),
            _link("last", address.format(last) if shown else ""),
            _link("previous", address.format(max(1, page - 1)) if shown else ""),
            _link("next", address.format(min(last, page + 1)) if shown else ""),
        ],
        "id": _label(address.format(page)),
    }
    return json.dumps({"feed": feed}, ensure_ascii=False).encode()


def _entry(one: Said, app: int) -> dict[str, Any]:
    store = f"https://itunes.apple.com/{one.country}"
    return {
        "author": {"uri": _label(f"{store}/reviews/id{one.author_id}"), "name": _label(one.author), "label": ""},
        "updated": _label(_pacific(one.changed_at)),
        "im:rating": _label(str(one.rating)),
        "im:version": _label(one.version),
        "id": _label(one.id),
        "title": _label(one.title),
        "content": {"label": one.text, "attributes": {"type": "text"}},
        "link": _link("related", f"{store}/review?id={app}&type=Purple%20Software"),
        "im:voteSum": _label(str(one.likes)),
        "im:contentType": {
            "attributes": {"term": "Application", "label": _CONTENT_TYPE.get(one.country or "", "Application")}
        },
        "im:voteCount": _label(str(one.likes + one.likes // 4)),
    }


def _label(value: str | None) -> dict[str, str]:
    return {"label": value or ""}


def _link(rel: str, href: str) -> dict[str, Any]:
    return {"attributes": {"rel": rel, "href": href}}


def _pacific(at: datetime) -> str:
    return at.astimezone(_PACIFIC).isoformat(timespec="seconds")
