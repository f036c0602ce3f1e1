"""Packs: complete for ten industries, overridable line by line, refused with their line when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.brand import INDUSTRIES, BrandSettings
from config.mistakes import ConfigurationError
from responder.composing.bank import phrases
from responder.drafting.playbooks import load_packs, read_pack
from responder.drafting.strategy import STRATEGIES, propose
from responder.guard.finding import Context
from responder.guard.guard import check

BOOK = """playbooks:
  noise:
    title: {ja: 音, en: Noise}
    topics: [surroundings]
    strategy: training
    steps: {ja: [聞く], en: [Listen]}
    ask: {ja: [いつ], en: [When]}
"""


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_every_industry_has_playbooks_with_acts_in_both_languages(industry: str) -> None:
    packs = load_packs(industry)
    for name, book in packs.by_name.items():
        assert set(book.acts) == set(book.steps) == set(book.ask) == {"ja", "en"}, name
        assert book.reasons or len(book.acts["ja"]) >= 5, name
    assert packs.fitting(["waiting"])[0] != "general"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("    acts: {ja: ['{houes}で直します。'], en: [I fix it]}", "{houes}"),
        (
            "    acts: {ja: [a], en: [b]}\n    remedies: [{name: {ja: a, en: b}, cost: {amount: -5, currency: JPY}}]",
            "greater than or equal to 0",
        ),
        ("    acts: {ja: [a], en: [b]}\n    remedies: [{name: {ja: a, en: b}, cost: {amount: 5}}]", "currency"),
        ("    acts: {ja: [a], en: [b]}\n    remedeis: []", "remedies"),
    ],
)
def test_a_wrong_pack_is_refused_with_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(BOOK + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_pack(path)
    assert said in error.value.lines[0]
    number = int(error.value.lines[0].split(":")[1])
    assert 8 <= number <= 9


def test_a_team_overrides_one_line_and_keeps_the_rest() -> None:
    own = load_packs("hospitality", {"noise": {"acts": {"ja": ["夜間は支配人が館内を回ります。"]}}})
    kept = load_packs("hospitality").by_name["noise"]
    assert own.by_name["noise"].acts["ja"] == ["夜間は支配人が館内を回ります。"]
    assert own.by_name["noise"].acts["en"] == kept.acts["en"]


def test_a_team_adds_and_removes_playbooks() -> None:
    own = load_packs("hospitality", {"noise": None})
    assert "noise" not in own.by_name
    with pytest.raises(ConfigurationError, match="general"):
        load_packs("hospitality", {"general": None})


def test_a_wrong_override_names_its_path() -> None:
    with pytest.raises(ConfigurationError, match=r"playbooks: .*noise\.strategy"):
        load_packs("hospitality", {"noise": {"strategy": "hope"}})


def test_the_reason_of_the_assessment_chooses_before_the_topic() -> None:
    assert load_packs("restaurants").fitting(["food"], "", ["food_safety"])[0] == "injury-or-illness"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_strategies_come_from_the_six_and_say_why(language: str) -> None:
    for severity in ("none", "minor", "major", "critical"):
        for history in (0, 1, 4):
            found = propose(severity, history, ["waiting"], language=language)
            assert all(name in STRATEGIES for name in found.name.split(" + "))
            assert found.why


def test_a_repeat_failure_never_gets_a_voucher() -> None:
    assert propose("minor", 1, ["food"], preferred="immediate_compensation").name == "personal_attention"
    assert "second failure" in propose("minor", 1, ["food"]).why


@pytest.mark.parametrize("industry", INDUSTRIES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_act_of_a_pack_is_blocked_by_the_guard(industry: str, language: str) -> None:
    brand = BrandSettings(name="灯りの森" if language == "ja" else "Akari", industry=industry)
    leads = phrases(language, "review")["act_lead"]
    blocked = []
    for book in load_packs(industry).by_name.values():
        for act in book.acts[language]:  # type: ignore[index]
            said = (leads[0] + act).format(house="当館", brand=brand.name, location="浅草", team="our kitchen")
            context = Context(language=language, brand=brand, mention="It was cold.", rating=1, severity="major")
            blocked += [(one.rule, said) for one in check(said, context) if one.level == "block"]
    assert not blocked


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_every_playbook_has_steps_questions_and_causes_and_what_compensates_has_a_cost(industry: str) -> None:
    for name, book in load_packs(industry).by_name.items():
        assert all(book.steps.values()), name
        assert all(book.ask.values()), name
        assert len(book.causes) >= 1, name
        assert book.remedies or book.strategy != "immediate_compensation", name


@pytest.mark.parametrize(
    ("industry", "topics", "text", "name"),
    [
        ("hospitality", ["booking"], "オーバーブッキングと言われ別のホテルへ", "no-room"),
        ("restaurants", ["food"], "This is not what I ordered.", "wrong-order"),
        ("restaurants", ["food"], "The soup was cold.", "dish"),
        ("telecom", ["quality"], "The technician never came for the appointment", "equipment"),
        ("e-commerce", ["quality"], "写真と違う色が届いた", "not-as-described"),
        ("e-commerce", ["billing"], "カートで決済エラーになり二重に請求された", "checkout"),
        ("financial-services", ["app"], "ネットバンキングの障害で振り込めない", "service-down"),
        ("professional-services", ["billing"], "The invoice was double the estimate.", "scope"),
        ("technology", ["app"], "Another outage, the service is down again.", "downtime"),
    ],
)
def test_the_typical_failures_of_an_industry_have_playbooks_of_their_own(
    industry: str, topics: list[str], text: str, name: str
) -> None:
    assert load_packs(industry).fitting(topics, text)[0] == name
