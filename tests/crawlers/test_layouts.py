"""What other recordings of the same sources hold: each layout is read, and nothing is invented."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.parsing.raw import Page, Unreadable
from crawlers.registry import kind_named
from storage.item import Gone
from tests.crawlers.layouts import LAYOUTS, TWEET, js
from tests.crawlers.test_every_kind import items
from tests.crawlers.test_variations import only

LIKE = {"item": "like", "verb": "remove", "post_id": "1_2", "sender_id": 9, "created_time": 1_762_000_000}


@pytest.mark.parametrize(
    ("kind", "body", "expected"), LAYOUTS, ids=lambda given: given if isinstance(given, str) else ""
)
def test_another_layout_is_read(kind: str, body: bytes, expected: list[dict[str, Any]]) -> None:
    found = items(kind, body)
    assert [{name: getattr(one, name) for name in said} for one, said in zip(found, expected, strict=True)] == expected
    assert len({one.external_id for one in found}) == len(found)


def test_an_edited_post_keeps_its_first_moment() -> None:
    found = only("x", js({"data": [TWEET]}))
    assert found.posted_at is not None
    assert found.edited_at is not None
    assert found.edited_at == datetime(2025, 11, 18, 8, 10, tzinfo=UTC)
    assert found.posted_at < found.edited_at


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("x", js([{"id_str": "9", "name": "Ann", "screen_name": "ann", "followers_count": 3}])),
        ("x", js({"data": [{"id": "1", "event_type": "MessageCreate", "text": "private"}]})),
        ("facebook_page", js({"object": "page", "entry": [{"changes": [{"field": "feed", "value": LIKE}]}]})),
        ("facebook_page", js({"id": "m_1", "message": "private", "created_time": "2026-11-01T00:00:00+0000"})),
        ("facebook_page", js({"data": [{"id": "1", "name": "Cover", "created_time": "2026-11-01T00:00:00+0000"}]})),
        ("reddit", js({"kind": "Listing", "data": {"children": [{"kind": "t5", "data": {"display_name": "japan"}}]}})),
    ],
)
def test_what_is_no_post_becomes_none(kind: str, body: bytes) -> None:
    with suppress(Unreadable):
        assert list(kind_named(kind).parse(body, Page())) == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("hacker_news", js({"id": 9, "type": "comment", "deleted": True, "time": 1_762_000_000})),
        ("reddit", js({"kind": "t1", "data": {"id": "9", "name": "9", "body": "[ Removed by Reddit ]"}})),
        (
            "facebook_page",
            js({"object": "page", "entry": [{"changes": [{"value": {"verb": "remove", "post_id": "9"}}]}]}),
        ),
    ],
)
def test_what_the_source_shows_as_deleted_is_gone(kind: str, body: bytes) -> None:
    assert list(kind_named(kind).parse(body, Page())) == [Gone("9")]
