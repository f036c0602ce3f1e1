"""A customer who comes back content is evidence of a recovery; nothing else that they write later is."""

from __future__ import annotations

from typing import Any

import pytest

from responder.cases.linking import link
from responder.outcome import outcomes
from storage.mention import Revision
from storage.outcome import latest_outcome
from tests.responder.story import Story
from tests.responder.test_outcomes import answered


def _later(story: Story, sentiment: str = "positive", **said: Any) -> list[int]:
    """The same guest writes again, elsewhere on the same source."""
    story.review("r2", **({"rating": 5.0, "text": "また泊まりました。"} | said))
    revision = story.session.get_one(
        Revision, story.assess("r2", sentiment, "none" if sentiment == "positive" else "minor")
    )
    return outcomes.from_return(story.session, [revision], story.at)


def test_who_comes_back_content_is_recovered(story: Story) -> None:
    case = answered(story)
    story.later(days=20)
    assert _later(story) == [case.id]
    assert case.outcome == "recovered"
    found = latest_outcome(story.session, case.id)
    assert found is not None
    assert found.evidence["kind"] == "returned"
    assert found.evidence["days"] == 20
    assert outcomes.from_return(story.session, [], story.at) == []


@pytest.mark.parametrize(
    ("days", "ours", "sentiment", "said"),
    [
        (20, True, "negative", {"rating": 1.0}),
        (20, True, "positive", {"rating": 3.0}),
        (20, True, "positive", {"author_id": "somebody-else"}),
        (20, False, "positive", {}),
        (120, True, "positive", {}),
    ],
    ids=["unhappy", "three stars", "another guest", "never answered", "long after"],
)
def test_what_shows_no_recovery_is_no_finding(
    story: Story, days: int, ours: bool, sentiment: str, said: dict[str, Any]
) -> None:
    case = answered(story) if ours else story.case()
    story.later(days=days)
    assert _later(story, sentiment, **said) == []
    assert case.outcome is None


def test_who_comes_back_on_a_linked_account_is_recovered_as_well(story: Story) -> None:
    case = answered(story)
    story.later(days=5)
    story.review("other", author_id="u2", author_name="Hanako", text="x", rating=5.0)
    other = story.mention("other").author_id
    assert other is not None
    assert case.author_id is not None
    link(story.session, case.author_id, other, shown_by="order_number", actor="sato", at=story.at)
    assert _later(story, author_id="u2", author_name="Hanako") == [case.id]


def test_a_paper_that_reports_again_comes_back_as_no_customer(story: Story) -> None:
    case = answered(story)
    story.later(days=5)
    story.review("r2", rating=5.0, text="冬の支度が整った。")
    story.mention("r2").source.kind = "feed"
    revision = story.session.get_one(Revision, story.assess("r2", "positive", "none"))
    assert outcomes.from_return(story.session, [revision], story.at) == []
    assert case.outcome is None
