"""Routes that cannot be meant are warned of; people are reminded before it is too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from alerts.escalating.digest import digest, next_digest
from alerts.escalating.reminders import remind
from alerts.messages.wording import words_in
from alerts.routing.route_warnings import route_warnings
from alerts.routing.routes_test import read_written_tree
from alerts.routing.silences import make_silence
from alerts.routing.tree import route_tree
from config.mistakes import ConfigurationError
from config.route import Route
from config.settings import settings_from
from storage.case import CaseClock
from storage.database import Database
from storage.delivery import Delivery
from tests.alerts.conftest import KIM, NOON, SATO
from tests.alerts.story import Story


def warned(*routes: dict[str, Any]) -> list[str]:
    return route_warnings(route_tree(Route.model_validate({"receiver": "a", "routes": list(routes)})))


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ({"matchers": ['severty="major"']}, "did you mean severity"),
        ({"matchers": ['severity="urgent"']}, "use none, minor, major, critical"),
        ({"match": {"severity": ["urgent", "high"]}}, "no severity is high or urgent"),
        ({"matchers": ["topic=food", "topic=staff"]}, "cannot be 'food' and 'staff' at once"),
        ({"matchers": ["topic=food"], "routes": [{"matchers": ["topic=staff"]}]}, "routes above count too"),
        ({"matchers": ["topic=food"], "routes": [{"matchers": ["topic=~s.*"]}]}, "contradicts topic='food'"),
    ],
)
def test_what_can_never_match_is_warned_of(route: dict[str, Any], words: str) -> None:
    [line] = warned(route)
    assert words in line
    assert line.startswith("route.routes[0]")


def test_a_route_behind_one_that_takes_everything_is_warned_of() -> None:
    assert warned({"receiver": "b"}, {"matchers": ["topic=food"]}) == [
        "route.routes[1]: never reached: route.routes[0] takes everything before it; add `continue: true` there"
    ]
    assert warned({"receiver": "b", "continue": True}, {"matchers": ["topic=food"]}) == []


def test_a_tree_that_can_be_meant_has_no_warnings() -> None:
    assert (
        warned({"matchers": ['severity=~"major|critical"'], "routes": [{"match": {"topic": ["food", "staff"]}}]}) == []
    )


def test_a_cyclic_tree_is_refused_with_its_place() -> None:
    written = yaml.safe_load("{route: &r {receiver: a, routes: [*r]}, receivers: [{name: a}]}")
    with pytest.raises(ConfigurationError, match="routes"):
        read_written_tree(written)


def test_a_file_of_ours_is_read_with_our_defaults() -> None:
    assert read_written_tree({"brand": {"name": "x"}}).options.group_by == ("location", "topic")


def test_the_owner_is_reminded_once_before_a_clock_is_missed(database: Database) -> None:
    with database.write() as session:
        story = Story(session, {"route": {"receiver": "console", "group_wait": "0s"}})
        case = story.open()
        case.state, case.owner = "acknowledged", SATO
        clock = CaseClock(case_id=case.id, name="first_response", started_at=NOON, due_at=NOON + timedelta(hours=2))
        session.add(clock)
        session.flush()
        words = words_in("ja")
        assert remind(session, story.settings, words, NOON + timedelta(minutes=95)) == []
        [made] = remind(session, story.settings, words, NOON + timedelta(minutes=96))
        reply = session.get_one(Delivery, made)
        assert reply.payload == {"text": "「初回返信」の期限が近づいています。", "mention": SATO}
        assert remind(session, story.settings, words, NOON + timedelta(minutes=100)) == [made]  # the same one
        clock.met_at = NOON
        assert remind(session, story.settings, words, NOON + timedelta(minutes=101)) == []


def test_the_owner_hears_of_it_alone_too_in_their_own_language(database: Database) -> None:
    with database.write() as session:
        people = {SATO: {"name": "佐藤", "languages": ["ja"]}, KIM: {"name": "Kim", "languages": ["en"]}}
        story = Story(session, {"people": people, "receivers": {"s": {"slack": {"channel": "#x"}}}})
        for owner in (SATO, KIM):
            case = story.open("critical")
            case.state, case.owner = "acknowledged", owner
            due = NOON + timedelta(hours=2)
            session.add(CaseClock(case_id=case.id, name="first_response", started_at=NOON, due_at=due))
        session.flush()
        made = [
            session.get_one(Delivery, one)
            for one in remind(session, story.settings, words_in("ja"), story.later(minutes=100))
        ]
        texts = {one.payload["person"]: one.payload["text"] for one in made if one.purpose == "direct"}
        assert texts == {
            SATO: "K-1: 担当されている案件の「初回返信」の期限（11/02 14:00）が近づいています。ご対応をお願いします。",
            KIM: "K-2: your case needs you: First response is due at 11/02 14:00.",
        }
        assert len(made) == len({one.key for one in made})


def test_the_digest_lists_the_open_cases_of_each_person_by_due_time(database: Database) -> None:
    with database.write() as session:
        people = {
            SATO: {"name": "佐藤", "languages": ["ja"]},
            KIM: {"name": "Kim", "languages": ["en"]},
            "U0AWAY": {"name": "x"},
        }
        story = Story(session, {"people": people, "receivers": {"s": {"slack": {"channel": "#x"}}}})
        for owner, hours in ((SATO, 9), (SATO, 3), (KIM, 5), ("U0AWAY", 1), (None, 1)):
            case = story.open("major")
            case.owner = owner
            due = NOON + timedelta(hours=hours)
            session.add(CaseClock(case_id=case.id, name="resolution", started_at=NOON, due_at=due))
        done = story.open()
        done.owner, done.state = SATO, "closed"
        session.flush()
        made = [session.get_one(Delivery, one) for one in digest(session, story.settings, {"U0AWAY"}, NOON)]
        texts = {one.payload["person"]: one.payload["text"] for one in made}
        assert texts[SATO].splitlines() == [
            "おはようございます。担当中の案件は2件です（期限の早い順）。",
            "🟠 K-2 · 重大 · 浅草 · 接客 · 未対応 · 解決 期限 11/02 15:00",
            "🟠 K-1 · 重大 · 浅草 · 接客 · 未対応 · 解決 期限 11/02 21:00",
        ]
        assert texts[KIM].splitlines()[0] == "Good morning. You have 1 open case."
        assert set(texts) == {SATO, KIM}
        assert digest(session, story.settings, {"U0AWAY"}, NOON) == [one.id for one in made]


def test_the_digest_comes_at_its_wall_clock_time_when_the_clocks_change() -> None:
    settings = settings_from({"brand": {"name": "x", "timezone": "Europe/Berlin"}, "slack": {"digest": "09:00"}})
    saturday = datetime(2026, 3, 28, 8, 0, tzinfo=UTC)  # 09:00 there: due now, so the next one is tomorrow
    assert next_digest(settings, saturday) == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)
    assert next_digest(settings, saturday - timedelta(minutes=1)) == saturday


@pytest.mark.parametrize("wrong", [1080, "25:00", "nine"])
def test_a_digest_at_no_time_of_day_is_refused(wrong: object) -> None:
    with pytest.raises(ConfigurationError, match="no time of day"):
        settings_from({"brand": {"name": "x"}, "slack": {"digest": wrong}})


def test_who_made_a_silence_hears_before_it_ends(database: Database) -> None:
    with database.write() as session:
        written = {"people": {SATO: {"name": "佐藤"}}, "receivers": {"s": {"slack": {"channel": "#x"}}}}
        story = Story(session, written)
        ends = NOON + timedelta(hours=2)
        make_silence(session, ["topic=food"], starts_at=NOON, ends_at=ends, reason="改装中", made_by=SATO, at=NOON)
        [made] = remind(session, story.settings, words_in("ja"), ends - timedelta(minutes=10))
        told = session.get_one(Delivery, made)
        assert (told.purpose, told.payload["person"]) == ("direct", SATO)
        assert "14:00" in told.payload["text"]
        assert remind(session, story.settings, words_in("ja"), ends - timedelta(minutes=9)) == []
