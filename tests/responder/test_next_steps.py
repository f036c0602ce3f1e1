"""What happens next, and which kind of answer that makes: as the assessment hears it, and in plain words where it is unsure."""

from __future__ import annotations

from typing import Any

import pytest

from config.brand import BrandSettings
from responder.drafting.drafts import DraftResult, compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Heard

BROKEN = {"ja": "三日で持ち手が折れました。", "en": "The handle broke after three days."}
CONTACT = {"ja": ("ご連絡", "お知らせいただけ", "ご一報"), "en": ("ould you", "ould I ask")}
SORRY = {"ja": ("申し訳", "お詫び"), "en": ("sorry",)}


def _draft(text: str, language: str, industry: str = "e-commerce", **known: Any) -> DraftResult:
    brand = BrandSettings(name="Aoba", industry=industry, signature={"ja": "Aoba", "en": "Aoba"})
    fields = {"source_kind": "trustpilot", "rating": 1.0, "next_step_p": 0.9} | known
    return compose(DraftRequest(text=text, brand=brand, playbooks=load_packs(industry), language=language, **fields))


def _says(result: DraftResult, words: dict[str, tuple[str, ...]]) -> bool:
    return any(one in result.text for one in words[result.language])


def _rules(result: DraftResult) -> set[str]:
    return {one.rule for one in result.findings}


def _bad(text: str) -> tuple[Heard, ...]:
    return (Heard(text.rstrip("。."), 0, True, 0.9),)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_to_be_settled_asks_for_the_order_and_a_photo(language: str) -> None:
    text = BROKEN[language]
    result = _draft(text, language, next_step="settle", statements=_bad(text))
    assert _says(result, SORRY)
    assert _says(result, CONTACT)
    assert "番号" in result.text or "number" in result.text
    assert "写真" in result.text or "photo" in result.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_passed_on_asks_nobody_to_write(language: str) -> None:
    text = BROKEN[language]
    result = _draft(text, language, next_step="pass_on", statements=_bad(text), severity="major")
    assert _says(result, SORRY)
    assert not _says(result, CONTACT)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("step", ["thank", "none"])
def test_few_stars_are_never_left_without_an_apology(language: str, step: str) -> None:
    assert _says(_draft(BROKEN[language], language, next_step=step), SORRY)


@pytest.mark.parametrize(
    ("text", "language"),
    [("駅前に新しい店が開くそうだ。", "ja"), ("They are opening a second shop by the station.", "en")],
)
def test_talk_of_others_gets_no_reply_and_a_review_of_no_opinion_no_apology(text: str, language: str) -> None:
    calm = {"sentiment": "neutral", "severity": "none", "next_step": "none"}
    post = _draft(text, language, rating=None, source_kind="x", **calm)
    assert (post.text, _rules(post)) == ("", {"no_reply_needed"})
    review = _draft(text, language, rating=3, **calm)
    assert review.text
    assert not _says(review, SORRY)


@pytest.mark.parametrize(("text", "language"), [("まだ手元にない", "ja"), ("where on earth is it", "en")])
def test_a_plea_that_sounds_calm_is_answered(text: str, language: str) -> None:
    calm = {"sentiment": "neutral", "severity": "none", "rating": None, "source_kind": "x"}
    result = _draft(text, language, next_step="settle", statements=_bad(text), **calm)
    assert _says(result, SORRY)
    assert "no_reply_needed" not in _rules(result)


@pytest.mark.parametrize(
    ("severity", "p", "needed"),
    [("critical", 0.5, True), ("major", 0.5, False), ("major", 0.8, True), ("none", 0.99, False)],
)
def test_a_person_must_write_where_the_matter_is_as_grave_as_it_sounds(severity: str, p: float, needed: bool) -> None:
    result = _draft("They read my letter out in the shop.", "en", next_step="person", next_step_p=p, severity=severity)
    assert ("person_must_write" in _rules(result)) == needed


def test_bitter_thanks_for_something_grave_are_no_thanks() -> None:
    text = "so people may be assaulted on your ferries, nice customer service"
    heard = {"sentiment": "positive", "severity": "critical", "next_step": "thank", "next_step_p": 0.4}
    result = _draft(text, "en", industry="transport", rating=None, source_kind="x", **heard)
    assert "person_must_write" in _rules(result)


def test_what_an_angry_post_exclaims_is_no_question() -> None:
    text = "Fifty minutes on hold, really?"
    post = {"rating": None, "source_kind": "x", "sentiment": "negative", "next_step": "answer"}
    assert "sorry" in _draft(text, "en", statements=_bad(text), topics=("waiting",), **post).text


@pytest.mark.parametrize(
    ("text", "language", "open_"),
    [
        ("二重に請求されています。", "ja", True),
        ("返金していただきました。二重に請求されたものです。", "ja", False),
        ("スタッフの態度が悪かった。", "ja", False),
        ("You charged my card twice.", "en", True),
        ("The assistant was rude.", "en", False),
    ],
)
def test_where_the_assessment_tells_no_step_plain_words_do(text: str, language: str, open_: bool) -> None:
    assert _says(_draft(text, language, next_step=None, next_step_p=0.0), CONTACT) == open_


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_app_that_fails_is_asked_for_its_device_and_a_charge_is_not(language: str) -> None:
    crash = {"ja": "起動するとすぐ落ちる", "en": "It crashes every time I open it"}[language]
    charge = {"ja": "解約したのに課金されている", "en": "I was charged after I cancelled"}[language]
    known = {"source_kind": "google_play", "industry": "technology", "next_step": "settle"}
    asked = [_draft(text, language, statements=_bad(text), **known).text for text in (crash, charge)]
    assert ["device" in text or "phone" in text or "機種" in text for text in asked] == [True, False]
