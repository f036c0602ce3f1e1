"""After a grave case is resolved: a lead asks, somebody thanks, and the case closes, from its message in Slack."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from alerts.slack.app import connect
from kintsugi.desk.desk import Desk
from kintsugi.desk.slack_desk import SlackDesk, open_slack
from kintsugi.engines.embedded import EmbeddedEngine
from storage.case import Case
from storage.event import events_of
from storage.note import notes_of
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House
from tests.flows.test_recovery import WHYS
from tests.flows.test_recovery_in_slack import KIM, REPLY, SATO
from tests.flows.test_working_in_slack import until


def test_a_lead_asks_and_the_customer_is_thanked_before_the_case_closes(house: House, slack: FakeSlack) -> None:
    house.says(source="app-store", id="r1", at=1, title="残念", text="フロントに40分も待たされました。", rating=1)
    app = house.open()
    app.secrets = app.secrets.model_copy(update={"slack_app_token": SecretStr(slack.workspace.app_token)})
    engine, desk = EmbeddedEngine(app), Desk(app)
    engine.start()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    with app.database.write() as session:
        session.get_one(Case, 1).severity = "major"
    assert desk.claim(1, SATO) is None
    assert desk.post_manual(1, SATO, REPLY) is None
    assert desk.resolve(1, SATO, "お詫びに伺った", "process", WHYS) is None
    handler = connect(open_slack(app), app.settings, app.secrets)
    handler.connect()
    slack.socket.wait()

    def later(days: int) -> str:
        house.clock.advance(timedelta(days=days))
        for _ in range(2):  # twice is as once
            engine.tick()
            engine.settle()
        return str(slack.messages("front-desk")[0]["blocks"])

    def press(button: str, user: str) -> None:
        people, (message, *_) = slack.people, slack.messages("front-desk")
        people.press("front-desk", message["ts"], f"case.{button}", user)

    def dialog(name: str) -> dict[str, Any]:
        return until(lambda: [one for one in slack.workspace.views.values() if one["callback_id"] == name])[-1]

    def calls() -> list[str]:
        threads = slack.messages("front-desk", threads=True)[1:]
        return [str(one["text"]) for one in threads if "時期です" in str(one["text"])]

    assert "責任者からお客様への確認" in later(3)
    assert ["直接伺う" in one for one in calls()] == [True]
    press("asked_in_person", SATO)
    assert "リーダーの権限" in str(until(lambda: slack.workspace.ephemerals)[-1]["text"])
    press("asked_in_person", KIM)
    asked = dialog("case.asked_in_person")
    assert "責任者よりご連絡いたしました" in str(asked["blocks"])
    assert slack.people.submit(asked["id"], {"message": "お電話で、その後問題ないとのこと。"}, KIM) == {}
    assert "case.asked_in_person" not in later(0)

    assert "case.thanked" in later(12)
    assert ["お礼を" in one for one in calls()] == [False, True]
    press("thanked", SATO)
    assert slack.people.submit(dialog("case.thanked")["id"], {}, SATO) == {}
    later(30)
    view = SlackDesk(app).view(1)
    assert view is not None
    assert (view.state, view.outcome) == ("closed", "unchanged")
    with app.database.read() as session:
        done = [one for one in events_of(session, 1) if one.kind == "followed_up" and one.actor != "system"]
        assert [(one.data["kind"], one.actor) for one in done] == [("lead", KIM), ("thanks", SATO)]
        assert "お電話で、その後問題ないとのこと。" in [note.text for note in notes_of(session, 1)]
    clock = next(one for one in view.clocks if one.name == "follow_up")
    assert (clock.met_at is not None, clock.missed_at) == (True, None)
    handler.close()
    engine.close()
