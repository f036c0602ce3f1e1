import pytest

from sentiment.language import identify


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("朝食がとても美味しかったです", "ja"),
        ("スタッフｻｲｺｰ", "ja"),
        ("방이 깨끗하고 좋았어요", "ko"),
        ("这个酒店的早餐很好吃", "zh"),
        ("ห้องสกปรกมาก", "th"),
        ("The room was dirty and nobody came", "en"),
        ("Das Zimmer war sehr schmutzig", "de"),
        ("La chambre était sale et bruyante", "fr"),
        ("La habitación estaba muy sucia", "es"),
        ("الغرفة كانت نظيفة", "ar"),
    ],
)
def test_a_text_in_its_own_script_or_words_is_recognised(text: str, language: str) -> None:
    assert identify(text) == language


def test_characters_without_kana_are_japanese_where_the_source_says_so() -> None:
    assert identify("最高", "ja") == "ja"
    assert identify("最高", "ja-JP") == "ja"
    assert identify("最高") == "zh"


def test_characters_that_only_japanese_writes_need_no_hint() -> None:
    assert identify("対応遅延") == "ja"


def test_a_japanese_store_does_not_make_an_english_review_japanese() -> None:
    assert identify("great hotel, lovely staff", "ja") == "en"
    assert identify("muy bien, gracias por todo", "ja") == "es"


def test_one_kana_in_an_english_text_does_not_make_it_japanese() -> None:
    assert identify("Loved the ramen at this place, the sign said ら and the staff were so kind to us all") == "en"


def test_a_text_without_letters_has_the_language_of_its_source_or_none() -> None:
    assert identify("😀😀", "ja") == "ja"
    assert identify("12345") == "und"
    assert identify("") == "und"
