"""Mastodon's API: hashtag timelines with Link paging, single statuses, HTML content, numeric ids in strings."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from kintsugi.demo.world import START, Said

INSTANCE = "mstdn.example"
LARGEST_PAGE = 40
NOT_FOUND = b'{"error":"Record not found"}'
_USUAL_PAGE = 20
_TAG = re.compile(r"#(\w+)")


def timeline(said: Sequence[Said], tag: str, query: Mapping[str, str], base_url: str) -> tuple[bytes, str | None]:
    """A page of a hashtag's timeline, newest first, and its Link header (None: no neighbouring page).

    `query` may hold limit, max_id, since_id (the newest after it) and min_id (the ones right after it).
    """
    tagged = sorted((one for one in said if _has_tag(one, tag)), key=lambda one: int(one.id), reverse=True)
    limit = min(max(_whole(query.get("limit")) or _USUAL_PAGE, 1), LARGEST_PAGE)
    below, above = _whole(query.get("max_id")), _whole(query.get("since_id"))
    right_after = _whole(query.get("min_id"))
    after = right_after if right_after is not None else above
    found = [one for one in tagged if (below is None or int(one.id) < below) and (after is None or int(one.id) > after)]
    page = found[-limit:] if right_after is not None else found[:limit]
    body = json.dumps([_status(one) for one in page], ensure_ascii=False).encode()
    return body, _links(page, limit, f"{base_url}/api/v1/timelines/tag/{quote(tag, safe='')}")


def status(said: Sequence[Said], identity: str) -> bytes | None:
    """One status; None when there is none of that id (any more)."""
    found = next((one for one in said if one.id == identity), None)
    return None if found is None else json.dumps(_status(found), ensure_ascii=False).encode()


def _links(page: Sequence[Said], limit: int, address: str) -> str | None:
    links = []
    if len(page) == limit:
        links.append(f'<{address}?{urlencode({"limit": limit, "max_id": page[-1].id})}>; rel="next"')
    if page:
        links.append(f'<{address}?{urlencode({"limit": limit, "min_id": page[0].id})}>; rel="prev"')
    return ", ".join(links) or None


def _status(one: Said) -> dict[str, Any]:
    account = _account(one)
    user, _, host = str(account["acct"]).partition("@")
    home = f"https://{host or INSTANCE}"
    tags = list(dict.fromkeys(tag.lower() for tag in _TAG.findall(one.text)))
    return {
        "id": one.id,
        "created_at": _moment(one.posted_at),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": one.language,
        "uri": f"{home}/users/{user}/statuses/{one.id}",
        "url": f"{home}/@{user}/{one.id}",
        "replies_count": one.likes // 6,
        "reblogs_count": one.likes // 3,
        "favourites_count": one.likes,
        "edited_at": _moment(one.edited_at) if one.edited_at else None,
        "content": _content(one.text),
        "reblog": None,
        "account": account,
        "media_attachments": [],
        "mentions": [],
        "tags": [{"name": tag, "url": f"https://{INSTANCE}/tags/{quote(tag)}"} for tag in tags],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def _account(one: Said) -> dict[str, Any]:
    acct = str(one.author_id)
    user, _, host = acct.partition("@")
    seed = int(hashlib.sha256(acct.encode()).hexdigest(), 16)
    home = f"https://{host or INSTANCE}"
    return {
        "id": str(109_000_000_000_000_000 + seed % 10**15),
        "username": user,
        "acct": acct,
        "display_name": one.author,
        "locked": False,
        "bot": False,
        "discoverable": True,
        "group": False,
        "created_at": f"{2017 + seed % 8}-0{1 + seed % 9}-1{seed % 10}T00:00:00.000Z",
        "note": "",
        "uri": f"{home}/users/{user}",
        "url": f"{home}/@{user}",
        "avatar": f"https://{INSTANCE}/avatars/original/missing.png",
        "avatar_static": f"https://{INSTANCE}/avatars/original/missing.png",
        "header": f"https://{INSTANCE}/headers/original/missing.png",
        "header_static": f"https://{INSTANCE}/headers/original/missing.png",
        "followers_count": 20 + seed % 900,
        "following_count": 10 + seed % 400,
        "statuses_count": 5 + seed % 5000,
        "last_status_at": START.date().isoformat(),
        "emojis": [],
        "fields": [],
    }


def _content(text: str) -> str:
    """What the server makes of a text: escaped, hashtags linked, lines as breaks."""
    parts = _TAG.split(text)
    made = [escape(part).replace("\n", "<br />") for part in parts]
    for at in range(1, len(parts), 2):
        link = f"https://{INSTANCE}/tags/{quote(parts[at].lower())}"
        made[at] = f'<a href="{link}" class="mention hashtag" rel="tag">#<span>{made[at]}</span></a>'
    return f"<p>{''.join(made)}</p>"


def _has_tag(one: Said, tag: str) -> bool:
    return tag.lower() in (found.lower() for found in _TAG.findall(one.text))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None
