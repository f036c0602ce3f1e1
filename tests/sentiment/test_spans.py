"""The things that a text finds bad or good, and the clauses that tell of them."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sentiment.assessor import Assessor
from sentiment.marking import marked_texts
from sentiment.mention_text import MentionText
from sentiment.spans import MOST, TAGS, placed, spans_of

SENTIMENT = Path(__file__).parents[2] / "sentiment"
FLOORS = json.loads((SENTIMENT / "floors.json").read_text("utf-8"))
marked = cache(marked_texts)


@pytest.mark.parametrize(
    ("text", "mood", "name"),
    [
        ("回線が遅くて仕事になりません。", "negative", "回線"),
        ("焼きたてのクロワッサンがとても美味しかったです。", "positive", "クロワッサン"),
        ("The wifi kept dropping all night.", "negative", "wifi"),
        ("Das Zimmer war schmutzig.", "negative", "Zimmer"),
    ],
)
def test_a_thing_is_named_in_the_words_of_the_text(shipped: Assessor, text: str, mood: str, name: str) -> None:
    first = shipped.assess([MentionText(text)])[0].things[0]
    assert (first.mood, name in first.text) == (mood, True)
    assert text[first.start : first.end] == first.text


def test_places_are_those_of_the_text_as_it_was_written(shipped: Assessor) -> None:
    text = "  \u200bhttps://example.org/a  @kin The   front desk was rude!!!!!!!!\n" + "And the soup was cold. " * 30
    found = shipped.assess([MentionText(text)])[0].things
    assert 1 <= len(found) <= MOST
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "https://example.org"])
def test_nothing_is_named_where_nothing_is_said(shipped: Assessor, text: str) -> None:
    assert shipped.assess([MentionText(text)])[0].things == ()


@pytest.mark.parametrize(
    ("text", "mood", "clause"),
    [
        ("家族で二泊しました。駅からもすぐで、子どもも喜んでいました。", "positive", "駅からもすぐ"),
        ("楽しみにしていたのに、袋の中に髪の毛が入っていました。もう買いません。", "negative", "髪の毛が入ってい"),
        ("Bought it in May. The zipper broke after two days, never again.", "negative", "zipper broke"),
    ],
)
def test_a_statement_is_the_clause_that_a_reply_would_tell_back(
    shipped: Assessor, text: str, mood: str, clause: str
) -> None:
    first = shipped.assess([MentionText(text)])[0].statements[0]
    assert (first.mood, clause in first.text) == (mood, True)
    assert text[first.start : first.end] == first.text != text


@pytest.mark.parametrize(("kind", "least"), [("things", 80), ("statements", 90)])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_first_of_its_mood_is_mostly_one_that_readers_marked(
    well_read: Assessor, kind: str, language: str, least: int
) -> None:
    """Of texts of the test split: how often a span is given where readers marked one, and how often it is theirs."""
    rows = [row for row in marked("test") if row.language == language and getattr(row, kind)]
    assert len(rows) >= least
    given = right = 0
    for row, found in zip(rows, well_read.assess([MentionText(row.text) for row in rows]), strict=True):
        theirs = getattr(row, kind)
        first = next((one for one in getattr(found, kind) if one.mood == theirs[0][2]), None)
        given += first is not None
        right += first is not None and any(
            mood == first.mood and first.start < end and first.end > start for start, end, mood in theirs
        )
    assert 100 * given / len(rows) >= FLOORS[kind][language]["given"]
    assert 100 * right / given >= FLOORS[kind][language]["right"]


def test_names_are_whole_words_and_of_one_mood() -> None:
    text = "The hallway smelled, great staff"
    offsets = [(0, 0), (0, 3), (4, 8), (8, 11), (12, 19), (21, 26), (27, 32), (0, 0)]
    rows = np.full((len(offsets), len(TAGS) + 1), -4.0, np.float32)
    rows[:, 0] = 4
    rows[2] = [-4, 4, -4, -4, -4, 2]  # "hall": the rest of the word is not marked
    rows[6] = [-4, 2, -4, 2, -4, 0]  # "staff": as likely bad as good
    marked = spans_of(text, offsets, rows)
    assert [(one.text, one.mood, one.start) for one in placed(text, [marked], 0.0)] == [("hallway", "negative", 4)]
    assert [one.mood for one in placed(text, [marked], 4.0)] == ["negative", "positive"]  # the stars decide
