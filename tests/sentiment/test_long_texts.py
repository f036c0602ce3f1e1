from hypothesis import given
from hypothesis import strategies as st

from sentiment.long_texts import SEEN_AT_ONCE, combined, passages
from sentiment.reading import Passage, Reading
from sentiment.sentences import sentences

CALM = Reading((0.1, 0.3, 0.6), {"food": 0.9}, (0.9, 0.0, 0.1, 0.0), (0.9, 0.05, 0.03, 0.02))
GRAVE = Reading((0.9, 0.05, 0.05), {"safety": 0.95}, (0.0, 0.9, 0.1, 0.0), (0.0, 0.05, 0.15, 0.8))


def _parts(*lengths: int) -> list[Passage]:
    return [Passage(("x" * length,), "en") for length in lengths]


def test_a_text_that_is_seen_at_once_is_one_passage_with_its_sentences() -> None:
    text = "The room was fine. The lift was not! 二度と来ません。"
    (passage,) = passages(sentences(text), text, "en")
    assert passage.sentences == ("The room was fine. ", "The lift was not! ", "二度と来ません。")
    assert passage.text == text
    assert combined([passage], [GRAVE]) is GRAVE


def test_sentences_without_space_between_them_stay_without() -> None:
    text = "部屋は広い。眺めも良い。"
    (passage,) = passages(sentences(text), text, "ja")
    assert passage.text == text


@given(
    st.lists(
        st.sampled_from(["短い。", "A plain sentence of some words. ", "とても" * 40 + "良い。", "! "]), max_size=60
    )
)
def test_every_sentence_is_in_one_passage_and_none_is_too_long(pieces: list[str]) -> None:
    text = "".join(pieces)
    cut = sentences(text)
    found = passages(cut, text, "ja")
    assert [s.strip() for passage in found for s in passage.sentences] == [" ".join(s.text.split()) for s in cut]
    assert all(len(passage.text) <= SEEN_AT_ONCE or len(passage.sentences) == 1 for passage in found)


def test_one_grave_sentence_far_down_decides_the_severity_of_a_long_text() -> None:
    found = combined(_parts(270, 270, 100), [CALM, CALM, GRAVE])
    assert found.severity == GRAVE.severity
    assert found.topics["safety"] > 0.7
    assert found.topics["food"] == 0.9


def test_much_blame_behind_a_friendly_start_makes_a_long_text_negative() -> None:
    found = combined(_parts(200, 260, 270), [CALM, GRAVE, GRAVE])
    assert max(found.sentiment) == found.sentiment[0]
    assert abs(sum(found.sentiment) - 1) < 1e-9
