"""Groups, timers, silences, inhibition and quiet hours, from a case to its deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.notify import tell_elsewhere
from alerts.routing.inhibition import Inhibitor, Source
from alerts.routing.news import news
from alerts.routing.silences import SilenceError, end_silence, ending_soon, make_silence
from config.route import InhibitRule
from storage.alert import alert_of
from storage.database import Database
from storage.delivery import Delivery, record_permanent
from storage.group import AlertGroup
from tests.alerts.conftest import NOON, SATO
from tests.alerts.story import Story


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


def test_a_group_of_one_is_the_case_s_message_after_group_wait(session: Session) -> None:
    story = Story(session)
    case = story.open("major")
    assert story.told() == []
    assert story.tick(seconds=29) == []
    [message] = story.tick(seconds=1)
    assert (message.purpose, message.case_id, message.key) == ("case_message", case.id, f"case:{case.id}:console")
    assert story.reasons(case) == ["first"]


def test_several_are_one_summary_listed_by_severity(session: Session) -> None:
    story = Story(session)
    cases = [story.open(severity) for severity in ("minor", "major", "minor")]
    [summary] = story.tick(seconds=30)
    assert summary.purpose == "notice"
    assert summary.payload["title"] == "対応が必要な案件 3件 — 浅草 · 接客"
    [block] = summary.payload["lines"]
    assert [line.split(" · ")[0] for line in block.split("\n")] == [
        f"🟠 {cases[1].ref}", f"🟡 {cases[0].ref}", f"🟡 {cases[2].ref}",
    ]  # fmt: skip


def test_different_places_are_different_groups(session: Session) -> None:
    story = Story(session)
    story.open(location="浅草")
    story.open(location="上野")
    assert [one.purpose for one in story.tick(seconds=30)] == ["case_message", "case_message"]


def test_a_critical_case_waits_for_nothing_and_is_told_once(session: Session) -> None:
    story = Story(session)
    case = story.open("critical")
    assert story.told() == [("case_message", "console")]
    assert story.tick(seconds=30) == []
    assert story.reasons(case) == ["first"]


def test_news_of_a_group_wait_for_the_group_interval(session: Session) -> None:
    story = Story(session)
    story.open()
    story.tick(seconds=30)
    story.later(minutes=1)
    second = story.open()
    assert story.tick(seconds=30) == []
    [message] = story.tick(minutes=5)
    assert message.case_id == second.id
    assert story.reasons(second) == ["new_members"]


def test_what_nobody_acknowledged_is_repeated_in_the_thread(session: Session) -> None:
    story = Story(session)
    case = story.open()
    story.tick(seconds=30)
    assert story.tick(hours=3, minutes=59) == []
    [reply] = story.tick(minutes=5)
    assert (reply.purpose, reply.case_id) == ("thread", case.id)
    assert reply.payload["text"] == "まだ誰も担当していません。"


def test_acknowledging_ends_the_repeats_and_edits_in_place(session: Session) -> None:
    story = Story(session)
    case = story.open()
    [message] = story.tick(seconds=30)
    message.state = "sent"
    [edit] = story.move(case, "acknowledged", SATO)
    assert edit.purpose == "case_edit"
    alert = alert_of(session, case.id)
    assert alert is not None
    assert alert.state == "acknowledged"
    for _ in range(3):
        assert story.tick(hours=4) == []


def test_edits_that_wait_merge_into_one(session: Session) -> None:
    story = Story(session)
    case = story.open()
    [message] = story.tick(seconds=30)
    assert story.move(case, "acknowledged", SATO) == []  # the message itself is still to go
    message.state = "sent"
    [edit] = story.move(case, "investigating")
    assert story.move(case, "answering") == []
    edit.state = "sent"
    assert len(story.move(case, "resolved")) == 1


def test_a_claimed_case_of_a_summary_gets_its_own_message_and_the_summary_shows_it(session: Session) -> None:
    story = Story(session)
    first, second = story.open(), story.open()
    [summary] = story.tick(seconds=30)
    edit, own = story.move(first, "acknowledged", SATO)
    assert edit.purpose == "notice_edit"
    assert edit.payload["of"] == summary.key
    assert "担当決定" in edit.payload["lines"][0]
    assert (own.purpose, own.case_id) == ("case_message", first.id)
    waiting = story.move(second, "acknowledged", SATO)
    assert waiting[0].id == edit.id  # the edit that waits shows both
    assert edit.payload["lines"][0].count("担当決定") == 2


def test_a_raised_severity_is_a_thread_reply(session: Session) -> None:
    story = Story(session)
    case = story.open("minor")
    story.tick(seconds=30)
    case.severity = "major"
    [reply] = story.tick(minutes=5)
    assert reply.payload["text"] == "深刻度が「軽微」から「重大」に上がりました。"
    assert story.tick(minutes=5) == []


def test_a_critical_case_of_a_summary_gets_its_own_message(session: Session) -> None:
    story = Story(session)
    first, _ = story.open(), story.open()
    story.tick(seconds=30)
    first.severity = "critical"
    [message] = story.tick(minutes=5)
    assert (message.purpose, message.case_id) == ("case_message", first.id)


def test_a_summary_ends_when_all_are_taken_care_of(session: Session) -> None:
    story = Story(session)
    cases = [story.open(), story.open()]
    [summary] = story.tick(seconds=30)
    for case in cases:
        case.state = "resolved"
    [edit] = story.tick(minutes=5)
    assert (edit.purpose, edit.payload["of"]) == ("notice_edit", summary.key)
    assert edit.payload["title"].startswith("この2件はすべて対応済みです")
    assert session.scalar(select(AlertGroup.due_at)) is None


def test_each_receiver_of_the_tree_is_told_once(session: Session) -> None:
    written = {
        "receivers": {"a": {"console": {}}, "b": {"console": {}}},
        "route": {
            "receiver": "a",
            "group_wait": "0s",
            "routes": [{"receiver": "b", "continue": True}, {"receiver": "a", "continue": True}, {"receiver": "b"}],
        },
    }
    story = Story(session, written)
    case = story.open()
    assert sorted(story.told()) == [("case_message", "a"), ("case_message", "b")]  # group_wait 0: at once
    assert story.route(case) == []  # a step may run twice
    assert len(story.told()) == 2


def test_a_silence_holds_back_and_its_end_lets_through(session: Session) -> None:
    story = Story(session)
    silence = make_silence(
        session,
        ['topic="staff"'],
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=2),
        reason="研修中",
        made_by=SATO,
        at=NOON,
    )
    case = story.open("critical")
    other = story.open("critical", topic="food")
    assert [delivery.case_id for delivery in session.scalars(select(Delivery))] == [other.id]
    assert story.tick(seconds=30) == []
    assert story.reasons(case) == [f"silenced:{silence.id}"]
    alert = alert_of(session, case.id)
    assert alert is not None
    assert alert.state == "silenced"
    end_silence(silence, story.at)
    [message] = story.tick(minutes=5)
    assert message.case_id == case.id
    assert alert.state == "firing"
    assert story.reasons(case) == [f"silenced:{silence.id}", "first"]


def test_a_weekly_silence_holds_only_in_its_hours(session: Session) -> None:
    story = Story(session)
    make_silence(
        session,
        ["location=浅草"],
        starts_at=NOON,
        ends_at=NOON + timedelta(days=90),
        reason="月曜定休",
        made_by=SATO,
        at=NOON,
        weekly={"weekdays": ["monday"], "location": "Asia/Tokyo"},
    )
    story.open()
    assert story.tick(seconds=30) == []  # Monday
    assert len(story.tick(days=1)) == 1


@pytest.mark.parametrize(
    ("matchers", "start", "hours", "reason", "words"),
    [
        (['topic="x"'], 0, -1, "r", "before it starts"),
        (['topic="x"'], -5, 2, "r", "future"),
        (['topic="x"'], 0, 1, " ", "say why"),
        (['topic!="x"'], 0, 1, "r", "silence everything"),
        ([], 0, 1, "r", "silence everything"),
        (["topic=~("], 0, 1, "r", "RE2"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused(
    session: Session, matchers: list[str], start: int, hours: int, reason: str, words: str
) -> None:
    begins = NOON + timedelta(hours=start)
    with pytest.raises((SilenceError, ValueError), match=words):
        make_silence(
            session,
            matchers,
            starts_at=begins,
            ends_at=begins + timedelta(hours=hours),
            reason=reason,
            made_by="x",
            at=NOON,
        )


def test_its_maker_is_reminded_once_before_a_silence_ends(session: Session) -> None:
    silence = make_silence(
        session, ["topic=x"], starts_at=NOON, ends_at=NOON + timedelta(hours=2), reason="r", made_by=SATO, at=NOON
    )
    assert ending_soon(session, NOON + timedelta(hours=1)) == []
    assert ending_soon(session, NOON + timedelta(minutes=95)) == [silence]
    assert ending_soon(session, NOON + timedelta(minutes=96)) == []


def test_a_critical_case_mutes_the_minor_ones_of_its_story_until_it_is_resolved(session: Session) -> None:
    story = Story(session)
    grave = story.open("critical")
    small = story.open("minor")
    elsewhere = story.open("minor", location="上野")
    held, told = sorted(story.tick(seconds=30), key=lambda one: one.purpose, reverse=True)
    assert (told.purpose, told.case_id) == ("case_message", elsewhere.id)
    assert (held.purpose, held.case_id) == ("thread", grave.id)
    assert small.ref in held.payload["text"]
    assert story.reasons(small) == [f"inhibited:{grave.ref}"]
    assert story.tick(minutes=5) == []
    story.move(grave, "resolved", SATO)
    assert [one.case_id for one in story.tick(minutes=5)] == [small.id]


def test_an_incident_without_a_place_covers_every_place_but_not_critical_cases(session: Session) -> None:
    story = Story(session)
    incident = Source("spike:4", {"kind": "incident", "brand": "ホテルさくら", "topic": "staff"})
    rules = story.settings.inhibit_rules
    case = {"brand": "ホテルさくら", "topic": "staff", "location": "浅草", "severity": "major"}
    assert Inhibitor(rules, [incident]).inhibits(case) == "spike:4"
    assert Inhibitor(rules, [incident]).inhibits({**case, "topic": "food"}) is None
    assert Inhibitor(rules, [incident]).inhibits({**case, "severity": "critical"}) is None


def test_what_matches_both_sides_of_a_rule_is_not_inhibited_by_its_like() -> None:
    rule = InhibitRule(source_matchers=["a=~.+"], target_matchers=["a=~.+"])
    assert Inhibitor([rule], [Source("other", {"a": "2"})]).inhibits({"a": "1"}) is None
    one_sided = InhibitRule(source_matchers=["a=2"], target_matchers=["a=~.+"])
    assert Inhibitor([one_sided], [Source("other", {"a": "2"})]).inhibits({"a": "1"}) == "other"


def test_quiet_hours_hold_back_until_they_end(session: Session) -> None:
    written = {
        "route": {"receiver": "console", "routes": [{"receiver": "console", "mute_time_intervals": ["lunch"]}]},
        "time_intervals": [
            {
                "name": "lunch",
                "time_intervals": [{"times": [{"start_time": "12:00", "end_time": "13:00"}], "location": "Asia/Tokyo"}],
            }
        ],
    }
    story = Story(session, written)
    case = story.open()
    assert story.tick(seconds=30) == []
    assert story.reasons(case) == ["mute_time:lunch"]
    assert len(story.tick(hours=1)) == 1


def test_a_receiver_that_can_never_be_told_hands_on_to_the_next(session: Session) -> None:
    written = {
        "receivers": {"all": {"console": {}}, "old": {"console": {}}},
        "route": {"receiver": "all", "group_wait": "0s", "routes": [{"receiver": "old"}]},
    }
    story = Story(session, written)
    case = story.open()
    failed = session.scalars(select(Delivery)).one()
    record_permanent(failed, "Slack: is_archived: #old is archived: unarchive it")
    [made] = tell_elsewhere(session, failed, story.tree, story.settings, story.at)
    handed = session.get_one(Delivery, made)
    assert (handed.receiver, handed.case_id) == ("all", case.id)
    assert handed.payload["note"] == "old に届かなかったため、こちらにお知らせします（is_archived）"
    assert story.reasons(case)[-1] == "instead_of:old"


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("firing", "told", "resolved", "told_at", "reason"),
    [
        ({1: "minor"}, {}, set(), None, "first"),
        ({1: "minor", 2: "minor"}, {1: "minor"}, set(), NOON, "new_members"),
        ({1: "major"}, {1: "minor"}, set(), NOON, "severity_rose"),
        ({1: "minor"}, {1: "major"}, set(), NOON, "nothing_new"),
        ({}, {1: "minor"}, {1}, NOON, "all_resolved"),
        ({}, {1: "minor"}, set(), NOON, "nothing_new"),  # somebody works on it
        ({1: "minor"}, {1: "minor"}, set(), NOON - 4 * MINUTE, "repeat_due"),
        ({1: "minor"}, {1: "minor"}, set(), NOON - 3 * MINUTE, "nothing_new"),
        ({}, {}, set(), None, "nothing_new"),
    ],
)
def test_the_reason_to_tell_has_a_name(
    firing: dict[int, str], told: dict[int, str], resolved: set[int], told_at: object, reason: str
) -> None:
    found = news(firing, told, resolved, told_at=told_at, repeat=4 * MINUTE, at=NOON)  # type: ignore[arg-type]
    assert found.reason == reason
