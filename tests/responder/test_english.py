"""English drafts say what is certain: a clause told back, the name of a thing, a deed; else they say less."""

from __future__ import annotations

import re
from typing import Any

import pytest

from config.brand import BrandSettings, Contact
from responder.composing.english.complaints import complaints
from responder.composing.english.persons import exchanged
from responder.composing.frames import read_phrases
from responder.drafting.drafts import DraftResult, compose
from responder.drafting.playbooks import load_packs
from responder.drafting.request import DraftRequest, Heard
from responder.guard.finding import Context
from responder.guard.guard import check

FERRY = BrandSettings(
    name="Gull Line", aliases=["@gullline"], industry="transport", contact=Contact(email="care@gull.example")
)


def _draft(text: str, **known: Any) -> DraftResult:
    return compose(DraftRequest(text=text, brand=FERRY, playbooks=load_packs("transport"), language="en", **known))


def _post(text: str, sentiment: str = "negative", **known: Any) -> DraftResult:
    return _draft(text, sentiment=sentiment, source_kind="x", kind="post", **known)


def _app(text: str, rating: float = 1, sentiment: str = "negative") -> str:
    known = {"topics": ("app",), "severity": "minor", "source_kind": "google_play", "kind": "review"}
    return _draft(text, rating=rating, sentiment=sentiment, **known).text


def test_who_you_is_must_be_certain() -> None:
    assert exchanged("my call to you") == "your call to us"
    assert exchanged("where you sit") is None


@pytest.mark.parametrize(
    ("text", "topics", "said"),
    [
        ("The gravy was awful", ["food"], "that the gravy was not what you had hoped for"),
        ("Never again, and I had booked in March", ["booking"], "for the trouble with your booking"),
        ("Shambles", [], "that your experience with us was not what it should have been"),
    ],
)
def test_what_is_not_marked_is_told_by_its_clause_and_else_only_its_topic(
    text: str, topics: list[str], said: str
) -> None:
    assert complaints(text, topics)[0].clause == said


def test_two_failures_are_both_named() -> None:
    text = _draft("Your steward was so rude. I never got a reply to my letter.", rating=1, topics=("staff",)).text
    assert "our steward did not speak to you as they should" in text
    assert "you never got a reply" in text


def test_a_long_grievance_is_not_passed_off_as_its_two_worst_parts() -> None:
    text = (
        "My cabin key did not work and nobody at the desk could tell me why it was locked. The heating was broken all "
        "night. My dinner came cold and the waiter was rude to us. Our luggage was lost for two days after we landed."
    )
    assert "the rest of what you describe" in _draft(text, rating=1, topics=("facilities", "staff")).text


@pytest.mark.parametrize(
    "text", ["The crane hit my car for the third time this month", "My trunk was lost. Same thing again as last year"]
)
def test_a_repeat_is_acknowledged(text: str) -> None:
    said = _draft(text, rating=1, topics=("facilities",)).text
    assert any(one in said for one in ("let alone again", "not the first time"))


def test_a_wish_is_taken_as_a_wish() -> None:
    for text in ("I wish you sold day tickets for dogs", "It would be nice if the bar opened before noon"):
        said = _draft(text, rating=3, topics=("other",), severity="none").text
        assert re.search("suggestion|useful point|would like to see", said)
        assert "sorry" not in said


def test_a_reservation_of_somebody_content_is_noted_without_a_great_apology() -> None:
    text = "Lovely crossing, friendly crew. My only gripe: the bar."
    marked = (Heard("My only gripe: the bar", text.index("My"), True, 0.9),)
    said = _draft(text, rating=4, sentiment="positive", statements=marked).text
    assert "about the bar" in said
    assert "would you" not in said
    kindly = _draft("Lovely crossing, friendly crew, no complaints at all.", rating=4, sentiment="positive").text
    assert not re.search("could be better|would change|reservation", kindly)


