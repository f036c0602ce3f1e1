import pytest

from sentiment.stars import severity_with_stars, with_stars


def test_without_stars_the_text_stands_alone() -> None:
    assert with_stars((0.2, 0.5, 0.3), None) == ((0.2, 0.5, 0.3), [])


def test_stars_decide_where_the_text_does_not() -> None:
    low, why = with_stars((0.34, 0.33, 0.33), 1)
    high, _ = with_stars((0.34, 0.33, 0.33), 5)
    assert max(low) == low[0]
    assert why == ["stars"]
    assert max(high) == high[2]


def test_a_five_star_text_that_complains_is_negative_and_says_why() -> None:
    found, why = with_stars((0.9, 0.07, 0.03), 5)
    assert found[0] == 0.9
    assert why == ["text_contradicts_stars"]


def test_praise_under_one_star_is_believed_by_half() -> None:
    found, why = with_stars((0.05, 0.05, 0.9), 1)
    assert found[0] > found[2] - 0.1
    assert why == ["text_contradicts_stars"]


@pytest.mark.parametrize("rating", [None, 0, 1, 2, 2.5, 3, 4, 4.9, 5, 9])
def test_probabilities_add_up_to_one(rating: float | None) -> None:
    assert sum(with_stars((0.5, 0.3, 0.2), rating)[0]) == pytest.approx(1)


def test_three_stars_and_more_make_something_grave_unlikely_and_fewer_change_nothing() -> None:
    told = (0.1, 0.3, 0.2, 0.4)
    assert severity_with_stars(told, None) == severity_with_stars(told, 2) == told
    content = severity_with_stars(told, 4)
    assert sum(content) == pytest.approx(1)
    assert content[3] < 0.1 < content[1]
