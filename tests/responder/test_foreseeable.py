"""A cause that ended cases of this kind before was foreseeable: the strategy says so, and removes it."""

from __future__ import annotations

import pytest

from responder.cases.causes import known_causes, recurs
from responder.cases.transitions import move
from storage.case import Case
from storage.listing import list_mentions
from tests.responder.story import Story


def _ended(story: Story, number: int, cause: str) -> Case:
    case = story.case(f"old{number}", author_id=f"old{number}")
    for name, more in (("acknowledge", {}), ("resolve", {"done": "お部屋を替えた", "cause": cause})):
        move(story.session, case, name, actor="sato", at=story.at, settings=story.settings, **more)
    list_mentions(story.session, [case.mention_id], words=False)
    return case


@pytest.mark.parametrize(
    ("causes", "foreseen"),
    [
        (["process:inspection", "process:inspection"], True),
        (["process:inspection", "people"], False),
        (["unknown", "unknown", "unknown"], False),
        (["outside", "outside"], False),
        ([], False),
    ],
)
def test_a_cause_of_ours_that_ended_two_cases_of_the_same_place_and_topic_is_known(
    story: Story, causes: list[str], foreseen: bool
) -> None:
    for number, cause in enumerate(causes):
        _ended(story, number, cause)
    case = story.case()
    assert recurs(story.session, case) is foreseen
    assert sum(count for _, count in known_causes(story.session, case)) == len(causes)
