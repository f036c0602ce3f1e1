"""The reason of a strategy is said in the language of whoever reads it, whatever language the draft has."""

from __future__ import annotations

from itertools import product

from config.amount import Amount
from responder.drafting.strategy import propose, why_in


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


def test_a_remedy_that_costs_more_than_the_customer_is_worth_gives_way_to_a_personal_answer() -> None:
    value, drink, night = (Amount(amount=one, currency="JPY") for one in (8000, 1200, 30000))
    dollars = Amount(amount=1, currency="USD")
    for costs, strategy, said in (
        ([night, drink], "immediate_compensation", "1,200 JPY"),
        ([night], "personal_attention", "30,000 JPY"),
        ([dollars], "immediate_compensation", "settle it at once"),
    ):
        found = propose("minor", 0, ["food"], preferred="immediate_compensation", costs=costs, value=value)
        assert found.name == strategy
        assert said in found.why
        assert why_in(why_in(found.why, "ja"), "en") == found.why


def test_a_reason_of_somebody_else_stays_as_it_is() -> None:
    assert why_in("the guest asked for the manager", "ja") == "the guest asked for the manager"
