from __future__ import annotations

from datetime import timedelta

from responder.answering.replies import approve, mark_posted
from responder.cases.clocks import clock_of
from responder.cases.refused import Refused
from responder.cases.transitions import Moved, move
from responder.outcome import follow_ups, outcomes
from storage.case import Case
from storage.draft import Reply
from storage.event import events_of
from storage.follow_up import FollowUp, follow_ups_of
from storage.note import notes_of
from tests.responder.story import Story


def resolved(story: Story, severity: str = "minor") -> Case:
    case = story.case(severity=severity)
    reply = approve(story.session, case, "申し訳ございませんでした。", actor="sato", at=story.at)
    assert isinstance(reply, Reply)
    mark_posted(story.session, reply, actor="sato", at=story.at)
    moved = move(
        story.session, case, "resolve", actor="sato", at=story.later(hours=1), settings=story.settings,
        done="お部屋を替えた", cause="process",
    )  # fmt: skip
    assert isinstance(moved, Moved)
    return case


def test_a_minor_case_is_looked_at_on_the_dates_of_the_settings(story: Story) -> None:
    case = resolved(story)
    dates = [(row.kind, row.due_at - story.at) for row in follow_ups_of(story.session, case.id)]
    assert dates == [("look", timedelta(days=3)), ("look", timedelta(days=14))]
    assert follow_ups.due(story.session, story.at) == []


def test_a_major_case_is_asked_by_a_lead_and_thanked(story: Story) -> None:
    case = resolved(story, severity="major")
    assert sorted(row.kind for row in follow_ups_of(story.session, case.id)) == ["lead", "look", "look", "thanks"]


def test_the_service_looks_and_closes_after_the_last_date_once_the_outcome_is_known(story: Story) -> None:
    case = resolved(story)
    assert follow_ups.run_due(story.session, story.later(days=3)) == [case.id]
    assert case.state == "following_up"
    assert follow_ups.run_due(story.session, story.at) == []
    assert follow_ups.run_due(story.session, story.later(days=11)) == [case.id]
    assert case.state == "following_up"  # nothing is known yet
    assert outcomes.from_silence(story.session, story.at, story.settings) == [case.id]
    assert follow_ups.run_due(story.session, story.later(minutes=1)) == [case.id]
    assert (case.state, case.outcome) == ("closed", "unchanged")
    kinds = [event.kind for event in events_of(story.session, case.id)]
    assert (kinds.count("followed_up"), kinds[-1]) == (2, "close")


def test_a_person_who_asks_stops_the_clock_and_the_service_does_not_wait_for_itself(story: Story) -> None:
    case = resolved(story, severity="major")
    lead = next(row for row in follow_ups_of(story.session, case.id) if row.kind == "lead")
    follow_ups.run_due(story.session, story.later(days=3))
    clock = clock_of(story.session, case.id, "follow_up")
    assert clock is not None
    assert clock.met_at is None
    follow_ups.finish(story.session, lead, actor="kim", at=story.later(hours=1))
    follow_ups.finish(story.session, lead, actor="abe", at=story.later(hours=1))
    assert (lead.done_by, clock.met_at) == ("kim", story.at - timedelta(hours=1))
    follow_ups.run_due(story.session, story.later(days=20))
    outcomes.from_silence(story.session, story.at, story.settings)
    assert follow_ups.run_due(story.session, story.at) == []
    assert case.state == "following_up"  # the thank-you note is still owed
    done = follow_ups.finish_next(story.session, case, "thanks", actor="kim", at=story.at, said="お礼を申し上げた")
    assert isinstance(done, FollowUp)
    assert case.state == "closed"
    told = next(one for one in reversed(events_of(story.session, case.id)) if one.kind == "followed_up")
    assert [note.text for note in notes_of(story.session, case.id)][-1] == "お礼を申し上げた"
    assert "お礼" not in str(told.data)
    again = follow_ups.finish_next(story.session, case, "thanks", actor="kim", at=story.at)
    assert again is done
    other = follow_ups.finish_next(story.session, case, "thanks", actor="abe", at=story.at)
    assert isinstance(other, Refused)
    assert other.reason == "no_follow_up"


def test_a_cancelled_follow_up_cannot_be_done(story: Story) -> None:
    case = resolved(story)
    row = follow_ups_of(story.session, case.id)[0]
    move(story.session, case, "reopen", actor="sato", at=story.at, settings=story.settings, reason="again")
    result = follow_ups.finish(story.session, row, actor="sato", at=story.at)
    assert isinstance(result, Refused)
    assert result.reason == "cancelled"
    assert follow_ups.run_due(story.session, story.later(days=30)) == []
