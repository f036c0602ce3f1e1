"""Mentions as rows → one incident, told once, kept up to date, ended by itself."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.spikes.watch import INTERVAL, covering, incidents, watch
from config.settings import Settings, settings_from
from storage.assessment import Assessment
from storage.author import Author
from storage.database import Database
from storage.delivery import Delivery
from storage.due import Due
from storage.mention import Mention, Revision
from storage.source import source_by_key
from storage.spike import Spike

START = datetime(2026, 11, 1, 15, tzinfo=UTC)
SETTINGS = settings_from({"brand": {"name": "ホテルさくら"}, "route": {"receiver": "console"}})


class Brand:
    """A brand that is talked about, a quarter of an hour at a time."""

    def __init__(self, session: Session, settings: Settings = SETTINGS) -> None:
        self.session, self.settings = session, settings
        self.number = session.scalar(select(func.count()).select_from(Mention)) or 0
        last = session.get(Due, "spikes")
        self.at = START if last is None else last.at
        self.rng = random.Random(self.number)
        self.charts: list[Sequence[Sequence[Any]]] = []
        self.source = source_by_key(session, "play-app", "google_play_console")
        watch(session, self.at, settings, self._chart)

    def _chart(self, name: str, title: str, points: Sequence[Sequence[Any]]) -> str:
        self.charts.append(points)
        return f"{name}.png"

    def says(self, text: str, *, topic: str = "quality", negative: bool = False, place: str | None = None) -> int:
        self.number += 1
        author = Author(source_id=self.source.id, external_id=f"a{self.number}", first_seen_at=self.at)
        self.session.add(author)
        self.session.flush()
        mention = Mention(
            source_id=self.source.id, external_id=str(self.number), author_id=author.id, kind="review",
            posted_at=self.at, location=place, reach={"likes": self.number % 7}, digest="", first_seen_at=self.at,
        )  # fmt: skip
        revision = Revision(mention=mention, number=1, text=text, seen_at=self.at, salt="")
        self.session.add_all([mention, revision])
        self.session.flush()
        self.session.add(
            Assessment(
                revision_id=revision.id,
                language="ja",
                sentiment="negative" if negative else "positive",
                negative=float(negative),
                neutral=0.0,
                positive=float(not negative),
                topics=[{"name": topic, "p": 0.9}],
                emotion="",
                urgency="normal",
                severity="minor",
                evidence={},
                reasons=[],
                model="t",
                assessed_at=self.at,
            )
        )
        return mention.id

    def passes(self, intervals: int, most: int = 2) -> list[Delivery]:
        """Ordinary quarters of an hour, each followed by a tick."""
        made: list[Delivery] = []
        for _ in range(intervals):
            for _ in range(self.rng.randint(0, most)):
                self.says(f"良い宿でした。{self.rng.random()}", topic=self.rng.choice(["food", "staff", "quality"]))
            made += self.tick()
        return made

    def tick(self) -> list[Delivery]:
        self.at += INTERVAL
        ids = watch(self.session, self.at, self.settings, self._chart)
        return list(self.session.scalars(select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)))

    def storm(self, mentions: int = 40) -> list[Delivery]:
        for i in range(mentions):
            self.says(f"{i}番の部屋で接客がひどく、{i * 37 % 11}時間も待たされました{'！' * (i % 5)}", topic="staff",
                      negative=True, place="浅草")  # fmt: skip
        return self.tick()


@pytest.fixture(scope="module")
def lived(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with thirty ordinary hours, lived through once."""
    path = tmp_path_factory.mktemp("lived") / "kintsugi.sqlite"
    shutil.copy(migrated_sqlite, path)
    opened = Database(f"sqlite:///{path}", b"key of the log")
    with opened.write() as session:
        assert Brand(session).passes(120) == []
    opened.close()
    return path


@pytest.fixture
def brand(lived: Path, tmp_path: Path) -> Iterator[Brand]:
    path = tmp_path / "kintsugi.sqlite"
    shutil.copy(lived, path)
    opened = Database(f"sqlite:///{path}", b"key of the log")
    with opened.write() as session:
        yield Brand(session)
    opened.close()


def test_a_storm_opens_one_incident_that_says_what_rose_and_where(brand: Brand) -> None:
    [told] = brand.storm()
    [spike] = brand.session.scalars(select(Spike))
    assert (told.purpose, told.receiver, told.key) == ("notice", "console", f"{spike.name}:console")
    assert spike.labels["topic"] == "staff"
    assert spike.labels["location"] == "浅草"
    assert spike.mentions >= 40 > 8 > spike.expected
    assert "急増" in told.payload["title"]
    assert "浅草" in told.payload["title"]
    assert told.payload["image"] == f"{spike.name}.png"
    assert len(spike.typical) == len(spike.spread) == 3
    assert brand.charts[-1][-1][1] >= 40


def test_the_message_is_edited_in_place_and_ends_with_a_summary(brand: Brand) -> None:
    brand.storm()
    edits = brand.storm() + brand.passes(3 * 4 * 4)
    assert {edit.purpose for edit in edits} == {"notice_edit"}
    assert {edit.payload["of"] for edit in edits} == {"spike:1:console"}
    [spike] = brand.session.scalars(select(Spike))
    assert spike.ended_at is not None
    assert "収まりました" in edits[-1].payload["title"]
    assert spike.mentions >= 80
    assert brand.passes(8) == []


def test_ordinary_days_tell_nobody_anything(brand: Brand) -> None:
    assert brand.passes(48) == []


def test_an_incident_inhibits_the_single_alerts_of_its_story(brand: Brand) -> None:
    brand.storm()
    [source] = incidents(brand.session, SETTINGS)
    assert source.labels["kind"] == "incident"
    assert source.labels["topic"] == "staff"
    inside = {"topic": "staff", "location": "浅草", "language": "ja", "source_kind": "google_play_console"}
    assert covering(brand.session, inside) is not None
    assert covering(brand.session, inside | {"location": "京都"}) is None


def test_copies_are_called_possibly_made_by_machines(brand: Brand) -> None:
    for i in range(40):
        brand.says(f"このホテルは最低です！絶対に泊まらないでください https://example.jp/{i}", negative=True)
    [told] = brand.tick()
    assert brand.session.scalars(select(Spike)).one().bot_like == "same_text"
    assert told.payload["severity"] == "minor"


def test_a_rising_negative_share_is_told_although_the_volume_is_ordinary(brand: Brand) -> None:
    made: list[Delivery] = []
    for _ in range(24):
        for _ in range(brand.rng.randint(0, 2)):
            brand.says(f"がっかりしました。{brand.rng.random()}", negative=True)
        made += brand.tick()
    assert brand.session.scalars(select(Spike)).one().what == "negative_share"
    assert made[0].purpose == "notice"


def test_a_first_read_of_a_source_is_no_storm(brand: Brand) -> None:
    for i in range(60):
        mention = brand.session.get_one(Mention, brand.says(f"前からある口コミ{i}"))
        mention.posted_at = brand.at - timedelta(days=30)
    assert brand.tick() == []


def test_a_pause_of_the_service_is_caught_up_in_order_and_nothing_counts_twice(brand: Brand) -> None:
    for i in range(30):
        brand.says(f"接客が冷たい、{i}回目です", topic="staff", negative=True)
    brand.at += 3 * INTERVAL
    assert len(brand.tick()) == 1
    mentions = brand.session.scalars(select(Spike)).one().mentions
    assert 30 <= mentions <= 32
    assert watch(brand.session, brand.at, SETTINGS, lambda *_: None) == []
