"""`kintsugi draft` and `kintsugi guard`: lines in, lines out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.settings import Settings, settings_from
from responder.drafting.draft_lines import draft_lines, guard_lines


def _settings() -> Settings:
    return settings_from({"brand": {"name": "Hotel Sakura", "aliases": ["ホテルさくら"]}})


def _facts(text: str, rating: float | None, language: str | None) -> dict[str, Any]:
    label = "negative" if (rating or 1) <= 2 else "positive"
    return {
        "language": language or "ja",
        "sentiment": {"label": label},
        "topics": [{"name": "facilities"}],
        "severity": "minor",
        "reasons": [],
        "evidence": None,
    }


def test_a_line_gives_a_draft_in_the_promised_shape() -> None:
    line = json.dumps({"text": "お湯が出なかった", "rating": 2, "author": "山田"}).encode()
    (draft,) = draft_lines([line], _settings(), _facts)
    assert list(draft) == ["language", "text", "alternatives", "strategy", "playbook", "findings"]
    assert "お湯" in draft["text"]
    assert set(draft["strategy"]) == {"name", "why"}


def test_unreadable_lines_say_what_is_wrong_and_the_others_go_on() -> None:
    lines = [
        b"{broken",
        b"\xff\xfe",
        b'{"rating": 3}',
        b'{"text": "a b", "rating": 9}',
        "お湯が出なかった".encode(),
        b"",
    ]
    found = list(draft_lines(lines, _settings(), _facts))
    assert [one.get("line") for one in found] == [1, 2, 3, 4, None]
    assert all(one["error"] for one in found[:4])


def test_later_lines_know_the_earlier_ones() -> None:
    line = json.dumps({"text": "お湯が出なかった", "rating": 2}).encode()
    first, second = draft_lines([line, line], _settings(), _facts)
    assert first["text"] != second["text"]


def test_replies_are_guarded_as_text_or_json() -> None:
    lines = ["全額返金いたします。".encode(), b'{"text": "I am sorry that you waited."}', b"[1"]
    bad, good, bare = guard_lines(lines, _settings())
    assert bad["findings"][0]["rule"] == "public_remedy"
    assert good["findings"] == []
    assert "findings" in bare


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"rating": "2"}, "rating '2'"),
        ({"rating": float("nan")}, "rating nan"),
        ({"rating": 10**300}, "…"),
        ({"language": 5}, "language 5"),
        ({"topics": 5}, "topics 5"),
        ({"topics": [["food"]]}, "topics"),
        ({"severity": "terrible"}, "choose one of none, minor"),
        ({"sentiment": {"label": "negative"}}, "sentiment"),
        ({"mention": ["a"]}, "mention"),
    ],
)
def test_a_reply_with_a_wrong_fact_is_one_rejected_line(line: dict[str, Any], said: str) -> None:
    wrong = json.dumps({"text": "I am sorry that you waited.", **line}).encode()
    good = b'{"text": "I am sorry that you waited.", "topics": [{"name": "waiting"}], "another": 1}'
    first, second = guard_lines([wrong, good], _settings())
    assert first["line"] == 1
    assert said in first["error"]
    assert len(first["error"]) < 160
    assert second == {"findings": []}


def test_a_number_too_long_for_python_is_one_rejected_line() -> None:
    line = b'{"text": "x", "rating": ' + b"9" * 5000 + b"}"
    for found in (*guard_lines([line], _settings()), *draft_lines([line], _settings(), _facts)):
        assert found["line"] == 1
