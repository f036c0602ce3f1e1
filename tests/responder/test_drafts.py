"""Composed drafts: what they name, what they never say, and that they do not repeat themselves."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.brand import BrandSettings, Contact
from responder.composing.acts import fitting_acts
from responder.composing.variation import sentences
from responder.drafting.drafts import DraftResult, compose
from responder.drafting.lengths import limit_of, measure
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Heard, Recent
from responder.guard.patterns import SORRY
from tests.responder import rubric

HOTEL = BrandSettings(
    name="ホテルさくら",
    industry="hospitality",
    aliases=["Hotel Sakura"],
    contact=Contact(email="guest@sakura.example"),
    signature={"ja": "ホテルさくら 支配人 田中", "en": "Kenji Tanaka\nGeneral Manager, Hotel Sakura"},
)


def _draft(text: str, **known: object) -> DraftResult:
    return compose(DraftRequest(text=text, brand=HOTEL, playbooks=load_packs("hospitality"), **known))  # type: ignore[arg-type]


def _rules(result: DraftResult) -> set[str]:
    return {one.rule for one in result.findings}


def test_a_japanese_complaint_is_named_in_our_own_respectful_words() -> None:
    result = _draft(
        "チェックインで40分以上待たされ、部屋に髪の毛が落ちていました。", rating=1, author="山田", topics=("waiting",)
    )
    assert "チェックインの際に40分以上お待たせしてしまいましたこと" in result.text
    assert "お部屋に髪の毛が残っておりましたこと" in result.text
    assert result.text.startswith("山田様")
    assert result.text.endswith("ホテルさくら 支配人 田中")
    assert not [one for one in result.findings if one.level == "block"]


def test_an_english_complaint_is_turned_round() -> None:
    result = _draft(
        "I waited 40 minutes at check-in and my shower was cold.", rating=1, language="en", author="Emma W."
    )
    assert "that you waited 40 minutes at check-in and that your shower was cold" in result.text
    assert result.text.startswith("Hello Emma,")


@pytest.mark.parametrize("severity", ["major", "critical"])
def test_a_grave_case_apologises_first_and_ends_with_an_apology(severity: str) -> None:
    text = _draft("お湯が出なかった", rating=1, severity=severity).text
    assert text.index("お湯がきちんと出ておりませんでした") < text.index("お知らせくださ")
    assert "重ねてお詫び申し上げます。" in text.split("\n\n")[-2]


@pytest.mark.parametrize(
    ("text", "topics", "named"),
    [
        ("車内アナウンスの音量が小さすぎて、降りる場所が分からない。", ("facilities",), "車内アナウンスの音量"),
        (
            "請求書の宛名が別の会社名になっていた。しかもこれで2回目。",
            ("communication", "privacy"),
            "宛名が別の会社名に",
        ),
        ("リボンが曲がったまま、ラッピングを渡されました。残念です。", ("quality",), "リボンが曲がった"),
    ],
)
def test_a_failure_that_no_frame_knows_is_named_by_its_thing(text: str, topics: tuple[str, ...], named: str) -> None:
    result = _draft(text, rating=1, topics=topics, severity="critical", reasons=("data_leak",))
    assert named in result.text
    assert "person_must_write" not in _rules(result), "the words say nothing of a leak"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Was charged twice the fee, they refused to look at it.", "that you were charged twice"),
        ("The driver swore at my son in front of everyone.", "that your experience with us was not"),
    ],
)
def test_an_english_complaint_keeps_its_own_words_and_repeats_nothing_of_anybody(text: str, said: str) -> None:
    result = _draft(text, rating=1, language="en", topics=("billing",))
    assert said in result.text
    assert "swore" not in result.text


def test_an_act_is_said_only_where_it_speaks_of_the_failure() -> None:
    acts = [
        "I will have the kitchen check the temperature of every plate.",
        "I will go through the charge line by line.",
    ]
    assert fitting_acts(acts, "that you were charged twice") == (acts[1],)


def test_there_are_three_true_alternatives() -> None:
    result = _draft("お湯が出なかった", rating=2, topics=("facilities",))
    assert [one.tone for one in result.alternatives] == ["shorter", "warmer", "formal"]
    assert len({result.text, *(one.text for one in result.alternatives)}) == 4
    assert len(result.alternatives[0].text) < len(result.text)


def test_praise_is_thanked_for_its_own_thing_and_gets_no_apology() -> None:
    text = "朝食が美味しく、スタッフの方も親切でした"
    marked = tuple(Heard(one, text.index(one), False, 0.9) for one in ("朝食が美味しく", "スタッフの方も親切でした"))
    result = _draft(text, rating=5, sentiment="positive", severity="none", statements=marked)
    assert "朝食のおいしさやスタッフの親切な応対についてのお言葉" in result.text
    assert "申し訳" not in result.text


def test_a_question_is_answered_from_the_approved_facts_or_marked() -> None:
    known = {"rating": None, "sentiment": "neutral", "severity": "none", "kind": "post", "source_kind": "mastodon"}
    assert "answer_needed" in _rules(_draft("駐車場はありますか？", **known))
    facts = load_packs(
        "hospitality", {"answers": [{"words": ["駐車場"], "ja": "駐車場は十五台分、先着順でございます。"}]}
    )
    answered = compose(DraftRequest(text="駐車場はありますか？", brand=HOTEL, playbooks=facts, **known))  # type: ignore[arg-type]
    assert "十五台分" in answered.text
    assert "answer_needed" not in _rules(answered)


def test_a_mention_that_asks_nothing_gets_no_reply_and_says_why() -> None:
    result = _draft(
        "今日はホテルさくらの前を通った", sentiment="neutral", severity="none", kind="post", source_kind="mastodon"
    )
    assert result.text == ""
    assert _rules(result) == {"no_reply_needed"}


def test_spam_is_reported_and_not_answered() -> None:
    result = _draft("Earn $500 a day, click here http://x.example", language="en")
    assert (result.text, result.playbook) == ("", "report-to-site")


def test_illness_is_left_to_a_person_with_sympathy_and_no_cause() -> None:
    result = _draft("夕食の後、家族全員が嘔吐しました。", rating=1, severity="critical", reasons=("food_safety",))
    assert "お見舞い申し上げます" in result.text
    assert "person_must_write" in _rules(result)
    assert "夕食" not in result.text
    assert result.playbook == "injury-or-illness"


def test_a_death_gets_no_draft_at_all() -> None:
    result = _draft("こちらで倒れた父が亡くなりました。", rating=1, severity="critical")
    assert (result.text, result.alternatives) == ("", ())
    assert "person_must_write" in _rules(result)


def test_another_language_is_answered_in_english_with_a_hint() -> None:
    result = _draft("Das Zimmer war schmutzig.", rating=1, language="de", topics=("cleanliness",))
    assert result.language == "en"
    assert "language_hint" in _rules(result)


def test_the_second_failure_calls_for_a_person_and_no_voucher() -> None:
    strategy = _draft("お湯が出なかった", rating=2, author_history=1).strategy
    assert strategy.name == "personal_attention"
    assert "2度目" in strategy.why


@pytest.mark.parametrize("source_kind", ["x", "bluesky", "mastodon", "google_play_console", "google_business"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_draft_fits_its_site(source_kind: str, language: str) -> None:
    text = (
        "チェックインで40分以上待たされ、部屋に髪の毛が落ちていました。"
        if language == "ja"
        else "I waited 40 minutes and the shower was cold."
    )
    result = _draft(text, rating=1, severity="major", language=language, source_kind=source_kind, topics=("waiting",))
    limit = limit_of(source_kind)
    for written in (result.text, *(one.text for one in result.alternatives)):
        assert 0 < measure(written, limit.unit) <= limit.maximum


@pytest.mark.parametrize(("text", "language"), [("お湯が出なかった", "ja"), ("The shower was cold.", "en")])
def test_no_body_sentence_comes_back_within_fifty_replies(text: str, language: str) -> None:
    recent: list[Recent] = []
    free = (
        "この度",
        "このたび",
        "貴重な",
        "先日",
        "当ホテル",
        "ご意見",
        "お声",
        "次",
        "また",
        "責任者",
        "Hello",
        "Thank",
        "I will answer",
        "I will stay",
    )
    free += ("Your message", "I hope", "I would", "You can", "guest@", "ホテル", "Kenji", "General")
    for number in range(50):
        result = _draft(
            text,
            rating=2,
            language=language,
            topics=("facilities",),
            recent=tuple(recent),
            seed=number,
            source_kind="google_business",
        )
        # Greeting, thanks, apology and closing may come back.
        body = {one for one in sentences(result.text) if not one.startswith(free) and not SORRY.search(one)}
        said = frozenset().union(*(sentences(one.text) for one in recent))
        assert body
        assert not body & said
        recent.insert(0, Recent(result.text, result.phrases))


def test_the_same_request_gives_the_same_draft() -> None:
    assert _draft("お湯が出なかった", rating=2, seed=7) == _draft("お湯が出なかった", rating=2, seed=7)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    st.text(max_size=200), st.sampled_from(["ja", "en", "ko"]), st.sampled_from([None, 1, 3, 5]), st.text(max_size=20)
)
def test_any_text_by_any_author_is_answered_or_left_with_a_reason(
    text: str, language: str, rating: float | None, author: str
) -> None:
    result = _draft(text, language=language, rating=rating, author=author)
    assert result.text or result.findings


def test_a_review_cannot_fill_our_templates() -> None:
    result = _draft("{contact} が {clause} で {house} が使えなかった", rating=1, author="{brand}")
    assert "{" not in result.text.replace("{contact}", "").replace("{clause}", "").replace("{house}", "")


def test_the_rubric_drafts_are_those_that_were_read() -> None:
    stored = [json.loads(line) for line in (rubric.FOLDER / "drafts.jsonl").read_text(encoding="utf-8").splitlines()]
    again = list(rubric.snapshot({row["id"]: row["facts"] for row in stored}))
    assert again == stored, "read the new drafts, then run python -P -m tests.responder.rubric"


def test_no_rubric_draft_is_blocked_but_for_those_that_a_person_must_write() -> None:
    for line in (rubric.FOLDER / "drafts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        blocks = {one["rule"] for one in row["findings"] if one["level"] == "block"}
        assert blocks <= {"person_must_write"}, row["id"]
