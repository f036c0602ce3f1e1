from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from config.settings import Settings, load_settings
from crawlers.parsing.brand import Brand
from kintsugi.demo.configuration import TEMPLATE
from kintsugi.demo.world import LENGTH, SOURCES, read_script

HOURS = LENGTH / timedelta(hours=1)
KNOWN = frozenset(
    ("source", "id", "at", "author", "author_id", "language", "country", "title", "text", "rating", "location")
) | frozenset(("version", "likes", "written", "edits", "deleted_at", "note"))
FOREIGN = ("other brand", "not ours")


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return read_script()


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(TEMPLATE)


def test_each_line_is_complete_and_lies_within_the_days(lines: list[dict[str, Any]]) -> None:
    for line in lines:
        moments = [line["at"], *(edit["at"] for edit in line.get("edits", [])), line.get("deleted_at", line["at"])]
        assert set(line) <= KNOWN, line
        assert line["source"] in SOURCES
        assert line["text"].strip()
        assert line["note"].strip()
        assert all(0 <= moment <= HOURS for moment in moments), line
        assert all(
            edit["at"] > line["at"] and {"rating", "title", "text"} & set(edit) for edit in line.get("edits", [])
        )


def test_ids_are_unique_in_each_source(lines: list[dict[str, Any]]) -> None:
    assert Counter((line["source"], line["id"]) for line in lines).most_common(1)[0][1] == 1


def test_an_author_writes_one_review_of_the_app(lines: list[dict[str, Any]]) -> None:
    assert Counter(line["author_id"] for line in lines if line["source"] == "app-store").most_common(1)[0][1] == 1


def test_at_least_270_mentions_are_ours_and_half_are_japanese(lines: list[dict[str, Any]]) -> None:
    counts = Counter(line["source"] for line in lines)
    japanese = sum(line["language"] == "ja" for line in lines)
    assert sum(not line["note"].startswith(FOREIGN) for line in lines) >= 270
    assert counts["app-store"] >= 90
    assert counts["mastodon"] >= 80
    assert counts["news"] >= 25
    assert counts["guest-book"] >= 80
    assert 0.45 <= japanese / len(lines) <= 0.55


def test_a_text_stands_twice_only_where_the_script_says_so(lines: list[dict[str, Any]]) -> None:
    first: dict[str, str] = {}
    for line in lines:
        wording = re.sub(r"\W+", "", line["text"]).casefold()
        if wording in first:
            assert f"copy of {first[wording]}" in line["note"]
        first.setdefault(wording, line["id"])
    assert sum("copy of" in line["note"] for line in lines) == len(lines) - len(first) == 3


def test_customers_change_their_reviews_after_a_reply_could_have_come(lines: list[dict[str, Any]]) -> None:
    edits = [(line, edit) for line in lines for edit in line.get("edits", []) if line["source"] != "news"]
    moves = [edit["rating"] - line["rating"] for line, edit in edits if "rating" in edit]
    assert sum(move > 0 for move in moves) >= 8
    assert sum(move < 0 for move in moves) >= 3
    assert sum("rating" not in edit for _, edit in edits) >= 2
    assert sum("deleted_at" in line for line in lines) >= 2
    assert all(36 <= edit["at"] - line["at"] <= 6.5 * 24 for line, edit in edits)


def test_a_storm_breaks_over_asakusa(lines: list[dict[str, Any]]) -> None:
    storm = [line["at"] for line in lines if line["source"] == "mastodon" and 9 * 24 + 17 <= line["at"] <= 10 * 24 + 8]
    assert len(storm) >= 25
    assert max(storm) - min(storm) <= 14


def test_the_brand_is_named_by_our_lines_and_by_no_other(lines: list[dict[str, Any]], settings: Settings) -> None:
    brand = Brand(settings.brand.names, settings.brand.exclude)
    for line in lines:
        if line["source"] in ("mastodon", "news"):
            about_us = brand.match(line.get("title"), line["text"]).about_us
            assert about_us is not line["note"].startswith(FOREIGN), line["text"]
