"""What holds for every kind: its true shape is read, garbage never escapes it, a broken entry harms no other."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from config.mistakes import ConfigurationError
from crawlers.parsing.normal import normalise
from crawlers.parsing.raw import Page, Parsed, Raw, Unreadable
from crawlers.registry import NAMES, kind_named, options_for
from crawlers.running.replay import as_json, replay
from storage.item import Item, Refused
from tests.crawlers.conftest import AT
from tests.crawlers.shapes import SHAPES

# Their answers hold no link of a review.
NO_LINK = (
    "file",
    "drop",
    "imap",
    "google_play",
    "google_play_console",
    "google_business",
    "app_store_connect",
    "facebook_page",
)
QUICK = settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
# Made once: Hypothesis looks into a strategy again wherever it is put together.
GARBAGE = (
    st.binary(max_size=200)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.text(max_size=200).map(lambda text: f"<html><body>{text}</body></html>".encode("utf-8", "replace"))
)
FEW_BYTES = st.binary(max_size=6)


def read(kind: str, body: bytes) -> list[Item | Refused]:
    found: list[Parsed] = list(kind_named(kind).parse(body, Page()))
    return [
        normalise(entry, AT) if isinstance(entry, Raw) else entry for entry in found if isinstance(entry, Raw | Refused)
    ]


def items(kind: str, body: bytes) -> list[Item]:
    return [entry for entry in read(kind, body) if isinstance(entry, Item)]


@pytest.mark.parametrize("kind", NAMES)
def test_the_true_shape_is_read_with_author_time_and_link(kind: str) -> None:
    body, texts = SHAPES[kind]
    found = items(kind, body)
    assert [item.text for item in found] == texts
    for item in found:
        assert item.external_id
        assert item.kind in ("review", "post")
        assert item.posted_at or item.edited_at
        assert item.author_name or kind in ("file", "drop", "google_business")
        assert item.url or kind in NO_LINK


@pytest.mark.parametrize("kind", NAMES)
@QUICK
@given(body=GARBAGE)
def test_arbitrary_bytes_never_raise_past_a_parser(kind: str, body: bytes) -> None:
    with suppress(Unreadable):
        read(kind, body)


@pytest.mark.parametrize("kind", NAMES)
@QUICK
@given(data=st.data())
def test_a_shape_that_was_tampered_with_never_raises_past_a_parser(kind: str, data: st.DataObject) -> None:
    body = SHAPES[kind][0]
    if body[:1] in (b"{", b"["):
        body = json.dumps(tampered(json.loads(body), data)).encode()
    else:
        start = data.draw(st.integers(0, len(body)))
        body = body[:start] + data.draw(FEW_BYTES) + body[start + data.draw(st.integers(0, 60)) :]
    with suppress(Unreadable):
        read(kind, body)


def tampered(value: Any, data: st.DataObject, depth: int = 0) -> Any:
    """The same value with one of its parts replaced by something else."""
    if not value or not isinstance(value, dict | list) or (depth > 1 and data.draw(st.booleans())):
        return data.draw(VALUES)
    copy = dict(value) if isinstance(value, dict) else list(value)
    key = data.draw(st.sampled_from(sorted(copy) if isinstance(copy, dict) else range(len(copy))))  # type: ignore[type-var]
    copy[key] = tampered(copy[key], data, depth + 1)  # type: ignore[call-overload, index]
    return copy


LISTS = {
    "app_store": ("feed", "entry"), "app_store_connect": ("data",), "google_play_console": ("reviews",),
    "google_business": ("reviews",), "google_places": ("result", "reviews"), "yelp": ("reviews",), "mastodon": (),
    "bluesky": ("posts",), "reddit": ("data", "children"), "hacker_news": ("hits",), "youtube": ("items",),
    "x": ("data",),
    "facebook_page": ("data",), "instagram": ("data",), "stack_exchange": ("items",),
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
@QUICK
@given(broken=VALUES)
def test_a_broken_entry_loses_none_of_its_neighbours(kind: str, broken: Any) -> None:
    body, texts = SHAPES[kind]
    answer = json.loads(body)
    entries = answer
    for key in LISTS[kind]:
        entries = entries[key]
    entries[:0] = [broken]
    entries.append(broken)
    assert [item.text for item in items(kind, json.dumps(answer).encode())] == texts


@pytest.mark.parametrize("kind", [kind for kind in NAMES if kind not in ("file", "drop", "feed")])
def test_an_error_body_holds_no_mention_and_says_what_it_is(kind: str) -> None:
    for body in (b'{"error": {"message": "quota exceeded", "code": 403}}', b"", b"<h1>Bad gateway</h1>", b"not json"):
        with pytest.raises(Unreadable) as error:
            read(kind, body)
        assert str(error.value)


def test_a_replay_reads_what_is_of_its_kind_and_says_what_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.json").write_bytes(SHAPES["youtube"][0])
    (tmp_path / "2.json").write_bytes(SHAPES["bluesky"][0])
    (tmp_path / "1.meta").write_text("GET …")
    found = list(replay(tmp_path, "youtube", AT))
    assert [(mention["source"], mention["id"], mention["text"]) for mention in found] == [
        ("1.json", "T1", "汚い部屋"),
        ("1.json", "T1.r1", "同感"),
    ]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("2.json: ")


def test_a_replay_reads_answers_that_were_recorded_packed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1.json").write_bytes(gzip.compress(SHAPES["stack_exchange"][0]))
    (tmp_path / "2.json").write_bytes(gzip.compress(b"{" * 100)[:30])
    found = list(replay(tmp_path, "stack_exchange", AT))
    assert [mention["text"] for mention in found] == SHAPES["stack_exchange"][1]
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_printed_shape_is_complete_and_absent_is_null() -> None:
    shown = as_json(Item("1", "post", "text"), "source", "feed")
    names = "source kind id author title text rating rating_raw rating_scale language url posted_at edited_at reach"
    assert list(shown) == [*names.split(), "location", "product_version", "reply", "gone_at", "why"]
    assert shown["rating"] is None
    assert shown["reply"] is None


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_option_is_an_error_of_every_kind(name: str) -> None:
    with pytest.raises(ConfigurationError, match="unknown key"):
        options_for("src", kind_named(name), {"no_such_option": 1})
    with pytest.raises((ValidationError, ConfigurationError), match="no kind"):
        kind_named(f"{name}_")


def test_a_misspelt_key_that_every_source_has_is_told_by_its_right_name() -> None:
    with pytest.raises(ConfigurationError) as raised:
        options_for("news", kind_named("feed"), {"url": "https://example.jp/rss", "evry": "15m"})
    assert raised.value.lines == ["sources.news: evry: unknown key (value '15m'); did you mean `every`?"]


def test_every_kind_is_documented() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"## `{name}`" not in documented] == []


def test_details_of_the_shapes() -> None:
    play = items("google_play", SHAPES["google_play"][0])[0]
    assert (play.rating, play.reply_text, play.product_version) == (1.0, "申し訳ございません", "4.2.0")
    console = items("google_play_console", SHAPES["google_play_console"][0])[0]
    assert (console.language, console.reply_text, console.reach) == ("ja", "ご案内します", {"likes": 3})
    business = items("google_business", SHAPES["google_business"][0])
    assert [item.external_id for item in business] == ["locations/5/reviews/AbF", "locations/5/reviews/AbG"]
    assert business[0].edited_at is not None
    assert business[1].author_name is None
    connect = items("app_store_connect", SHAPES["app_store_connect"][0])[0]
    assert connect.reply_text == "Fixed in 2.1"
    page = items("review_page", SHAPES["review_page"][0])
    assert [(item.rating, item.rating_scale) for item in page] == [(2.0, 10.0), (None, None), (4.6, 5.0)]
    assert page[0].location == "Hotel Sakura"
    tabelog = items("page", SHAPES["page"][0])[0]
    assert tabelog.url == "https://tabelog.com/tokyo/dtlrvwlst/B123/"
    assert tabelog.posted_at is None  # 2026/10訪問 is the month of a visit.
    x = items("x", SHAPES["x"][0])[0]
    assert x.external_id == "1990700000000000001"
    facebook = items("facebook_page", SHAPES["facebook_page"][0])[0]
    assert (facebook.rating, facebook.why, facebook.reply_text) == (
        None,
        "recommendation: negative",
        "申し訳ありません",
    )
    assert items("youtube", SHAPES["youtube"][0])[0].edited_at is not None
