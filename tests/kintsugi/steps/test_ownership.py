"""Who has a new case: the person who served the customer, and waits that count in the hours of the team."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.clock import SetClock
from config.settings import Settings, settings_from
from kintsugi.app import App, open_app
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.steps.crawling import store_items
from kintsugi.steps.ownership import business_time, person_named
from storage.case import Case
from storage.escalation import steps_of
from storage.event import events_of
from storage.item import Item

MONDAY = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)  # 09:00 in Tokyo
WRITTEN: dict[str, Any] = {
    "brand": {"name": "x", "timezone": "Asia/Tokyo"},
    "teams": {
        "night": {"business_hours": {"mon-sun": ["22:00-24:00", "00:00-06:00"]}},
        "day": {"business_hours": {"mon-fri": ["09:00-12:00", "13:00-18:00"], "holidays": "JP"}},
        "plain": {},
    },
    "people": {
        "U1": {"name": "佐藤 花子", "email": "hanako@example.jp"},
        "U2": {"name": "鈴木"},
        "U3": {"name": "鈴木"},
    },
    "clocks": {"business_hours": {"mon-sun": "09:00-21:00"}},
}


@pytest.fixture
def settings() -> Settings:
    return settings_from(WRITTEN)


@pytest.mark.parametrize(
    ("named", "person"),
    [
        ("U1", "U1"),
        ("佐藤　花子", "U1"),
        ("HANAKO@example.jp", "U1"),
        ("U3", "U3"),
        ("鈴木", None),
        ("誰か", None),
        ("", None),
    ],
)
def test_the_person_who_served_is_found_by_id_mail_or_a_name_that_is_theirs_alone(
    settings: Settings, named: str, person: str | None
) -> None:
    assert person_named(settings, named) == person


@pytest.mark.parametrize(
    ("team", "since", "hours", "due"),
    [
        ("plain", timedelta(), 2, timedelta(hours=2)),
        ("day", timedelta(), 4, timedelta(hours=5)),  # an hour of noon between
        ("day", timedelta(), 9, timedelta(days=2, hours=1)),  # Tuesday is a holiday
        ("night", timedelta(), 1, timedelta(hours=14)),
        (None, timedelta(hours=13), 1, timedelta(hours=25)),
    ],
)
def test_waits_count_in_the_hours_of_the_team(
    settings: Settings, team: str | None, since: timedelta, hours: int, due: timedelta
) -> None:
    assert business_time(settings)(MONDAY + since, timedelta(hours=hours), team) == MONDAY + due


INSTALLATION = """\
brand: {name: Hotel Sora, timezone: Asia/Tokyo}
teams:
  desk:
    channel: "#desk"
    assign: round_robin
    business_hours: {mon-fri: "13:00-18:00"}
people:
  U1: {name: 佐藤, team: desk}
  U2: {name: 鈴木, team: desk}
escalation: [{after: 1h, person: U2}]
route: {receiver: desk}
receivers: {desk: {console: {}}}
sentiment: {model: cues-1}
"""


@pytest.fixture
def app(ready_path: Any) -> App:
    (ready_path / "kintsugi.yaml").write_text(INSTALLATION, encoding="utf-8")
    (ready_path / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    return open_app(ready_path / "kintsugi.yaml", SetClock(MONDAY))


def test_a_case_goes_to_whoever_served_and_its_plan_waits_for_the_team_to_open(app: App) -> None:
    engine = EmbeddedEngine(app)
    engine.start()
    said = {"kind": "review", "text": "部屋が汚くて最悪でした", "rating": 1.0, "posted_at": MONDAY}
    items = [
        Item(external_id="1", served_by="鈴木", **said),
        Item(external_id="2", **said | {"text": "最悪の対応でした"}),
    ]
    store_items(app.database, "desk-book", "file", items, MONDAY)
    engine.settle()
    with app.database.read() as session:
        first, second = session.get_one(Case, 1), session.get_one(Case, 2)
        assert (first.mention.served_by, first.owner) == ("鈴木", "U2")
        assert second.owner == "U1"
        why = [
            one.data["why"] for case in (first, second) for one in events_of(session, case.id) if one.kind == "assigned"
        ]
        assert why == ["served", "round_robin"]
        [step] = steps_of(session, 1)
        assert step.due_at == MONDAY + timedelta(hours=5)
    engine.close()
