"""A failure that is marked in a Japanese text: as which clause a reply tells it, and where it tells none."""

from __future__ import annotations

import pytest

from config.brand import BrandSettings
from responder.composing.japanese.complaints import complaints
from responder.composing.japanese.reading import prepared
from responder.composing.japanese.told import told_ja
from responder.drafting.drafts import compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Heard


def _heard(text: str, marked: str, p: float = 0.9) -> Heard:
    return Heard(marked, text.index(marked), True, p)


def _told(text: str, marked: str, *, p: float = 0.9, goods: bool = False) -> str | None:
    told = told_ja(prepared(text), _heard(text, marked, p), goods=goods)
    return told.said if told is not None else None


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("箱を開けたら蓋にひびが入っていました。", "蓋にひびが入っていました", "蓋にひびが入っていた"),
        ("正直、ふたがすぐ外れます。", "ふたがすぐ外れます", "ふたがすぐ外れる"),
        ("掛け布団が薄くて、夜は寒かったです。", "掛け布団が薄くて", "掛け布団が薄かった"),
        ("値段も高いです。", "値段も高い", "お値段が高い"),
        ("カーナビ、案内が遅いです。", "カーナビ、案内が遅い", "カーナビのご案内が遅い"),
        ("音量のつまみが回しづらいのが残念です。", "音量のつまみが回しづらい", "音量のつまみが回しづらい"),
        ("きのこのスープがぬるかった。", "きのこのスープがぬるかった", "きのこのスープがぬるかった"),
        ("wifiが途切れます。", "wifiが途切れます", "wifiが途切れる"),
        ("洗面台に前の方の髪の毛が…", "洗面台に前の方の髪の毛が", "洗面台に前の方の髪の毛があった"),
    ],
)
def test_the_marked_words_stand_before_to_no_koto(text: str, marked: str, said: str) -> None:
    assert _told(text, marked) == said


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("脚の取り付けができませんでした。", "取り付け", "脚の取り付けができなかった"),  # the network cut the predicate
        ("丈は良いが、首のボタンが固くて開かない。", "ボタンが固", "首のボタンが固かった"),  # and the thing
        ("棚板が割れていてがっかりしました。", "棚板が割れていてがっかりしました", "棚板が割れていた"),
        ("部屋は広いが、窓が開かない。", "部屋は広いが、窓が開かない", "窓が開かない"),
    ],
)
def test_it_is_cut_where_its_clause_begins_and_ends(text: str, marked: str, said: str) -> None:
    assert _told(text, marked) == said


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("思っていたより小さかったです。", "思っていたより小さかった", "商品が思いのほか小さかった"),
        ("三日で全く光らなくなりました。", "三日で全く光らなくなりました", "商品が三日で全く光らなくなった"),
        ("枕は低くて硬かった。", "硬かった", "枕が硬かった"),
    ],
)
def test_a_subject_that_is_left_out_is_taken_from_the_text_or_from_what_is_sold(
    text: str, marked: str, said: str
) -> None:
    assert _told(text, marked, goods=True) == said


@pytest.mark.parametrize(
    ("text", "marked", "said"),
    [
        ("隣が気になって眠れませんでした。", "眠れませんでした", "お休みになれなかった"),
        ("リモコンが使えませんでした。", "リモコンが使えませんでした", "リモコンがお使いいただけなかった"),
        ("何度聞いても返事が来ません。", "返事が来ません", "お返事がない"),
        ("店員さんの態度が横柄でした。", "店員さんの態度が横柄", "スタッフの態度が行き届いていなかった"),
        ("スープがまずい。", "スープがまずい", "スープがお口に合わなかった"),
        ("もう少し枕が低いと嬉しいです。", "もう少し枕が低いと嬉しい", "もう少し枕が低いとよい"),
    ],
)
def test_it_is_said_as_a_house_says_it(text: str, marked: str, said: str) -> None:
    assert _told(text, marked) == said


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("不満は全くありません。", "不満は全くありません"),
        ("朝食が無料でした。", "朝食が無料でした"),
        ("結局、返品しました。", "返品しました"),
        ("フロントのおばさんの機嫌が悪い。", "フロントのおばさんの機嫌が悪い"),
        ("あんな店は詐欺だ。", "あんな店は詐欺だ"),
        ("友達も味が変だと言っていた。", "友達も味が変だ"),
        ("一万二千円も取られた。", "一万二千円も取られた"),
        ("いつ届くのでしょうか?", "いつ届くのでしょうか"),
        ("狭かったです。", "狭かった"),
    ],
)
def test_what_is_no_failure_or_cannot_be_said_is_not_told(text: str, marked: str) -> None:
    assert _told(text, marked) is None


def test_what_the_network_is_unsure_of_is_told_only_where_its_words_blame() -> None:
    text = "香りが粉石けんに似ている。蓋が割れた。"
    assert _told(text, "香りが粉石けんに似ている", p=0.65) is None
    assert _told(text, "蓋が割れた", p=0.65) == "蓋が割れた"
    assert _told(text, "蓋が割れた", p=0.4) is None


def _draft(text: str, *marked: Heard, **known: object) -> str:
    given = {"rating": 2, "topics": ("quality",), "statements": marked, **known}
    brand = BrandSettings(name="あおば", industry="e-commerce")
    return compose(DraftRequest(text=text, brand=brand, playbooks=load_packs(None), **given)).text  # type: ignore[arg-type]


def test_two_failures_are_told_together_and_the_apology_fits() -> None:
    text = "ふたがすぐ外れます。持ち手も割れてしまいました。"
    said = _draft(text, _heard(text, "ふたがすぐ外れます"), _heard(text, "持ち手も割れてしまいました"))
    assert "ふたがすぐ外れるほか、持ち手も割れてしまったとのこと、" in said or (
        "ふたがすぐ外れるほか、持ち手が割れてしまったとのこと、" in said
    )
    assert "申し訳ございません" in said or "お詫び申し上げます" in said


def test_what_is_marked_comes_before_what_a_pattern_knows() -> None:
    text = "サイズが合わなかった。縫い目の糸が出ていた。"
    said = _draft(text, _heard(text, "縫い目の糸が出ていた"))
    assert "縫い目の糸が出ていたとのこと" in said
    assert "サイズ" not in said


def test_the_thing_in_the_marked_words_is_named_where_they_cannot_be_told() -> None:
    text = "箱は綺麗。持ち手がクソ。"
    said = _draft(text, _heard(text, "持ち手がクソ"), things=(_heard(text, "箱"), _heard(text, "持ち手")))
    assert "持ち手につきまして" in said
    assert "クソ" not in said


def test_what_was_done_to_the_customer_is_told_beside_what_failed() -> None:
    text = "傘の骨が折れた。持って行ったら「使い方が悪い」と言われ、話も聞いてもらえませんでした。"
    marked = [_heard(text, "傘の骨が折れた"), _heard(text, "話も聞いてもらえませんでした", 0.7)]
    found = complaints(text, ["staff", "quality"], text, statements=marked, goods=True)
    assert [one.clause for one in found] == [
        "傘の骨が折れた",
        "お話も十分に伺わず、配慮を欠いた応対をいたしましたこと",
    ]
