"""Whose name it is, and why."""

from __future__ import annotations

import pytest

from crawlers.parsing.brand import Brand

HOTEL = Brand(
    ["Hotel Sakura", "サクラホテル", "@hotelsakura", "桜旅館"],
    exclude=["sakura cherry", "サクラホテル沼津", "競走馬"],
    locations=[("Asakusa", ["浅草", "Asakusa"]), ("Ueno", ["上野"])],
)
OURS = [
    "サクラホテルズ東京に泊まった", "昨日のｻｸﾗﾎﾃﾙ", "Stayed at HOTEL  SAKURA, awful", "#HotelSakura", "hotel sakuras",
    "cc @hotelsakura!", "新桜旅館の隣の桜旅館", "ホテル・サクラホテル", "Ｈｏｔｅｌ　Ｓａｋｕｒａ",
    "サクラ\u200bホテル",
]  # fmt: skip
NOT_OURS = {
    "オサクラホテルに泊まった": "names none of ours",
    "Motel Sakura": "names none of ours",
    "Grandhotel Sakura": "names none of ours",
    "mail me@hotelsakura.example": "names none of ours",
    "@hotelsakura_fan": "names none of ours",
    "Imperial Hotel was great": "names none of ours",
    "サクラホテル沼津は最高": "names 'サクラホテル', but 'サクラホテル沼津' makes it someone else",
    "サクラホテルという競走馬": "names 'サクラホテル', but '競走馬' makes it someone else",
}


@pytest.mark.parametrize("text", OURS)
def test_a_text_that_names_us_is_ours(text: str) -> None:
    assert HOTEL.match(text).about_us
    assert HOTEL.match(text).why.startswith("names '")


@pytest.mark.parametrize(("text", "why"), NOT_OURS.items())
def test_a_text_that_names_someone_else_is_not_ours_and_says_why(text: str, why: str) -> None:
    assert HOTEL.match(text).why == why
    assert not HOTEL.match(text).about_us


def test_a_longer_name_takes_away_only_its_own_place() -> None:
    assert HOTEL.match("サクラホテル沼津ではなくサクラホテルに泊まった").about_us


def test_exact_closes_both_sides() -> None:
    exact = Brand(["サクラホテル", "Sakura"], exact=True)
    assert not exact.match("サクラホテルズ").about_us
    assert not exact.match("Sakuras").about_us
    assert exact.match("サクラホテルは最高").about_us
    assert exact.match("at Sakura, Tokyo").about_us


def test_a_location_is_found_in_the_text() -> None:
    assert HOTEL.match("サクラホテル浅草店").location == "Asakusa"
    assert HOTEL.match("サクラホテル", "上野で").location == "Ueno"
    assert HOTEL.match("サクラホテル").location is None
