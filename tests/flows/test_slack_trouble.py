"""What goes wrong with Slack: nothing is lost, nothing comes twice, the gravest comes first."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kintsugi.app import App
from kintsugi.desk.desk import Desk
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.steps.reporting import Prepared, deliver
from storage.assessment import severity_rank
from storage.case import Case
from storage.parked import parked
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House

COMPLAINTS = [
    ("r1", "部屋の清掃が雑で、髪の毛が落ちていました。", 2),
    ("r2", "朝食を食べた後、家族全員が食中毒になり救急搬送されました。", 1),
    ("r3", "フロントの態度が最悪でした。二度と利用しません。", 1),
    ("r4", "料金が高いわりに設備が古く、がっかりしました。", 2),
]


@pytest.fixture
def app(house: House) -> App:
    for number, (name, text, rating) in enumerate(COMPLAINTS):
        house.says(
            source="app-store", id=name, at=1, author=f"客{number}", author_id=f"c{number}", title="残念",
            text=text, rating=rating,
        )  # fmt: skip
    opened = house.open()
    house.clock.advance(timedelta(hours=2))
    return opened


def refs(slack: FakeSlack, channel: str = "front-desk") -> list[str]:
    """The reference of each case message in a channel, in the order in which they came."""
    return [one["text"].split(" · ")[1].split(" ")[0] for one in slack.messages(channel)]


def test_after_an_hour_without_slack_everything_arrives_once_the_gravest_first(
    house: House, app: App, slack: FakeSlack
) -> None:
    engine = EmbeddedEngine(app)
    engine.start()
    outage = slack.fail("*", status=503, times=10_000)
    for _ in range(12):
        house.live(engine)
        house.clock.advance(timedelta(minutes=5))
    assert slack.messages("front-desk") == []
    outage.times = 0
    for _ in range(8):
        house.clock.advance(timedelta(minutes=20))
        engine.settle()
    engine.close()
    with app.database.read() as session:
        gravity = {case.ref: severity_rank(case.severity) for case in session.scalars(select(Case))}
    came = refs(slack)
    assert sorted(came) == sorted(gravity)
    assert [gravity[ref] for ref in came] == sorted(gravity.values(), reverse=True)


def test_a_message_whose_answer_was_lost_comes_once(house: House, app: App, slack: FakeSlack) -> None:
    engine = EmbeddedEngine(app)
    engine.start()
    slack.fail("chat.postMessage", silent_after=True, times=3)
    for _ in range(6):
        house.live(engine)
        house.clock.advance(timedelta(minutes=10))
    engine.close()
    assert max(Counter(refs(slack)).values()) == 1
    assert len(refs(slack)) == len(COMPLAINTS)


def test_a_message_that_somebody_deleted_is_parked_with_what_to_do(house: House, app: App, slack: FakeSlack) -> None:
    engine, desk = EmbeddedEngine(app), Desk(app)
    engine.start()
    house.live(engine)
    slack.workspace.channel("front-desk").messages.clear()
    assert desk.claim(1, "U0SATO0001") is None
    engine.settle()
    engine.close()
    with app.database.read() as session:
        errors = [row["error"] for row in parked(session)]
    assert any("somebody deleted the message" in error for error in errors)


def test_a_report_and_each_of_its_pictures_come_once_whatever_answers_are_lost(
    house: House, app: App, slack: FakeSlack, tmp_path: Path
) -> None:
    images = [tmp_path / f"weekly-{name}.png" for name in ("volume", "topics", "ratings")]
    for image in images:
        image.write_bytes(image.name.encode())
    weekly = app.settings.reports.periodic()["weekly"]
    made = Prepared("weekly:2026-03-02", {"title": "週報", "lines": [], "images": list(map(str, images))})
    engine = EmbeddedEngine(app)
    engine.start()
    with app.database.write() as session:
        deliver(session, weekly, made, house.clock.now())
        deliver(session, weekly, made, house.clock.now())
    slack.fail("chat.postMessage", silent_after=True)
    slack.fail("files.completeUploadExternal", silent_after=True, times=2)
    slack.fail("files.getUploadURLExternal", status=503)
    for _ in range(8):
        engine.settle()
        house.clock.advance(timedelta(minutes=10))
    engine.close()
    [report] = slack.messages("brand-reports")
    thread = slack.replies("brand-reports", report["ts"])
    told = [slack.workspace.files[file["id"]] for message in thread for file in message["files"]]
    assert sorted(told) == sorted(image.name.encode() for image in images)
