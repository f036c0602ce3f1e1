"""`recover_when`: any line that holds opens a case, all conditions of a line must hold."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.criteria import Facts, qualifying
from alerts.routing.labels import labels_from
from config.criteria import Criterion

FACTS = Facts(
    rating=2,
    sentiment="negative",
    confidence=0.86,
    topics={"staff": 0.9, "safety": 0.55, "price": 0.2},
    severity="major",
    reach=1200,
    author_history=1,
    kind="review",
    source="play-app",
    source_kind="google_play_console",
    language="ja",
    location="浅草",
)


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ({"rating": "<= 2"}, True),
        ({"rating": "<= 1"}, False),
        ({"sentiment": "negative", "confidence": ">= 0.8", "kind": "review"}, True),
        ({"sentiment": "negative", "confidence": ">= 0.9"}, False),
        ({"sentiment": "positive"}, False),
        ({"topic": "safety"}, True),  # any topic, not only the strongest
        ({"topic": "price"}, False),  # too unlikely
        ({"topic": ["price", "staff"]}, True),
        ({"severity": ">= major"}, True),
        ({"severity": "critical"}, False),
        ({"reach": ">= 1000"}, True),
        ({"author_history": ">= 2"}, False),
        ({"source": "play-app", "source_kind": ["google_play_console"], "language": "ja", "location": "浅草"}, True),
        ({"location": "上野"}, False),
    ],
)
def test_a_line_holds_when_all_its_conditions_do(line: dict[str, Any], holds: bool) -> None:
    criterion = Criterion.model_validate(line)
    assert (qualifying(FACTS, [criterion]) is criterion) is holds


def test_the_first_line_that_holds_is_the_reason() -> None:
    lines = [Criterion.model_validate(one) for one in ({"rating": "1"}, {"severity": ">= minor"}, {"rating": "2"})]
    assert qualifying(FACTS, lines) is lines[1]


def test_a_mention_without_a_rating_meets_no_condition_on_it() -> None:
    assert qualifying(Facts(sentiment="negative"), [Criterion.model_validate({"rating": "<= 5"})]) is None


def test_labels_are_texts_and_what_is_unknown_is_left_out() -> None:
    labels = labels_from({"rating": 2.0, "author_history": 0, "topic": "staff", "location": None, "reach": 9})
    assert labels.as_dict() == {"rating": "2", "author_history": "0", "topic": "staff"}
    assert labels_from({"rating": 2.5}).rating == "2.5"
