from __future__ import annotations

from responder.cases.opening import open_case
from responder.cases.transitions import move
from storage.event import events_of
from storage.link import AuthorLink
from tests.responder.story import Story


def test_one_mention_opens_one_case_however_often_it_is_asked(story: Story) -> None:
    case = story.case()
    again = open_case(
        story.session, case.mention_id, severity="major", criteria="x", labels={}, settings=story.settings, at=story.at
    )
    assert again is case
    assert [event.kind for event in events_of(story.session, case.id)] == ["opened"]
    assert (case.state, case.severity, case.author_history) == ("new", "minor", 0)


def test_a_repeat_failure_goes_one_severity_up_and_the_event_says_so(story: Story) -> None:
    story.case("r1", severity="minor")
    second = story.case("r2", severity="minor")
    third = story.case("r3", severity="critical")
    assert (second.severity, second.author_history) == ("major", 1)
    assert second.labels["severity"] == "major"
    assert (third.severity, third.author_history) == ("critical", 2)
    opened = events_of(story.session, second.id)[0].data
    assert (opened["raised_from"], opened["why"]) == ("minor", "repeat_failure")
    assert "raised_from" not in events_of(story.session, third.id)[0].data


def test_what_was_no_case_is_no_history(story: Story) -> None:
    first = story.case("r1")
    move(story.session, first, "dismiss", actor="sato", at=story.at, reason="about another hotel")
    assert story.case("r2").author_history == 0


def test_another_account_counts_only_where_a_link_is_shown(story: Story) -> None:
    first = story.case("r1", source="maps", author_id="u1")
    assert story.case("r2", source="store", author_id="u9").author_history == 0
    other = story.mention("r2")
    assert other.author_id is not None
    assert first.author_id is not None
    story.session.add(
        AuthorLink(
            author_id=first.author_id,
            other_id=other.author_id,
            shown_by="said_so",
            linked_by="sato",
            linked_at=story.at,
        )
    )
    story.session.flush()
    assert story.case("r3", source="store", author_id="u9").author_history == 2


def test_anonymous_authors_have_no_history(story: Story) -> None:
    story.case("r1", author_id=None, author_name=None)
    assert story.case("r2", author_id=None, author_name=None).author_history == 0
