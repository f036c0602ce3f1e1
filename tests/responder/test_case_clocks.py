from __future__ import annotations

from datetime import timedelta

from config.settings import settings_from
from responder.cases.business_time import due_at
from responder.cases.clocks import LONGEST_PAUSE, clock_of, note_missed
from responder.cases.transitions import move
from responder.cases.waits import stop_waiting, wait
from storage.case import Case, CaseClock, clocks_of
from storage.event import events_of
from tests.responder.story import PEOPLE, Story

OFFICE = settings_from(
    PEOPLE | {"clocks": {"resolution": "24h", "business_hours": {"mon-fri": ["09:00-12:00", "13:00-18:00"]}}}
)


def clock(story: Story, case: Case, name: str) -> CaseClock:
    found = clock_of(story.session, case.id, name)
    assert found is not None
    return found


def test_a_new_case_runs_three_clocks_in_business_time(story: Story) -> None:
    story.settings = OFFICE
    case = story.case()
    due = {one.name: one.due_at - story.at for one in clocks_of(story.session, case.id)}
    assert due["acknowledge"] == timedelta(minutes=15)
    assert due["first_response"] == timedelta(hours=2)  # 10:00 to 12:00, when lunch begins
    assert due["resolution"] == timedelta(days=3)  # three working days of eight hours


def test_acknowledging_meets_its_clock_and_a_late_one_is_noted_as_missed(story: Story) -> None:
    early, late = story.case("r1"), story.case("r2", author_id="u2")
    move(story.session, early, "acknowledge", actor="sato", at=story.later(minutes=10))
    move(story.session, late, "acknowledge", actor="sato", at=story.later(minutes=10))
    assert clock(story, early, "acknowledge").missed_at is None
    assert clock(story, late, "acknowledge").missed_at == story.at
    assert "clock_missed" in [event.kind for event in events_of(story.session, late.id)]


def test_what_ran_out_is_noted_once_and_closed_cases_are_left_alone(story: Story) -> None:
    case, spam = story.case("r1"), story.case("r2", author_id="u2")
    move(story.session, spam, "dismiss", actor="sato", at=story.at, reason="spam")
    missed = note_missed(story.session, story.later(hours=3))
    assert [(one.case_id, one.name) for one in missed] == [(case.id, "acknowledge"), (case.id, "first_response")]
    assert note_missed(story.session, story.later(hours=1)) == []


def test_only_waiting_for_the_customer_stops_only_the_resolution(story: Story) -> None:
    case = story.case()
    before = {one.name: one.due_at for one in clocks_of(story.session, case.id)}
    told = {"actor": "sato", "settings": story.settings}
    wait(story.session, case, "approval", at=story.at, **told)
    story.later(hours=10)
    stop_waiting(story.session, case, at=story.at, **told)
    assert {one.name: one.due_at for one in clocks_of(story.session, case.id)} == before
    wait(story.session, case, "customer", at=story.at, **told)
    stop_waiting(story.session, case, at=story.later(hours=20), **told)
    after = {one.name: one.due_at for one in clocks_of(story.session, case.id)}
    assert after.pop("resolution") - before.pop("resolution") == timedelta(hours=20)
    assert after == before


def test_a_wait_counts_for_seven_days_together_and_while_it_lasts_nothing_is_missed(story: Story) -> None:
    case = story.case()
    move(story.session, case, "acknowledge", actor="sato", at=story.at)
    before = clock(story, case, "resolution").due_at
    told = {"actor": "sato", "settings": story.settings}
    wait(story.session, case, "customer", at=story.later(hours=1), **told)
    stop_waiting(story.session, case, at=story.later(days=2), **told)
    wait(story.session, case, "customer", at=story.later(hours=1), **told)
    story.later(days=4)
    assert "resolution" not in [one.name for one in note_missed(story.session, story.at)]
    story.later(days=30)
    stop_waiting(story.session, case, at=story.at, **told)
    assert clock(story, case, "resolution").due_at == before + LONGEST_PAUSE
    assert [one.name for one in note_missed(story.session, story.at)] == ["resolution"]


def test_a_pause_in_business_time_gives_back_exactly_the_open_hours_of_the_wait(story: Story) -> None:
    story.settings = OFFICE
    case = story.case()
    told = {"actor": "sato", "settings": OFFICE}
    since = story.later(hours=4)  # Monday 14:00, three open hours used
    wait(story.session, case, "customer", at=since, **told)
    until = story.later(days=5)  # Saturday 14:00
    stop_waiting(story.session, case, at=until, **told)
    hours, zone = OFFICE.clocks.business_hours, OFFICE.brand.zone
    assert clock(story, case, "resolution").due_at == due_at(until, timedelta(hours=21), hours, zone)


def test_a_wait_that_begins_after_the_due_time_changes_nothing(story: Story) -> None:
    case = story.case()
    before = clock(story, case, "resolution").due_at
    wait(story.session, case, "customer", actor="sato", at=story.later(days=4), settings=story.settings)
    assert clock(story, case, "resolution").due_at == before
