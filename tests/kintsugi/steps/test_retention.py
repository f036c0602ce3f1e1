"""Once a day what is older than its source may keep is let go; nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import kintsugi.steps.retention as retention
from config.clock import SetClock
from kintsugi.app import App, open_app
from kintsugi.steps.crawling import store_items
from kintsugi.steps.retention import keep_no_longer
from storage.delivery import Delivery, make_delivery
from storage.item import Item
from storage.mention import Revision
from storage.search import search_mentions

AT = datetime(2026, 11, 16, 3, tzinfo=UTC)
SETTINGS = """\
brand: {name: Hotel Sora, timezone: Asia/Tokyo}
retention: 100w
sources:
  tube: {kind: file, path: a.csv, retention: 30d}
  book: {kind: file, path: b.csv}
sentiment: {model: cues-1}
route: {receiver: console, group_wait: 0s}
log: {level: error}
"""


@pytest.fixture
def app(ready_path: Path) -> App:
    (ready_path / "kintsugi.yaml").write_text(SETTINGS, encoding="utf-8")
    (ready_path / ".env").write_text(f"KINTSUGI_LOG_KEY={'k' * 64}\n", encoding="utf-8")
    return open_app(ready_path / "kintsugi.yaml", SetClock(AT))


def said(app: App) -> set[str]:
    with app.database.read() as session:
        return set(session.scalars(select(Revision.text)))


def store(app: App, source: str, days: int, count: int = 1) -> None:
    items = [
        Item(
            external_id=f"{days}-{number}", kind="review", text=f"{source} {days}日前の声 {number}",
            author_id=f"a{number}", author_name="客", posted_at=AT - timedelta(days=days),
        )
        for number in range(count)
    ]  # fmt: skip
    store_items(app.database, source, "file", items, AT)


def test_each_source_keeps_what_it_may_and_the_rest_goes_once_a_day(app: App) -> None:
    for source, days in (("tube", 29), ("tube", 31), ("book", 31), ("book", 701), ("import", 701)):
        store(app, source, days)
    keep_no_longer(app, AT)
    assert said(app) == {"", "tube 29日前の声 0", "book 31日前の声 0"}
    store(app, "book", 702)
    keep_no_longer(app, AT + timedelta(hours=1))
    assert "book 702日前の声 0" in said(app)
    keep_no_longer(app, AT + timedelta(days=1))
    assert said(app) == {"", "tube 29日前の声 0", "book 31日前の声 0"}
    keep_no_longer(app, AT + timedelta(days=2))
    assert said(app) == {"", "book 31日前の声 0"}
    with app.database.read() as session:
        assert session.scalars(search_mentions(session, "tube")).all() == []


def test_what_one_look_cannot_do_the_next_one_continues(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST", 2)
    store(app, "book", 710, count=1100)
    keep_no_longer(app, AT)
    assert len(said(app)) == 101
    keep_no_longer(app, AT + timedelta(seconds=30))
    assert said(app) == {""}


def test_reports_that_quote_go_with_what_they_quote(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "kintsugi.reports"
    folder.mkdir()
    for name in ("weekly-2026-10-12.html", "weekly-2026-10-12-mood.png", "weekly-2026-11-09.html", "notes.txt"):
        (folder / name).write_text("x", encoding="utf-8")
    store(app, "tube", 1)
    with app.database.write() as session:
        for days in (31, 5):
            made = AT - timedelta(days=days)
            told = make_delivery(session, f"r{days}", receiver="c", purpose="notice", payload={"text": "客"}, at=made)
            told.state = "sent"
    keep_no_longer(app, AT)
    assert sorted(file.name for file in folder.iterdir()) == ["notes.txt", "weekly-2026-11-09.html"]
    with app.database.read() as session:
        kept = dict(session.execute(select(Delivery.key, Delivery.payload)).all())
    assert kept == {"r31": {}, "r5": {"text": "客"}}
