"""Japanese drafts: what is taken up of a mention, how it is named, and what is left alone."""

from __future__ import annotations

import pytest

from config.brand import BrandSettings
from responder.composing.grammar_ja import clauses, plain, words
from responder.composing.own_words_ja import own_words, prepared
from responder.drafting.drafts import compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest

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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("朝から使いましたが、充電が2時間ほどで切れてしまいます。", ["充電が2時間ほどで切れてしまう"]),
        ("正直、ふたがすぐ外れます。説明書も入っていませんでした。", ["ふたがすぐ外れる", "説明書も入っていなかった"]),
        ("写真の順番を変えられるようにしてほしいです。", ["写真の順番を変えられるようにしてほしい"]),
        ("接着が弱いのが難点です。", ["接着が弱い"]),
        ("特に気になる点はありません。", []),
        ("前に使っていたものは音がうるさかった。", []),
        ("耐久性はまだ分かりません。", []),
        ("汚れが簡単に落ちます。", []),
        ("壊れにくくて問題もありません。", []),
        ("もう買わないし、おすすめもしません。", []),
        ("軽く落としたらすぐにひびが入ってしまいました。", ["軽く落としたらすぐにひびが入ってしまった"]),
        ("まだ一か月も経っていないのに壊れました。", ["まだ一か月も経っていないのに壊れてしまった"]),
        ("デザインではなく、性能で選びました。", []),
        ("違う色のものが届きました。", ["違う色のものが届いた"]),
        ("廊下が暗くて怖かったです。", ["廊下が暗くて怖かった"]),
        ("電話に出てもらえませんでした。", ["電話に出てもらえなかった"]),
        ("部屋に冷蔵庫があれば良かったと思います。", ["お部屋に冷蔵庫があるとよい"]),
    ],
)
def test_only_a_clause_that_certainly_blames_or_wishes_is_taken_up(text: str, said: list[str]) -> None:
    assert [one.said for one in own_words(prepared(text))] == said


def test_two_failures_are_both_named_and_the_apology_fits() -> None:
    text = _text("ふたがすぐ外れます。持ち手も割れてしまいました。")
    assert "ふたがすぐ外れるほか、持ち手も割れてしまったとのこと、" in text
    assert "申し訳ございません" in text or "お詫び申し上げます" in text


def test_without_an_industry_the_words_fit_every_business() -> None:
    text = _text("ふたがすぐ外れます。")
    assert not any(word in text for word in ("当館", "当店", "お越し", "ご来店"))


def test_the_customers_own_mistake_is_not_apologised_for_as_ours() -> None:
    assert "サイズ" not in _text("サイズを間違えて購入してしまいました。")


def test_what_nobody_understood_is_not_named() -> None:
    text = _text("うーん。")
    assert "とのこと" not in text
    assert "お気づきの点を" in text or "お困りの" in text or "詳しい状況を" in text


def test_praise_with_a_remark_is_thanked_for_and_the_remark_taken_as_one() -> None:
    text = _text("とても軽くて便利です。ただ、生地が少し薄いです。", rating=4, sentiment="positive")
    assert "とても軽くて便利です" in text
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
