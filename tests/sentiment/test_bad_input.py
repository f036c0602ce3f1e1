import json
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment.assessor import Assessor, MentionText

BLANK = {
    "": "empty",
    " \n\t　": "empty",
    "https://example.com/a?b=c": "url_only",
    "😀😡👍": "emoji_only",
    "ああああああああ": "repeated_character",
    "!!!???": "no_words",
}
STRANGE = [
    "x" * 100_000,
    "最悪" * 50_000,
    "a b " * 25_000,
    "部屋 room 방 غرفة комната ห้อง",
    "\u202eسيئ جدا\u202c مرحبا",
    "bad\x00\x01\x02\x7f food\x1b[31m",
    "\ud800 broken \udfff pair",
    "e\u0301" * 3000,
    "🏳️‍🌈👨‍👩‍👧‍👦" * 500 + "ok",
    "(" * 5000 + "bad",
    "@user #tag https://a.example",
]


@pytest.mark.parametrize("text", BLANK)
def test_a_text_without_words_is_neutral_and_unsure_and_says_why(text: str, shipped: Assessor) -> None:
    found = shipped.assess([MentionText(text)])[0]
    assert found.sentiment.label == "neutral"
    assert found.sentiment.neutral < 0.5
    assert found.reasons == (BLANK[text],)
    assert found.severity == "none"


def test_one_star_without_a_word_is_still_a_complaint(shipped: Assessor) -> None:
    found = shipped.assess([MentionText("", rating=1)])[0]
    assert found.sentiment.label == "negative"
    assert "empty" in found.reasons


@pytest.mark.parametrize("text", STRANGE, ids=[repr(text[:12]) for text in STRANGE])
def test_a_strange_text_is_answered_soon_and_in_json(text: str, shipped: Assessor) -> None:
    began = perf_counter()
    found = shipped.assess([MentionText(text)])[0].as_json()
    assert perf_counter() - began < 60, "answered, and not stalled"
    json.dumps(found, ensure_ascii=False).encode()
    assert sum(found["sentiment"][k] for k in ("negative", "neutral", "positive")) == pytest.approx(1, abs=0.01)


@given(st.lists(st.text(max_size=80), max_size=4), st.sampled_from([None, 1, 2.5, 5]))
@settings(max_examples=60, deadline=None)
def test_any_texts_get_as_many_answers_with_evidence_inside_them(texts: list[str], rating: float | None) -> None:
    from sentiment.assessor import open_assessor

    answers = open_assessor("cues-1").assess([MentionText(text, rating) for text in texts])
    assert len(answers) == len(texts)
    for text, answer in zip(texts, answers, strict=True):
        if answer.evidence is not None:
            assert 0 <= answer.evidence.start < answer.evidence.end <= len(text)