def test_the_app_is_asked_for_only_where_something_does_not_work() -> None:
    broken = _app("It crashes every time I open a ticket")
    charged = _app("You charged me for a season ticket that I cancelled")
    assert re.search("device|version", broken)
    assert not re.search("device|version", charged)


def test_whoever_asks_for_help_under_five_stars_is_helped() -> None:
    assert "not working for you" in _app("please help me i want my account back", rating=5, sentiment="positive")


def test_a_question_in_anger_is_a_complaint() -> None:
    text = _post("Really? Nine hours late? Is anyone awake over there?", topics=("waiting",)).text
    assert "sorry" in text
    assert "Thanks for asking" not in text


def test_a_question_is_known_by_its_verb_before_its_subject() -> None:
    asked = _post("thanks for the swift reply. Should I ring daily or wait the five days", severity="minor")
    assert {one.rule for one in asked.findings} >= {"answer_needed"}
    for stated in (
        "when a ferry line makes us late you would think it helps",
        "What SHOULD have been a treat was dull",
    ):
        assert "sorry" in _post(stated, topics=("waiting",)).text


@pytest.mark.parametrize(
    "text",
    ["Thanks for ruining our trip", "six crossings with you #neverbetter #missedferry", "why won't you find my trunk?"],
)
def test_sour_words_are_no_praise(text: str) -> None:
    assert "sorry" in _post(text, "positive", severity="none").text


def test_praise_heard_as_anger_is_thanked_for() -> None:
    text = _post("Big thanks to the purser for helping me find a cabin", severity="minor").text
    assert "sorry" not in text
    assert text


def test_what_we_wrote_ourselves_is_not_answered() -> None:
    assert _post("“@gullline: Sorry! Ask the crew for another seat.” Will do!", severity="minor").text == ""


def test_a_question_is_promised_an_answer_without_being_quoted() -> None:
    text = _post("Do you take bicycles on the morning boat?", "neutral", severity="none").text
    assert "will answer you right here" in text
    assert "bicycles" not in text


def test_thanks_are_answered_with_a_word_and_an_idle_post_with_none() -> None:
    assert (
        "welcome" in _post("thanks!", "positive", severity="none").text
        or "pleasure" in _post("thanks!", "positive", severity="none").text.lower()
    )
    for idle in ("I wonder how quickly the new boat goes", "“@gullline: Summer is near” \U0001f629"):
        result = _post(idle, "positive", severity="none")
        assert (result.text, {one.rule for one in result.findings}) == ("", {"no_reply_needed"})


def test_whoever_wants_no_answer_gets_none() -> None:
    assert _post("never tweet me again, you cowboys").text == ""


def test_no_phrase_of_ours_is_blocked_by_the_guard() -> None:
    bank, context = read_phrases("complaints.en.yaml"), Context("en", FERRY, mention="It was cold.", rating=1)
    said = [*bank["topics"].values(), *bank["general"].values()]
    said += [f"that our clerk {one}" for one in read_phrases("statements.en.yaml")["manners"].values()]
    blocked = []
    for clause in said:
        blocked += [clause for one in check(f"I am sorry {clause}.", context) if one.level == "block"]
    assert not blocked


def test_thanks_for_the_last_time_ever_are_no_thanks() -> None:
    post = "@kin So my flight was late and I missed my connection, thanks again, last time I EVER fly Kin"
    text = _post(post, sentiment="positive").text
    assert "sorry" in text
    assert "welcome" not in text


def test_an_it_that_stands_for_nothing_gives_way_to_the_thing() -> None:
    text = "However, there was so much garlic in the fondue, it was barely edible."
    heard = (
        Heard("garlic", text.index("garlic"), True, 0.9),
        Heard("fondue", text.index("fondue"), True, 0.8),
    )
    draft = _draft(text, rating=1, topics=("food",), severity="minor", things=heard).text
    assert "fondue" in draft
    assert "it was barely edible" not in draft
