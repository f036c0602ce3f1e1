from hypothesis import given
from hypothesis import strategies as st

from sentiment.sentences import sentences


def test_japanese_is_cut_at_its_full_stops_and_marks() -> None:
    cut = [s.text for s in sentences("部屋は広い。でも、風呂が汚い！「二度と来ない。」と言われた")]
    assert cut == ["部屋は広い。", "でも、風呂が汚い！", "「二度と来ない。」", "と言われた"]


def test_english_is_cut_at_full_stops_but_not_inside_a_number() -> None:
    cut = [s.text for s in sentences("We paid 12.50 for it. Never again! Really?")]
    assert cut == ["We paid 12.50 for it.", "Never again!", "Really?"]


def test_a_text_without_any_stop_is_cut_by_length() -> None:
    assert [len(s.text) for s in sentences("あ" * 1000, longest=400)] == [400, 400, 200]


@given(st.text(max_size=300))
def test_every_sentence_stands_where_it_says(text: str) -> None:
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text


@given(st.text(max_size=300))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    assert "".join("".join(s.text for s in sentences(text)).split()) == "".join(text.split())
