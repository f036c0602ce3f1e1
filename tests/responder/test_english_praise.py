"""English thanks name what a statement praises, or nothing; sour thanks and what others wrote get none."""

from __future__ import annotations

from typing import Any

import pytest

from config.brand import BrandSettings
from responder.composing.english.praised import thanked_for
from responder.drafting.drafts import compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Heard

MILL = BrandSettings(name="Tarn Mill", industry="retail")


def _draft(text: str, *spans: str, **known: Any) -> str:
    marked = tuple(Heard(one.lstrip("-"), text.index(one.lstrip("-")), one.startswith("-"), 0.9) for one in spans)
    asked = {"rating": 5.0, "sentiment": "positive", "severity": "none", "language": "en", **known}
    return compose(DraftRequest(text=text, brand=MILL, playbooks=load_packs("retail"), statements=marked, **asked)).text


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("we loved the woven lid", "the woven lid"),
        ("Your stewards were so patient", "our patient stewards"),
        ("such a lovely soft wool", "the soft wool"),
        ("the weave and hem of this poncho are gorgeous", "the weave and hem of the poncho"),
        ("wool is very warm", "the warm wool"),
        ("super easy to clean", "how easy the poncho is to clean"),
        ("fits like a glove", "the fit of the poncho"),
        ("parcel came early", "the quick delivery"),
        ("it looks stunning", "how the poncho looks"),
        ("the pockets make every outfit", "the pockets"),
        ("your guide walked us to the gate", "how our guide walked you to the gate"),
        ("thanks for finding my scarf", "how our team found your scarf"),
        ("Worth every penny", "the value for money"),
        ("they serve great scones", "the scones"),
        ("get so many compliments when I wear it", "the compliments you get on the poncho"),
    ],
)
def test_a_statement_is_thanked_for_as_the_name_of_what_it_praises(statement: str, said: str) -> None:
    assert thanked_for(statement, f"This poncho, well. {statement}.") == said


@pytest.mark.parametrize(
    "statement",
    [
        "it was great",
        "the wool is not soft",
        "I wanted to love the weave",
        "I would love the weave in blue",
        "my son slept well",
        "love it",
        "looked lovely in the picture",
        "Marta went above and beyond",
        "why is it so soft?",
    ],
)
def test_what_is_not_certain_is_not_named(statement: str) -> None:
    assert thanked_for(statement, f"{statement} This was ours.") is None


def test_at_most_two_things_are_thanked_for_each_once() -> None:
    text = _draft("Great weave. Soft wool. Lovely hem.", "Great weave", "Soft wool", "Lovely hem")
    assert "the weave and the soft wool" in text
    assert "hem" not in text


def test_where_nothing_can_be_named_the_reply_is_general() -> None:
    text = _draft("It was bliss from start to end.", "It was bliss")
    assert "you are happy with what you bought" in text


def test_a_model_that_marks_nothing_is_still_thanked_for_a_thing() -> None:
    assert "the weave" in _draft("Love the weave. Will come back.")


@pytest.mark.parametrize(
    "text", ["Thanks for ruining our trip", "Great job losing my bag #rude", "last time I ever shop with you, cheers"]
)
def test_sour_thanks_are_not_thanked(text: str) -> None:
    said = _draft(text, rating=None, source_kind="x", kind="post", next_step="thank", next_step_p=0.9)
    assert "sorry" in said
    assert "welcome" not in said


def test_a_post_that_praises_nothing_is_not_told_how_glad_we_are() -> None:
    sure = {"rating": None, "source_kind": "x", "kind": "post", "next_step": "thank", "next_step_p": 0.9}
    assert len(_draft("that's right, with a stop in Leith", **sure).split()) < 7
    assert _draft("“@tarnmill: Spring wool is in!” nice", **sure) == ""


def test_a_mention_in_another_language_is_answered_by_its_topics_in_english_words() -> None:
    wool = Heard("die Wolle kratzt", 0, True, 0.9)
    result = compose(
        DraftRequest(
            text="die Wolle kratzt und das Paket kam spät", brand=MILL, playbooks=load_packs("retail"), language="de",
            rating=1.0, topics=("quality", "delivery"), statements=(wool,), next_step="pass_on", next_step_p=0.9,
        )
    )  # fmt: skip
    assert "about the quality and about the delivery" in result.text
    assert "Wolle" not in result.text
    (hint,) = [one.why for one in result.findings if one.rule == "language_hint"]
    assert "“die Wolle kratzt”" in hint
    assert "topic_missed" not in {one.rule for one in result.findings}


def test_praise_in_another_language_is_thanked_for_by_its_first_topic() -> None:
    said = _draft("El personal fue amable y la lana es suave", language="es", topics=("staff", "quality"))
    assert "about our team" in said
    assert "personal" not in said
