"""A failure that is plain by its words is told in ours, however the clauses around it were written."""

from __future__ import annotations

import pytest

from responder.composing.english.known import known_failures
from responder.composing.english.meant import is_many


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "the 6:15 never came, the 6:45 was full and the driver grinned",
            ["that the 6:15 never came", "that the 6:45 was full"],
        ),
        ("Plumber booked for the annexe never showed.", ["that our plumber never came"]),
        (
            "Towels smelled of smoke but the wifi dropped all night",
            ["that the towels smelled of smoke", "that the Wi-Fi kept dropping out"],
        ),
        ("It leaked and stained my desk and my coat.", ["about the stains on your desk and your coat"]),
        ("Sent it back in May, still no refund.", ["that you are still waiting for your money"]),
        ("If the plumber never showed I would be cross.", []),
        ("Lovely staff, no complaints.", []),
    ],
)
def test_a_plain_failure_is_told_in_our_words(text: str, told: list[str]) -> None:
    assert [one.clause for one in known_failures(text)] == told


def test_several_of_many_are_many() -> None:
    assert is_many("two of the drawers")
    assert not is_many("one of the drawers")
