"""Practice: cases in both languages, and feedback that a trainee can act on."""

from __future__ import annotations

import pytest

from config.brand import INDUSTRIES, BrandSettings, Contact
from responder.drafting.practice import PracticeCase, feedback, practice_cases

BRAND = BrandSettings(name="Hotel Sakura", contact=Contact(email="care@sakura.example"))


def _case(name: str) -> PracticeCase:
    return next(case for case in practice_cases() if case.id == name)


def test_there_are_cases_in_both_languages_and_several_industries() -> None:
    assert {case.language for case in practice_cases()} == {"ja", "en"}
    assert {case.industry for case in practice_cases()} == set(INDUSTRIES)
    assert all(case.language == "ja" for case in practice_cases(language="ja"))


def test_an_empty_phrase_gets_advice_on_every_point() -> None:
    said = feedback(_case("ja-lobby"), "真摯に受け止めてまいります。", BRAND)
    assert not said.ready
    missed = {point.name: point.advice for point in said.points if not point.reached}
    assert "チェックイン" in missed["names_the_problem"]
    assert "empty_phrase" in {one.rule for one in said.findings}


def test_a_good_reply_is_ready() -> None:
    reply = (
        "Hello Helen,\n\nI am sorry that you waited an hour in the lobby because your room was not ready, and that nobody "
        "told you how long it would take. I will have the front desk and housekeeping compare rooms every hour. "
        "Could you tell me more about that day at care@sakura.example?\n\nHotel Sakura"
    )
    said = feedback(_case("en-lobby"), reply, BRAND)
    assert said.ready, (said.points, said.findings)


@pytest.mark.parametrize("case", practice_cases(), ids=lambda case: case.id)
def test_an_example_is_shown_only_where_it_would_pass_itself(case: PracticeCase) -> None:
    example = feedback(case, "", BRAND).example
    assert not example or feedback(case, example, BRAND).ready


def test_most_is_learnt_from_an_example() -> None:
    assert sum(bool(feedback(case, "", BRAND).example) for case in practice_cases()) >= 5
