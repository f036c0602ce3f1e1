"""Lengths as the sites count them."""

from __future__ import annotations

import pytest

from responder.drafting.lengths import measure


@pytest.mark.parametrize(
    ("text", "unit", "length"),
    [
        ("お詫び", "characters", 3),
        ("お詫び", "bytes", 9),
        ("お詫び", "weighted", 6),
        ("sorry", "weighted", 5),
        ("see https://example.jp/a/very/long/address/indeed now", "weighted", 4 + 23 + 4),
        ("see https://example.jp/a/very/long/address/indeed now", "linked", 4 + 23 + 4),
        ("👨‍👩‍👧", "graphemes", 1),
        ("🇯🇵🇺🇸", "graphemes", 2),
        ("👍🏽", "graphemes", 1),
        ("か\u3099", "graphemes", 1),
        ("👨‍👩‍👧", "weighted", 2),
    ],
)
def test_a_text_is_measured_in_the_unit_of_its_site(text: str, unit: str, length: int) -> None:
    assert measure(text, unit) == length


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(ValueError, match="furlongs"):
        measure("a", "furlongs")
