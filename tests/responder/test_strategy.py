"""The reason of a strategy is said in the language of whoever reads it, whatever language the draft has."""

from __future__ import annotations

from itertools import product

from responder.strategy import propose, why_in


def test_every_reason_turns_into_its_other_language_and_back() -> None:
    topics = ("staff", "billing", "app", "food", "other")
    for history, severity, topic, grave in product(range(8), ("minor", "major", "critical"), topics, ((), ("fraud",))):
        for recurring in (False, True):
            japanese, english = (
                propose(severity, history, [topic], reasons=grave, recurring=recurring, language=one).why
                for one in ("ja", "en")
            )
            assert why_in(japanese, "en") == english
            assert why_in(english, "ja") == japanese
            assert why_in(english, "en") == english


def test_a_reason_of_somebody_else_stays_as_it_is() -> None:
    assert why_in("the guest asked for the manager", "ja") == "the guest asked for the manager"
