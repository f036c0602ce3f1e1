"""Pages: each row that was there comes once and in order, whatever is written between two pages."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kintsugi.app import App
from storage.listing import list_mentions
from tests.responder.story import START, Story
from tests.web.api.conftest import Client

NUMBERS = count(1)


def write_mention(app: App, hours: int) -> None:
    with app.database.write() as session:
        story = Story(session, app.settings)
        story.later(hours=hours)
        name = f"p{next(NUMBERS)}"
        story.review(name, text="x", author_id=name)
        list_mentions(session, [story.mention(name).id])


@settings(derandomize=True, max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 7), hours=st.lists(st.integers(-3, 12), max_size=3))
def test_every_mention_comes_once_while_others_are_written(
    app: App, client: Client, limit: int, hours: list[int]
) -> None:
    api, waiting = client("reader"), list(hours)
    there = [row["id"] for row in api.get("mentions?limit=200").json()["items"]]
    got, cursor = [], None
    while True:
        page = api.get("mentions", params={"limit": limit} | ({"cursor": cursor} if cursor else {})).json()
        assert len(page["items"]) <= limit
        got += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        if waiting:
            write_mention(app, waiting.pop())
    assert [one for one in got if one in there] == there
    assert len(set(got)) == len(got)


@pytest.mark.parametrize("path", ["cases?order=due", "cases", "mentions", "sources/maps/crawls"])
def test_pages_of_one_are_the_same_rows(client: Client, path: str) -> None:
    api, joint = client("lead"), "&" if "?" in path else "?"
    whole, got, cursor = api.get(f"{path}{joint}limit=200").json()["items"], [], ""
    while cursor is not None:
        page = api.get(f"{path}{joint}limit=1{cursor}").json()
        got += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert got == whole
    assert len(got) >= 3


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "WzFd", "W251bGwsOTk5OTk5OTk5OTk5OTk5XQ", "bnVsbA", "%F0%9F%92%A5", "W1tbW1tb"]
)
def test_what_is_no_cursor_is_refused(client: Client, cursor: str) -> None:
    answer = client("reader").get(f"mentions?cursor={cursor}")
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_cursor")


def test_rows_are_as_old_as_their_moments(client: Client) -> None:
    rows = client("reader").get("mentions?limit=200").json()["items"]
    assert rows[-1]["at"].startswith(f"{START:%Y-%m-%dT02}")
