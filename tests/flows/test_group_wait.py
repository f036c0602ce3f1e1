"""Who waits for the group: a critical case never, every other one exactly as long as the route says."""

from __future__ import annotations

from datetime import timedelta

from kintsugi.engines.embedded import EmbeddedEngine
from storage.case import Case
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House

WAIT = timedelta(seconds=30)  # as defaults.yaml says


def test_a_critical_case_is_told_at_once_and_another_exactly_after_group_wait(house: House, slack: FakeSlack) -> None:
    texts = {
        "r1": "部屋の清掃が雑で、髪の毛が落ちていました。",
        "r2": "朝食で家族全員が食中毒になり救急搬送されました。",
    }
    for name, text in texts.items():
        house.says(
            source="app-store", id=name, at=1, author=name, author_id=name, title="残念", text=text, rating=1
        )  # fmt: skip
    app = house.open()
    engine = EmbeddedEngine(app)
    engine.start()
    house.clock.advance(timedelta(hours=2))
    engine.crawl()
    engine.settle()
    with app.database.read() as session:
        critical = {case.ref: case.severity == "critical" for case in session.query(Case)}
    assert sorted(critical.values()) == [False, True]
    first, second = sorted(critical, key=lambda ref: not critical[ref])
    told = [first in str(one) for one in slack.messages("front-desk")]
    assert told == [True]

    house.clock.advance(WAIT - timedelta(milliseconds=1))
    engine.settle()
    assert len(slack.messages("front-desk")) == 1
    house.clock.advance(timedelta(milliseconds=1))
    engine.settle()
    assert [second in str(one["text"]) for one in slack.messages("front-desk")] == [False, True]
    engine.close()
