"""A Japanese statement of praise is thanked for by the quality that it names, and in a tone that fits it."""

from __future__ import annotations

import pytest

from config.brand import BrandSettings
from responder.composing.japanese.praised import thanked
from responder.drafting.drafts import compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Heard

SHOP = BrandSettings(name="あおば", industry="e-commerce")


def _heard(text: str, said: str, *, p: float = 0.9, bad: bool = False) -> Heard:
    return Heard(said, text.index(said), bad, p)


def _draft(text: str, *said: str, **known: object) -> str:
    given = {"rating": 5, "sentiment": "positive", "severity": "none", **known}
    marked = tuple(_heard(text, one) for one in said)
    request = DraftRequest(text=text, brand=SHOP, playbooks=load_packs("e-commerce"), statements=marked, **given)  # type: ignore[arg-type]
    return compose(request).text


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("音が良い", "音の良さ"),
        ("駅からもすぐ", "駅からの近さ"),
        ("手元が明るい", "手元の明るさ"),
        ("ボタンも押しやすい", "ボタンの押しやすさ"),
        ("粒が小さく飲みやすい", "粒の小ささと飲みやすさ"),
        ("操作が簡単です", "操作の手軽さ"),
        ("高さがちょうどよい", "ほどよい高さ"),
        ("着け心地は最高", "着け心地"),
        ("首が疲れません", "疲れにくさ"),
        ("汚れが付きにくいのがよかった", "汚れの付きにくさ"),
        ("朝食と夕食は美味しかったです", "朝食と夕食のおいしさ"),
        ("文字盤が大きくて見やすい", "文字盤の見やすさ"),
        ("がたつきもありません", "がたつきのなさ"),
        ("香りも悪くありません", "香り"),
        ("清潔感のあるホテルでした", "清潔感"),
        ("アメニティも充実している", "充実したアメニティ"),
        ("焼きたてのパン", "焼きたてのパン"),
        ("水洗いで済むのも助かります", "水洗いで済む点"),
        ("値段も手頃です", "お手頃な価格"),
        ("翌日には届きました", "お届けの早さ"),
        ("お風呂が綺麗でした", "お風呂の清潔さ"),
        ("写真を撮ってくれた駅員さん", "駅員の心配り"),
        ("スタッフの方も親切でした", "スタッフの親切な応対"),
        ("対応もよく、", "スタッフの応対"),
    ],
)
def test_a_statement_is_thanked_for_as_a_noun_phrase(statement: str, named: str) -> None:
    told = thanked(statement, _heard(statement, statement))
    assert told is not None
    assert (told.said, told.clause) == (named, False)


@pytest.mark.parametrize(
    ("statement", "clause"),
    [
        ("娘も喜んでいました", "お子様に喜んでいただけた"),
        ("ゆっくり眠れました", "ごゆっくりお休みいただけた"),
        ("とても素敵な時間を過ごせました", "素敵なお時間をお過ごしいただけた"),
        ("満足しています", "ご満足いただけた"),
    ],
)
def test_what_happened_to_people_is_a_whole_clause(statement: str, clause: str) -> None:
    told = thanked(statement, _heard(statement, statement))
    assert told is not None
    assert (told.said, told.clause) == (clause, True)


@pytest.mark.parametrize(
    "statement", ["天気が良かったです", "アプリが教えてくれました", "ちょっと余裕があるかな", "買って良かったです"]
)
def test_what_is_no_quality_of_ours_is_not_told(statement: str) -> None:
    assert thanked(statement, _heard(statement, statement)) is None


def test_words_that_the_network_cut_are_made_whole() -> None:
    text = "こちらはヨーグルトよりも手軽で効果が高いです。"
    told = thanked(text, _heard(text, "グルトよりも手軽で効果が高"))
    assert told is not None
    assert told.said == "手軽さと効果の高さ"


def test_an_unsure_statement_is_not_told() -> None:
    assert thanked("音が良い", _heard("音が良い", "音が良い", p=0.4)) is None


def test_two_things_are_named_together_and_one_thing_once() -> None:
    text = "音が良いです。手元が明るいです。"
    assert "音の良さや手元の明るさについてのお言葉" in _draft(text, "音が良い", "手元が明るい")
    text = "スタッフの方が親切でした。スタッフが荷物を運んでくれました。"
    assert "スタッフの親切な応対についてのお言葉" in _draft(
        text, "スタッフの方が親切でした", "スタッフが荷物を運んでくれました"
    )


def test_praise_of_the_whole_gets_a_general_sentence() -> None:
    said = _draft("買って良かったです。", "買って良かった")
    assert "についての" not in said
    assert "お言葉" in said or "お声" in said


def test_three_stars_are_answered_in_a_quieter_tone() -> None:
    said = _draft("音は良いです。", "音は良い", rating=3, sentiment="neutral", next_step="thank", next_step_p=0.9)
    assert "音の良さについてのお言葉" in said
    assert "何より" not in said
    assert "大変" not in said


def test_who_gave_no_opinion_is_thanked_for_coming_and_for_nothing_else() -> None:
    said = _draft("父の日に買いました。", rating=3, sentiment="neutral", next_step="thank", next_step_p=0.9)
    assert "ご利用" in said
    assert "ご感想" not in said
    assert "ご意見" not in said
    assert "お声" not in said
