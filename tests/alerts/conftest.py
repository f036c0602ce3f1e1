"""A fake workspace with people and channels, and a case to show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from alerts.messages.wording import words_in
from alerts.receivers.slack import SlackReceiver
from alerts.view import CaseView, ClockView, FindingView
from storage.database import Database
from tests.fake_slack.server import FakeSlack

NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)  # Monday 12:00 in Tokyo
SATO, KIM = "U0SATO0001", "U0KIM00001"


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with a_workspace() as server:
        yield server


@pytest.fixture
def receiver(slack: FakeSlack) -> SlackReceiver:
    return a_receiver(slack)


@pytest.fixture
def database(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Database]:
    path = tmp_path / "kintsugi.sqlite"
    shutil.copy(migrated_sqlite, path)
    opened = Database(f"sqlite:///{path}", b"key of the log")
    yield opened
    opened.close()


@contextmanager
def a_workspace() -> Iterator[FakeSlack]:
    with FakeSlack() as server:
        server.workspace.add_user(SATO, "佐藤")
        server.workspace.add_user(KIM, "Kim", locale="en-US")
        server.workspace.add_channel("general")
        server.workspace.add_channel("brand-voice")
        yield server


def a_receiver(slack: FakeSlack, channel: str = "#brand-voice", **more: bool) -> SlackReceiver:
    client = WebClient(token=slack.workspace.bot_token, base_url=slack.url, timeout=5, retry_handlers=[])
    return SlackReceiver(client, channel, words_in("ja"), **more)


def a_view(**changed: object) -> CaseView:
    view = CaseView(
        ref="K-42",
        case_id=42,
        severity="major",
        brand="ホテルさくら",
        stars=1,
        stars_before=4,
        author="旅する猫",
        author_history=2,
        language="ja",
        location="浅草",
        source="play-app",
        source_kind="google_play_console",
        url="https://example.jp/r/1",
        posted_at=NOON - timedelta(hours=1),
        title="二度と泊まりません",
        text="部屋に髪の毛が落ちていました。フロントに言っても謝罪がありませんでした。",
        evidence="フロントに言っても謝罪がありませんでした。",
        topics=("staff", "cleanliness"),
        criteria="rating <= 2",
        clocks=(
            ClockView("acknowledge", NOON + timedelta(minutes=15)),
            ClockView("first_response", NOON + timedelta(hours=2), met_at=NOON),
            ClockView("resolution", NOON - timedelta(hours=2), missed_at=NOON),
        ),
        team="front-desk",
        strategy="apologise",
        strategy_why="接客の落ち度を、二度目のご利用のお客様が指摘している",
        draft="このたびはご不快な思いをおかけし、申し訳ございません。",
        draft_language="ja",
        alternatives=(("簡潔", "申し訳ございません。"),),
        findings=(FindingView("promise", "warn", "約束が含まれています"),),
        known_causes=("清掃の人手不足",),
    )
    return replace(view, **changed)  # type: ignore[arg-type]  # fields by name


# At the end, since it takes the above.
from tests.alerts.office import listening, office  # noqa: E402, F401
