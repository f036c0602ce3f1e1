"""A clause that the assessment marks is told back to its writer, or not at all."""

from __future__ import annotations

import pytest

from responder.composing.english.complaints import complaints
from responder.composing.english.meant import Around
from responder.composing.english.told_from import told_from
from responder.drafting.request import Heard


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("oar snapped after 2 days", "that the oar snapped after two days"),
        ("my trunk never came", "that your trunk never came"),
        ("we were left on the quay", "that you were left on the quay"),
        ("been on hold for 3hrs", "that you have been on hold for three hours"),
        ("40 min wait for a cabin key", "that you had to wait 40 minutes for a cabin key"),
        ("you moved my crossing without telling me", "that we moved your crossing without telling you"),
        ("They won't answer my letters", "that we did not answer your letters"),
        ("sent me the wrong anchor", "that we sent you the wrong anchor"),
        ("order cancelled without a word", "that your order was cancelled without a word"),
        ("deck music deafening", "that the deck music was deafening"),
        ("lumpy bunks", "that the bunks were so lumpy"),
        ("The gravy was AWFUL", "that the gravy was not what you had hoped for"),
        ("purser was rude to everybody", "that the purser was rude to everybody"),
        ("the steward was so rude", "that our steward did not speak to you as they should"),
        ("it took us 20 minutes to be seated", "that it took you 20 minutes to be seated"),
        ("no ramp at the stern", "that there was no ramp at the stern"),
        ("Still no trunk", "that you still have no trunk"),
        ("nobody told us about the storm", "that nobody told you about the storm"),
        ("wrong size", "that you received the wrong size"),
        ("half the life jackets had holes in them", "that half the life jackets had holes in them"),
        ("I wasn't impressed with the galley", "that the galley was not what you had hoped for"),
        ("Crumbs in my bunk", "that there was crumbs in your bunk"),
        ("the website sucks", "that our website was not what you had hoped for"),
        ("My only gripe: the bar", "about the bar"),
    ],
)
def test_a_marked_clause_is_told_to_its_writer(said: str, told: str) -> None:
    assert told_from(said, Around(said, 0)) == told.replace("was crumbs", "were crumbs")


@pytest.mark.parametrize(
    "said",
    [
        "he shrugged",
        "it broke",
        "would not sail with you again",
        "who thought of that?",
        "the cabin was a coffin",
        'called it a "minor delay"',
        "smelled like a wet dog",
        "they are thieves",
        "I can't recommend this",
        "Hanna forgot my towel",
        "if the boat had come",
        "I ordered two tickets",
        "the bursar laughed and then he was gone the boat was late",
        "you told them you would call",
    ],
)
def test_what_leaves_a_doubt_or_an_insult_is_not_told(said: str) -> None:
    assert told_from(said, Around(f"Then {said[0].lower()}{said[1:]}" if said[0] == "T" else said, 0)) is None


def test_it_is_told_by_the_name_of_what_is_meant() -> None:
    text = "I wore this dress once. It shrank in the wash and the sleeves are too short."
    assert told_from("It shrank in the wash", Around(text, text.index("It"))) == "that the dress shrank in the wash"
    jeans = "These jeans looked good. They run small."
    assert told_from("They run small", Around(jeans, jeans.index("They"))) == "that the jeans run small"
    assert (
        told_from("it stopped charging", Around("it stopped charging", 0, "the item"))
        == "that the item stopped charging"
    )


def _marked(text: str, *spans: str, p: float = 0.9) -> list[str]:
    return [
        one.clause for one in complaints(text, ["quality"], [Heard(one, text.index(one), True, p) for one in spans])
    ]


def test_marked_words_are_told_to_the_end_of_their_clause() -> None:
    assert _marked("I waited on the pier for 40 minutes.", "waited on the pier for 40") == [
        "that you waited on the pier for 40 minutes"
    ]


def test_a_clause_that_is_not_marked_is_told_only_of_a_model_that_marks_none() -> None:
    text = "The anchor was broken."
    assert complaints(text, ["quality"])[0].clause == "that the anchor was broken"
    assert "anchor" not in complaints(text, ["quality"], ())[0].clause


def test_what_stands_behind_a_wish_is_not_told() -> None:
    text = "I wish the bunk was wider, and the lamp flickered all night."
    assert _marked(text, "the bunk was wider", "the lamp flickered all night") == ["that the lamp flickered all night"]


def test_one_failure_is_told_once_and_an_unsure_second_not() -> None:
    text = "The rope was frayed. The rope was worn and frayed! Our boat left an hour late."
    assert _marked(text, "The rope was frayed", "The rope was worn and frayed") == ["that the rope was frayed"]
    assert len(_marked(text, "The rope was frayed", "Our boat left an hour late")) == 2
    assert len(_marked(text, "The rope was frayed", "Our boat left an hour late", p=0.55)) == 1
