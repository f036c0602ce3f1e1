"""A case that somebody took and then left alone: it is free again, and the next person is told."""

from __future__ import annotations

from datetime import timedelta

from kintsugi.app import App
from kintsugi.desk.desk import Desk
from kintsugi.engines.embedded import EmbeddedEngine
from storage.case import Case, clocks_of
from storage.event import events_of
from storage.log import verify_log
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House

SATO, KIM = "U0SATO0001", "U0KIM00001"
PLAN = """\
escalation: [{after: 30m, person: U0KIM00001}]
clocks: {acknowledge: 15m, unacknowledge_after: 4h}
"""


def opened(house: House) -> tuple[App, EmbeddedEngine, Desk]:
    house.settings = PLAN
    house.says(source="app-store", id="r1", at=1, title="残念", text="フロントに40分も待たされました。", rating=2)
    app = house.open()
    engine = EmbeddedEngine(app)
    engine.start()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    return app, engine, Desk(app)


def pass_time(house: House, engine: EmbeddedEngine, **by: float) -> None:
    house.clock.advance(timedelta(**by))
    engine.tick()
    engine.settle()


def direct(slack: FakeSlack, person: str) -> list[str]:
    return [one["text"] for one in slack.messages(f"dm-{person}")]


def test_a_case_left_alone_is_free_again_and_its_escalation_goes_on(house: House, slack: FakeSlack) -> None:
    app, engine, desk = opened(house)
    assert desk.claim(1, SATO) is None
    pass_time(house, engine, hours=3, minutes=59)
    assert desk.claim(1, KIM) is not None, "it is still taken"
    assert f"dm-{KIM}" not in str(slack.workspace.channels)

    pass_time(house, engine, minutes=2)
    with app.database.read() as session:
        case = session.get_one(Case, 1)
        assert (case.state, case.owner) == ("new", None)
        clock = next(one for one in clocks_of(session, 1) if one.name == "acknowledge")
        assert (clock.met_at, clock.due_at) == (None, house.clock.now() + timedelta(minutes=15))
    message, *replies = slack.messages("front-desk", threads=True)
    assert SATO not in str(message["blocks"])
    assert any(f"<@{SATO}>" in str(one) and "担当者のいない状態" in str(one) for one in replies)
    assert f"dm-{KIM}" not in str(slack.workspace.channels)

    pass_time(house, engine, minutes=31)
    [told] = direct(slack, KIM)
    assert "エスカレーション" in told
    with app.database.read() as session:
        assert [one.kind for one in events_of(session, 1)].count("release") == 1
        assert verify_log(session) == []
    assert desk.claim(1, KIM) is None
    engine.close()


def test_whoever_writes_a_note_or_snoozes_has_not_left_it(house: House) -> None:
    app, engine, desk = opened(house)
    assert desk.claim(1, SATO) is None
    pass_time(house, engine, hours=3)
    assert desk.note(1, SATO, "お客様にお電話しました") is None
    pass_time(house, engine, hours=3)
    assert desk.snooze(1, SATO, house.clock.now() + timedelta(days=1)) is None
    pass_time(house, engine, hours=12)
    with app.database.read() as session:
        assert session.get_one(Case, 1).owner == SATO
    engine.close()
