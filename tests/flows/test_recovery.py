"""The whole path of a mention: from a review on a web site to the stars that the customer added."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from kintsugi.desk.desk import Desk
from kintsugi.engines.embedded import EmbeddedEngine
from storage.case import Case
from storage.delivery import Delivery
from storage.log import verify_log
from storage.outcome import Outcome
from storage.source import Crawl
from tests.fake_slack.server import FakeSlack
from tests.flows.conftest import House

ROOM = "チェックインに40分待たされ、部屋には髪の毛が落ちていました。とても残念です。"


WHYS = (
    "点検を一人で行っていた",
    "夜間は人が足りない",
    "繁忙期の増員を決めていない",
    "予算が前年のまま",
    "見直す担当がいない",
)


def test_a_bad_review_is_told_answered_and_recovered(house: House, slack: FakeSlack) -> None:
    house.says(
        source="app-store",
        id="r1",
        at=1,
        title="残念",
        text=ROOM,
        rating=1,
        edits=[
            {"at": 60, "rating": 5, "title": "見直しました", "text": "すぐに連絡があり、丁寧に対応してくれました。"}
        ],
    )
    house.says(
        source="app-store",
        id="r2",
        at=1,
        author="太郎",
        author_id="a2",
        title="最高",
        text="とても快適でした！",
        rating=5,
    )
    app = house.open()
    engine, desk = EmbeddedEngine(app), Desk(app)
    engine.start()

    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    (message,) = slack.messages("front-desk")
    assert "K-1" in str(message)
    assert "40分" in str(message)

    assert desk.claim(1, "U0SATO0001") is None
    engine.settle()
    (message,) = slack.messages("front-desk")
    assert "U0SATO0001" in str(message), "the message is edited in place"

    house.clock.advance(timedelta(hours=1))
    assert desk.post_manual(1, "U0SATO0001", "お待たせし、心よりお詫び申し上げます。ホテルソラ 支配人 佐伯") is None
    assert desk.resolve(1, "U0SATO0001", "清掃の点検を二名で行うよう改めた", "process", WHYS) is None

    house.clock.advance(timedelta(hours=60))
    house.live(engine)
    with app.database.read() as session:
        case = session.get_one(Case, 1)
        (outcome,) = session.scalars(select(Outcome).where(Outcome.case_id == 1))
        assert case.outcome == outcome.name == "recovered"
        assert (outcome.evidence["before"], outcome.evidence["after"]) == (1, 5)
        assert verify_log(session) == []
        assert all(crawl.adds_up() for crawl in session.scalars(select(Crawl)))
    assert len(slack.messages("front-desk")) == 1, "praise opens no case, and an edit is no new message"
    engine.close()


def test_a_second_reading_of_everything_changes_nothing(house: House, slack: FakeSlack) -> None:
    house.says(source="app-store", id="r1", at=1, title="残念", text=ROOM, rating=1)
    house.says(
        source="mastodon", id="9001", at=1, text="#ホテルソラ のフロント、態度が最悪だった。二度と行かない", rating=None
    )
    app = house.open()
    engine = EmbeddedEngine(app)
    engine.start()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    calls = len(slack.calls)
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    with app.database.read() as session:
        last = session.scalars(select(Crawl).order_by(Crawl.id.desc()).limit(2)).all()
        assert [(crawl.new, crawl.revised) for crawl in last] == [(0, 0), (0, 0)]
    assert len(slack.calls) == calls
    engine.close()


def test_slack_that_is_down_gets_everything_once_when_it_is_back(house: House, slack: FakeSlack) -> None:
    house.says(source="app-store", id="r1", at=1, title="残念", text=ROOM, rating=1)
    app = house.open()
    engine = EmbeddedEngine(app)
    engine.start()
    slack.fail("chat.postMessage", error="service_unavailable", status=503, times=3)
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    assert slack.messages("front-desk") == []
    for _ in range(8):
        house.clock.advance(timedelta(minutes=20))
        engine.settle()
    assert len(slack.messages("front-desk")) == 1
    engine.close()


def test_the_weekly_report_reaches_its_channel_once(house: House, slack: FakeSlack) -> None:
    house.says(source="app-store", id="r1", at=1, title="残念", text=ROOM, rating=1)
    app = house.open()
    engine = EmbeddedEngine(app)
    engine.start()
    engine.tick()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    house.clock.advance(timedelta(days=7, hours=8))
    for _ in range(3):
        engine.tick()
        engine.settle()
        house.clock.advance(timedelta(hours=1))
    (report,) = slack.messages("brand-reports")
    assert "週次レポート" in str(report)
    engine.close()


def test_an_erased_author_leaves_no_trace_and_is_not_read_again(house: House, slack: FakeSlack) -> None:
    from responder.privacy.erasure import erase_author

    house.says(
        source="app-store", id="r1", at=1, title="残念", text=ROOM, rating=1, author="消えたい人", author_id="a9"
    )
    app = house.open()
    engine = EmbeddedEngine(app)
    engine.start()
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    with app.database.write() as session:
        assert erase_author(session, "app-store", "消えたい人", house.clock.now()) is not None
    engine.settle()
    assert slack.messages("front-desk") == []
    house.clock.advance(timedelta(hours=2))
    house.live(engine)
    assert slack.messages("front-desk") == []
    path = app.database.path
    assert path is not None
    app.database.close()
    engine.close()
    stored = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    for word in ("消えたい人", "髪の毛"):
        assert word.encode() not in stored, word
    with app.database.read() as session:
        assert verify_log(session) == []
        assert not [d for d in session.scalars(select(Delivery)) if d.state not in ("sent", "cancelled")]
