"""What comes as a private message: the reminder before a clock is missed, and the digest of the morning."""

from __future__ import annotations

from datetime import timedelta

from alerts.escalating.digest import next_digest
from kintsugi.desk.desk import Desk
from kintsugi.engines.embedded import EmbeddedEngine
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House

SATO = "U0SATO0001"


def test_the_owner_is_reminded_and_finds_the_open_cases_in_the_morning(house: House, slack: FakeSlack) -> None:
    house.says(
        source="app-store", id="r1", at=1, title="残念", rating=2,
        text="フロントに40分も待たされました。<!channel> 090-1234-5678",
    )  # fmt: skip
    app = house.open()
    engine, desk = EmbeddedEngine(app), Desk(app)
    engine.start()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    engine.tick()
    assert desk.claim(1, SATO) is None

    house.clock.advance(timedelta(minutes=100))
    for _ in range(2):  # twice is as once
        engine.tick()
        engine.settle()
    [reminder] = slack.messages(f"dm-{SATO}")
    assert "「初回返信」の期限" in reminder["text"]
    threads = slack.messages("front-desk", threads=True)[1:]
    assert [f"<@{SATO}>" in str(one["blocks"]) for one in threads if "期限が近づいています" in str(one)] == [True]

    house.clock.advance(next_digest(app.settings, house.clock.now()) - house.clock.now())
    for _ in range(2):
        engine.tick()
        engine.settle()
    [digest] = [one["text"] for one in slack.messages(f"dm-{SATO}") if "おはようございます" in one["text"]]
    assert "担当中の案件は1件です" in digest
    assert "K-1" in digest
    assert "初回返信 超過" in digest
    assert "090-1234" not in digest
    assert {who for _channel, who in slack.workspace.pings} <= {SATO}
    engine.close()
