"""The last look at what a Japanese reply takes up."""

import pytest

from responder.composing.japanese.praised import thanked
from responder.composing.japanese.sane import sane
from responder.composing.japanese.told import told_ja
from responder.drafting.request import Heard


@pytest.mark.parametrize(
    "said",
    [
        "カードの出し入れ)取り出しやすさ",
        "本の厚みが厚すぎる",
        "ふたがだめです",
        "色にが良い",
        "朝食が足りないから",
        "ねじがマイナスだった",
        "展示室の展示室が暗い",
        "あ" * 46,
    ],
)
def test_what_reads_absurdly_is_not_said(said: str) -> None:
    assert not sane(said)


@pytest.mark.parametrize("said", ["お部屋が狭かった", "Wi-Fiがつながらない", "洗濯機の音が気になった"])
def test_what_reads_well_is_said(said: str) -> None:
    assert sane(said)


def test_what_is_only_named_is_a_thing_and_no_doing_and_what_is_thanked_for_is_no_fault() -> None:
    assert not sane("発生", name=True)
    assert not sane("滑りやすさ", praised=True)
    assert not sane("虫の良さ", praised=True)
    assert sane("枕の高さ", name=True)
    assert sane("音の良さ", praised=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("昼食も夕食も豊富でした", "昼食や夕食の豊富さ"),
        ("フロントは丁寧な対応でした", "フロントの丁寧な応対"),
        ("床にも壁にも使える", None),
        ("よく鳴らしてくれて聴きやすい", "聴きやすさ"),
    ],
)
def test_praise_names_both_things_and_who_served(text: str, said: str | None) -> None:
    found = thanked(text, Heard(text, 0, False, 0.9))
    assert (found.said if found else None) == said


def test_a_dexterity_is_no_taste_and_another_material_is_a_wish() -> None:
    for text, said in [("ねじがうまく入らない", "お口"), ("持ち手が布だったら良かった", "持ち手が布であるとよい")]:
        told = told_ja(text, Heard(text, 0, True, 0.9), goods=True)
        assert told is None or (said in told.said) is (told.felt == "wish")
