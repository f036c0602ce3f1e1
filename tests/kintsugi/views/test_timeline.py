"""What happened to a case, and why it was opened, in the reader's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from config.settings import settings_from
from kintsugi.views.criteria_words import criteria_said
from kintsugi.views.timeline import told
from storage.event import Event


def said(kind: str, *, japanese: bool, **data: Any) -> str:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    event = Event(case_id=1, number=1, kind=kind, actor="system", at=at, data=data)
    return told(event, settings_from({"brand": {"name": "Sora"}}), japanese=japanese)


def test_an_edit_that_left_the_stars_alone_speaks_of_no_rating() -> None:
    assert said("revised", japanese=True, revision=2, before=1.0, after=1.0) == "投稿の本文が編集された"
    assert said("revised", japanese=False, revision=2, before=None, after=None) == "text of the mention edited"
    assert said("revised", japanese=False, revision=2, before=1.0, after=4.0) == "mention edited (rating 1 → 4)"
    assert said("revised", japanese=True, revision=2, before=1.0, after=None) == "投稿が編集された（評価 1 → –）"


def test_a_case_says_in_words_why_it_was_opened() -> None:
    opened = {"severity": "major", "criteria": "topic safety|privacy, sentiment negative"}
    assert (
        said("opened", japanese=True, **opened)
        == "案件を作成（深刻度：重大、条件：話題が「安全」・「個人情報」、感情が「否定的」）"
    )
    assert said("opened", japanese=False, **opened) == (
        "case opened (severity major; topic: safety or privacy, sentiment: negative)"
    )


@pytest.mark.parametrize(
    ("criteria", "japanese", "english"),
    [
        ("rating <= 2", "評価が2以下", "rating: 2 or below"),
        ("severity >= major", "深刻度が「重大」以上", "severity: Major or above"),
        ("reach > 100, kind post", "届いた人数が100より上、種類が「投稿」", "reach: above 100, kind: post"),
        ("source a shop in Kyoto", "投稿元がa shop in Kyoto", "source: a shop in Kyoto"),
        ("reported by staff", "reported by staff", "reported by staff"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_criteria_are_said_in_words_and_other_texts_stay(criteria: str, japanese: str, english: str) -> None:
    assert criteria_said(criteria, "ja") == japanese
    assert criteria_said(criteria, "en") == english


def test_an_outcome_is_told_with_its_evidence() -> None:
    edited = {"kind": "rating_up", "before": 1.0, "after": 5.0, "revision": 2}
    told_ja = said("outcome", japanese=True, outcome="recovered", before=None, evidence=edited)
    assert told_ja == "結果：信頼を回復（根拠：返信のあと評価が 1 から 5 に上がった）"
    silent = {"kind": "silence", "days": 30}
    told_en = said("outcome", japanese=False, outcome="unchanged", before=None, evidence=silent)
    assert told_en == "outcome: unchanged (nothing changed for 30 days)"
    dismissed = {"kind": "dismissed", "by": "sato"}
    assert said("outcome", japanese=True, outcome="not_a_case", before=None, evidence=dismissed) == "結果：対象外"
