import pytest

from sentiment.figures import f1, macro_f1, macro_recall, micro_f1, with_interval

PAIRS = [("negative", "negative"), ("negative", "positive"), ("positive", "positive"), ("neutral", "positive")]


def test_f1_is_worked_out_as_by_hand() -> None:
    assert f1(PAIRS, "negative") == pytest.approx(2 / 3)
    assert f1(PAIRS, "positive") == pytest.approx(0.5)
    assert f1(PAIRS, "neutral") == 0
    assert macro_f1(PAIRS) == pytest.approx((2 / 3 + 0.5 + 0) / 3)


def test_macro_recall_is_the_mean_over_the_wanted_labels() -> None:
    assert macro_recall(PAIRS) == pytest.approx((0.5 + 1 + 0) / 3)


def test_micro_f1_counts_all_topics_together() -> None:
    sets = [(frozenset({"staff", "price"}), frozenset({"staff"})), (frozenset({"food"}), frozenset({"food", "app"}))]
    assert micro_f1(sets) == pytest.approx(2 * 2 / 6)


def test_an_interval_holds_its_figure_and_narrows_with_more_texts() -> None:
    few, many = with_interval(PAIRS * 5, macro_f1), with_interval(PAIRS * 100, macro_f1)
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low
