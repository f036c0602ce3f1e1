"""What could read absurdly is neither apologised for nor thanked for."""

from __future__ import annotations

import pytest

from responder.composing.english.joined import joined
from responder.composing.english.sane import may_be_sorry, may_be_thanked_for


@pytest.mark.parametrize(
    "clause",
    [
        "about the hostages and the anchors",
        "that the oars are adorable",
        "that our helpful stewards in the galley helped",
        "that we checked your trunk at the quay",
        "about your fleet",
        "that you had rather eat on a raft",
        "that the soup was made in for over for three hours",
        "that the canvas is prone too wrinkling",
        "that the back is halfway up the back",
        "that the sails are headed back",
        "about the del Mar",
        "that the captain does come 1at",
        "that you need a bigger boat",
    ],
)
def test_an_apology_never_takes_what_could_read_absurdly(clause: str) -> None:
    assert not may_be_sorry(clause, "")


@pytest.mark.parametrize(
    "clause",
    [
        "that your trunk never came",
        "that the bunks were not comfortable",
        "that the gravy was not what you had hoped for",
        "that you have been on hold for three hours",
        "that we sent you the wrong anchor",
        "that the canvas was too soft",
        "about the gravy",
        "that the steward did not speak to you as they should",
    ],
)
def test_an_apology_takes_a_plain_failure(clause: str) -> None:
    assert may_be_sorry(clause, "")


def test_what_somebody_has_is_not_what_is_missing() -> None:
    assert not may_be_sorry("about the receipt", "I have a receipt but no key")
    assert not may_be_sorry("about the salad", "The bread that came with the salad was stale")


@pytest.mark.parametrize(
    "named", ["the been", "the place sticks", "the stop", "the rude crew", "how soft this feels to them"]
)
def test_thanks_never_take_what_is_no_praise(named: str) -> None:
    assert not may_be_thanked_for(named)


@pytest.mark.parametrize("named", ["our quick and friendly service", "the soft canvas", "how well it works", "the fit"])
def test_thanks_take_what_is_praised(named: str) -> None:
    assert may_be_thanked_for(named)


def test_things_that_are_many_are_never_us() -> None:
    assert joined("you", "had to wash the oars and they ripped") == ""
    assert joined("you", "cannot wash them") == ""
    assert joined("you", "called them twice") == "you called us twice"


def test_a_name_without_its_capital_is_no_thing() -> None:
    assert not may_be_sorry("that the quayhouse was not what you had hoped for", "I was not impressed with Quayhouse")
