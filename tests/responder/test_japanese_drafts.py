"""Japanese drafts: what is taken up of a mention, how it is named, and what is left alone."""

from __future__ import annotations

import re

import pytest

from config.brand import BrandSettings
from responder.composing.japanese.grammar import clauses, plain, words
from responder.composing.japanese.heard_things import named_ja
from responder.drafting.drafts import compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Heard

NOBODY = BrandSettings(name="あおば")


def _text(text: str, **known: object) -> str:
    given = {"rating": 2, "topics": ("quality",), **known}
    return compose(DraftRequest(text=text, brand=NOBODY, playbooks=load_packs(None), **given)).text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("polite", "said"),
    [
        ("届きませんでした", "届かなかった"),
        ("壊れちゃいました", "壊れてしまった"),
        ("話します", "話す"),
        ("故障します", "故障する"),
        ("取り付けできません", "取り付けできない"),
        ("出てきました", "出てきた"),
        ("開かないんですよね", "開かない"),
        ("不良品でした", "不良品だった"),
        ("届いておりません", "届いていない"),
        ("充電されませんでした", "充電されなかった"),
        ("きれいじゃなかったです", "きれいではなかった"),
        ("予約すべきでした", "予約すべきだった"),
    ],
)
def test_a_polite_predicate_becomes_the_plain_one(polite: str, said: str) -> None:
    assert plain(words(polite)) == said


def test_a_sentence_is_cut_into_its_clauses_and_how_they_are_tied() -> None:
    found = clauses("鍵を回すと折れてしまい、部屋は広いのに寒くて眠れませんでした。")
    assert [("".join(word.text for word in one.words), one.link) for one in found] == [
        ("鍵を回す", "if"),
        ("折れてしまい", "and"),
        ("部屋は広い", "but"),
        ("寒くて", "and"),
        ("眠れませんでした", "end"),
    ]


def test_without_an_industry_the_words_fit_every_business() -> None:
    text = _text("ふたがすぐ外れます。")
    assert not any(word in text for word in ("当館", "当店", "お越し", "ご来店"))


def test_the_customers_own_mistake_is_not_apologised_for_as_ours() -> None:
    assert "サイズ" not in _text("サイズを間違えて購入してしまいました。")


def test_what_nobody_understood_is_not_named() -> None:
    text = _text("うーん。")
    assert "とのこと" not in text
    assert "ご連絡" not in text


def test_praise_with_a_remark_is_thanked_for_and_the_remark_taken_as_one() -> None:
    said = "とても軽くて便利です。ただ、生地が少し薄いです。"
    statements = (Heard("生地が少し薄い", 14, True, 0.9), Heard("とても軽くて便利", 0, False, 0.9))
    text = _text(said, rating=4, sentiment="positive", statements=statements)
    assert "軽さと便利さについてのお言葉" in text
    assert "生地が少し薄いとの" in text
    assert "申し訳" not in text
    assert "お詫び" not in text


def test_three_stars_without_a_complaint_get_no_apology() -> None:
    text = _text("父の日に買いました。", rating=3, sentiment="neutral", severity="none")
    assert "申し訳" not in text
    assert "お詫び" not in text
    assert text


def test_words_for_a_bathroom_are_no_words_for_a_battery() -> None:
    text = _text("ゴミが溜まる場所がなく、コンセントから抜けやすいです。", topics=("quality",))
    assert "ごみが残っておりました" not in text


def test_news_gets_no_customers_reply() -> None:
    result = compose(
        DraftRequest(
            text="あおば、新工場で清掃が行き届かず", brand=NOBODY, playbooks=load_packs(None), source_kind="feed"
        )
    )
    assert result.text == ""
    assert [one.rule for one in result.findings] == ["no_reply_needed"]


def test_the_teams_own_acts_are_said_and_those_of_the_pack_are_not() -> None:
    act = "検品を二名で行うよう改めました。"
    known = {"text": "ふたがすぐ外れます。", "brand": NOBODY, "rating": 1, "topics": ("quality",)}
    own = compose(DraftRequest(playbooks=load_packs(None, {"quality": {"acts": {"ja": [act]}}}), **known))  # type: ignore[arg-type]
    shipped = compose(DraftRequest(playbooks=load_packs(None), **known))  # type: ignore[arg-type]
    assert act in own.text
    acts = [act for book in load_packs(None).by_name.values() for act in book.acts.get("ja", [])]
    assert not any(one in shipped.text for one in acts)


def test_praise_of_the_weather_is_no_praise_of_ours() -> None:
    assert "天気" not in _text("天気が良く、夕日も見えました。", rating=4, sentiment="positive", severity="none")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("開封したら部品が割れていました。", "品の状"),
        ("予定日を過ぎても商品が届きません。", "お届け"),
        ("身に覚えのない請求をされました。", "ご請求|お支払い"),
        ("問い合わせても返信がありません。", "経緯|お問い合わせ"),
    ],
)
def test_what_is_still_open_is_settled_and_not_improved_in_future(text: str, step: str) -> None:
    said = _text(text, severity="major")
    assert re.search(step, said)
    assert "ご連絡" in said or "お知らせいただ" in said or "ご一報" in said
    assert "今後に生かし" not in said


def test_what_was_put_right_or_sent_back_is_over() -> None:
    assert "品の状" not in _text("部品が割れていたので返品しました。")


def test_the_fourth_time_is_not_the_first() -> None:
    assert re.search("たびたび|重ねてご迷惑|繰り返し", _text("画面が止まりました。これで4回目です。"))


def test_the_thing_that_the_network_hears_is_named_where_words_leave_it_open() -> None:
    things = (Heard("枕の高さ", 0, True, 0.9),)
    assert "枕の高さにつきまして" in _text("枕の高さ、うーん。", things=things)


def test_to_somebody_who_thanks_a_failure_stands_only_where_a_thing_is_heard_as_bad() -> None:
    known = {"rating": 4, "sentiment": "positive", "severity": "none", "intent": "thanks", "intent_p": 0.95}
    text = "音が静かで良いです。前の棚は割れました。"
    assert "割れ" not in _text(text, things=(Heard("音", 0, False, 0.9),), **known)


@pytest.mark.parametrize(
    ("text", "marked", "names"),
    [
        ("露天風呂が汚れていた。", "露天風呂", ["露天風呂"]),
        ("陶芸を見本に作りました。", "陶芸を見", []),  # the lesser part of a word
        ("駅からもすぐで迷いません。", "駅から", []),  # not the station is meant
        ("りんご10キロが届いた。", "りんご10キロ", ["りんご"]),
    ],
)
def test_what_the_network_marks_is_named_as_a_whole_noun_or_not_at_all(
    text: str, marked: str, names: list[str]
) -> None:
    thing = Heard(marked, text.index(marked), True, 0.95)
    assert [name for name, _ in named_ja(text, [thing], bad=True)] == names
