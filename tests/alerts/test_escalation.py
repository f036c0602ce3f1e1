"""Who is told next when nobody acknowledges; who gets a case; who is on call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_httpserver import HTTPServer

from alerts.escalating.assignment import Assignment, Desk, assign
from alerts.escalating.escalation import escalate_now, freeze_plan, overdue_steps, resume, run_due_steps
from alerts.escalating.oncall import CalendarError, on_call, read_calendar
from alerts.messages.wording import words_in
from config.people import Person
from config.settings import settings_from
from storage.database import Database
from storage.delivery import Delivery
from storage.escalation import steps_of
from tests.alerts.conftest import KIM, NOON, SATO
from tests.alerts.story import Story

WRITTEN: dict[str, Any] = {
    "teams": {"front-desk": {"channel": "#front-desk", "on_call": "shifts.ics"}},
    "people": {SATO: {"name": "佐藤", "team": "front-desk"}, KIM: {"name": "Kim"}},
    "receivers": {"social": {"slack": {"channel": "#social"}}, "quality": {"slack": {"channel": "#quality"}}},
    "route": {"receiver": "social", "group_wait": "0s"},
    "escalation": [
        {"after": "15m", "person": KIM},
        {"after": "30m", "receiver": "quality"},
        {"after": "1h", "on_call": "front-desk"},
    ],
}


def add(since: datetime, wait: timedelta, team: str | None) -> datetime:
    return since + wait


def nobody(team: str, at: datetime) -> Sequence[str]:
    return []


@pytest.fixture
def story(database: Database) -> Iterator[Story]:
    with database.write() as session:
        yield Story(session, WRITTEN)


def run(story: Story, **by: float) -> list[Delivery]:
    story.later(**by)
    made = run_due_steps(story.session, story.settings, lambda team, at: [SATO], words_in("ja"), story.at)
    return [story.session.get_one(Delivery, one) for one in made]


def test_each_step_is_told_when_it_is_due_and_once(story: Story) -> None:
    case = story.open("major")
    freeze_plan(story.session, case, story.settings, add)
    assert run(story, minutes=14) == []
    reply, direct = run(story, minutes=1)
    assert (reply.purpose, reply.payload["mention"]) == ("thread", KIM)
    assert (direct.purpose, direct.payload["person"], direct.receiver) == ("direct", KIM, "social")
    assert run(story, minutes=1) == []
    message, *replies = run(story, minutes=30)
    assert (message.purpose, message.receiver) == ("case_message", "quality")
    assert {one.receiver for one in replies} == {"social", "quality"}
    assert [one.payload["person"] for one in run(story, hours=1) if one.purpose == "direct"] == [SATO]
    assert [step.ended for step in steps_of(story.session, case.id)] == ["told", "told", "told"]


def test_a_repeat_failure_is_told_one_level_up_at_once(story: Story) -> None:
    case = story.open("major")
    case.author_history = 1
    freeze_plan(story.session, case, story.settings, add)
    assert [one.payload["person"] for one in run(story) if one.purpose == "direct"] == [KIM]
    assert run(story, minutes=29) == []
    assert run(story, minutes=1)[0].receiver == "quality"


def test_the_plan_is_frozen_when_the_case_opens(story: Story) -> None:
    case = story.open()
    before = [step.tell for step in freeze_plan(story.session, case, story.settings, add)]
    changed = settings_from({"brand": {"name": "x"}, **WRITTEN, "escalation": [{"after": "1m", "receiver": "social"}]})
    assert [step.tell for step in freeze_plan(story.session, case, changed, add)] == before


def test_a_team_has_a_plan_of_its_own(story: Story) -> None:
    teams = {"front-desk": {"channel": "#f", "escalation": [{"after": "5m", "person": SATO}]}}
    own = settings_from({"brand": {"name": "x"}, **WRITTEN, "teams": teams, "escalation": []})
    case = story.open()
    case.team = "front-desk"
    assert [step.tell for step in freeze_plan(story.session, case, own, add)] == [f"person:{SATO}"]


def test_acknowledging_ends_the_plan_and_letting_go_resumes_it(story: Story) -> None:
    case = story.open()
    freeze_plan(story.session, case, story.settings, add)
    run(story, minutes=15)
    case.state, case.owner = "acknowledged", SATO
    assert run(story, hours=5) == []
    case.state, case.owner = "new", None
    resume(story.session, case, story.at, add)
    assert run(story, minutes=29) == []  # the first step was told already
    assert next(one.receiver for one in run(story, minutes=1)) == "quality"


def test_an_acknowledged_case_is_not_escalated_even_if_the_plan_was_not_ended(story: Story) -> None:
    case = story.open()
    freeze_plan(story.session, case, story.settings, add)
    case.state = "acknowledged"
    assert run(story, hours=5) == []
    assert {step.ended for step in steps_of(story.session, case.id)} == {"acknowledged"}


def test_a_step_can_be_asked_for(story: Story) -> None:
    case = story.open()
    freeze_plan(story.session, case, story.settings, add)
    for _ in range(3):
        made = escalate_now(story.session, case, story.settings, nobody, words_in("en"), story.at, actor=SATO)
        assert made is not None
    assert steps_of(story.session, case.id)[2].ended == "nobody"
    assert escalate_now(story.session, case, story.settings, nobody, words_in("en"), story.at, actor=SATO) is None


def test_the_watchdog_finds_a_step_that_did_not_run_and_says_so_once(story: Story) -> None:
    case = story.open()
    freeze_plan(story.session, case, story.settings, add)
    assert overdue_steps(story.session, story.later(minutes=19)) == []
    assert [step.number for step in overdue_steps(story.session, story.later(minutes=1))] == [1]
    assert overdue_steps(story.session, story.later(minutes=1)) == []


TEAM: dict[str, Any] = {
    "brand": {"name": "x"},
    "teams": {"desk": {"assign": "round_robin"}, "busy": {"assign": "least_loaded"}, "free": {}},
    "time_intervals": [
        {"name": "nights", "time_intervals": [{"times": [{"start_time": "20:00", "end_time": "24:00"}]}]}
    ],
    "people": {
        "U1": {"name": "一", "team": "desk", "languages": ["ja"]},
        "U2": {"name": "二", "team": "desk", "languages": ["en"], "locations": ["浅草"]},
        "U3": {"name": "三", "team": "desk", "languages": ["ja", "en"]},
        "U4": {"name": "四", "team": "desk", "works": ["nights"]},
        "U5": {"name": "五", "team": "busy"},
        "U6": {"name": "六", "team": "busy"},
    },
}


@pytest.mark.parametrize(
    ("team", "desk", "more", "expected"),
    [
        ("desk", Desk(), {}, Assignment("U1", "round_robin")),
        ("desk", Desk(last="U1"), {}, Assignment("U2", "round_robin")),
        ("desk", Desk(last="U3"), {}, Assignment("U1", "round_robin")),  # U4 works at night
        ("desk", Desk(last="U1", away=["U2"]), {}, Assignment("U3", "round_robin")),
        ("desk", Desk(last="U1"), {"language": "ja"}, Assignment("U3", "round_robin")),
        ("desk", Desk(), {"location": "浅草", "language": "ja"}, Assignment("U2", "round_robin")),
        ("desk", Desk(), {"language": "fr"}, Assignment("U1", "round_robin")),
        ("desk", Desk(away=["U1", "U2", "U3"]), {}, Assignment(None, "nobody_there")),
        ("desk", Desk(), {"served_by": "U3"}, Assignment("U3", "served")),
        ("desk", Desk(away=["U3"]), {"served_by": "U3"}, Assignment("U1", "round_robin")),
        ("busy", Desk(load={"U5": 3, "U6": 1}), {}, Assignment("U6", "least_loaded")),
        ("free", Desk(), {}, Assignment(None, "claim")),
        (None, Desk(), {}, Assignment(None, "claim")),
    ],
)
def test_a_case_finds_its_owner(team: str | None, desk: Desk, more: dict[str, str], expected: Assignment) -> None:
    assert assign(settings_from(TEAM), team, desk, NOON, **more) == expected


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//kintsugi//test//EN
BEGIN:VEVENT
UID:1
SUMMARY:当番 佐藤
DTSTART;TZID=Europe/Berlin:20261019T090000
DTEND;TZID=Europe/Berlin:20261019T170000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU
EXDATE;TZID=Europe/Berlin:20261103T090000
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:on call
ATTENDEE:mailto:Kim@example.com
DTSTART;VALUE=DATE:20261102
DTEND;VALUE=DATE:20261103
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
PEOPLE = {SATO: Person(name="佐藤"), KIM: Person(name="Kim", email="kim@example.com")}
BERLIN = ZoneInfo("Europe/Berlin")


def test_the_calendar_knows_who_is_on_call_across_daylight_saving() -> None:
    assert on_call(CALENDAR, PEOPLE, datetime(2026, 10, 20, 9, 30, tzinfo=BERLIN)) == [SATO]  # summer time
    assert on_call(CALENDAR, PEOPLE, datetime(2026, 10, 27, 8, 30, tzinfo=UTC)) == [SATO]  # winter time
    assert on_call(CALENDAR, PEOPLE, datetime(2026, 10, 27, 7, 30, tzinfo=UTC)) == []
    assert on_call(CALENDAR, PEOPLE, datetime(2026, 11, 2, 12, 0, tzinfo=BERLIN)) == [SATO, KIM]
    assert on_call(CALENDAR, PEOPLE, datetime(2026, 11, 3, 12, 0, tzinfo=BERLIN)) == []  # an exception


def test_a_calendar_comes_from_a_file_or_an_address(tmp_path: Path, httpserver: HTTPServer) -> None:
    (tmp_path / "shifts.ics").write_text(CALENDAR, encoding="utf-8")
    assert "RRULE" in read_calendar("shifts.ics", tmp_path)
    httpserver.expect_request("/shifts.ics").respond_with_data(CALENDAR)
    assert "RRULE" in read_calendar(httpserver.url_for("/shifts.ics"), tmp_path)
    for wrong in ("nowhere.ics", httpserver.url_for("/gone.ics")):
        with pytest.raises(CalendarError, match="on-call calendar"):
            read_calendar(wrong, tmp_path)
    with pytest.raises(CalendarError, match="no iCalendar"):
        on_call("<html>", PEOPLE, NOON)
