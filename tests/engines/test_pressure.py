"""When much comes at once: crawls are put off, and whoever may have been hurt is assessed and told first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.clock import SetClock, SystemClock
from kintsugi.app import App, open_app
from kintsugi.engines.embedded import SIZES, EmbeddedEngine
from kintsugi.metrics.rows import registry_of
from kintsugi.steps.crawling import store_items
from storage.assessment import Assessment
from storage.delivery import make_delivery
from storage.item import Item
from storage.mention import Mention, Revision
from storage.source import Crawl
from storage.work import Work
from tests.engines.installation import SETTINGS, write_installation

GRAVE = "濡れた床で転倒して骨折し、救急車で運ばれました。最悪です。"


@pytest.fixture
def app(ready_path: Path) -> Iterator[App]:
    settings = SETTINGS + "crawlers: {put_off_at: 100}\n"
    opened = open_app(write_installation(ready_path, settings), SetClock(SystemClock().now()))
    yield opened
    opened.database.close()


def come(app: App, count: int, text: str = "とても良かったです。また来ます", rating: float | None = 5) -> None:
    with app.database.read() as session:
        known = session.scalar(select(func.count()).select_from(Mention)) or 0
    items = [
        Item(external_id=str(n), kind="review", text=f"{text} {n}", rating=rating, author_id=str(n))
        for n in range(known, known + count)
    ]
    store_items(app.database, "storm", "file", items, app.clock.now())


def crawls(app: App) -> int:
    with app.database.read() as session:
        return session.scalar(select(func.count()).select_from(Crawl)) or 0


def test_no_crawl_is_started_while_a_later_step_is_behind_and_everybody_can_see_why(app: App) -> None:
    engine = EmbeddedEngine(app)
    engine.start()
    come(app, 101)
    before = crawls(app)
    assert (engine.crawl(), crawls(app)) == (0, before)
    assert registry_of(app).get_sample_value("kintsugi_crawls_put_off", {"step": "assess"}) == 1
    labels = {"source": "voices", "kind": "file", "health": "put_off"}
    assert registry_of(app).get_sample_value("kintsugi_source_health", labels) == 1
    engine.settle()
    assert (engine.crawl(), crawls(app)) == (1, before + 1)
    assert registry_of(app).get_sample_value("kintsugi_crawls_put_off", {"step": "assess"}) is None
    engine.close()


def test_messages_that_do_not_go_out_put_crawls_off_as_well(app: App) -> None:
    with app.database.write() as session:
        for number in range(100):
            make_delivery(session, f"notice:{number}", receiver="console", purpose="notice", at=app.clock.now())
    assert EmbeddedEngine(app).crawl() == 0


def test_of_many_that_wait_the_grave_one_is_assessed_first_and_new_ones_do_not_stand_behind_the_rest(app: App) -> None:
    engine = EmbeddedEngine(app)
    engine.start()
    come(app, 2 * SIZES["assess"])
    come(app, 1, GRAVE, rating=None)
    engine.work()
    with app.database.read() as session:
        first = select(Assessment.severity).join(Revision, Revision.id == Assessment.revision_id)
        found = list(session.scalars(first.where(Revision.text.startswith(GRAVE))))
        assert found == ["critical"]
        assert session.scalar(select(func.count()).select_from(Assessment)) == SIZES["assess"]
    come(app, 1, GRAVE, rating=None)
    engine.work()
    with app.database.read() as session:
        assert list(session.scalars(first.where(Revision.text.startswith(GRAVE)))) == ["critical"] * 2
    engine.settle()
    with app.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 2 * SIZES["assess"] + 2
    engine.close()


def test_of_many_that_were_assessed_the_critical_one_is_decided_about_first(app: App) -> None:
    engine = EmbeddedEngine(app)
    engine.start()
    come(app, SIZES["assess"])
    engine._work_on("assess")  # the model is ahead of those who decide
    come(app, 1, GRAVE, rating=None)
    engine._work_on("assess")
    engine._work_on("qualify")
    with app.database.read() as session:
        severity = select(Assessment.severity).join(Work, Work.subject == Assessment.revision_id)
        assert set(session.scalars(severity.where(Work.step == "qualify"))) == {"none"}
        assert session.scalar(select(func.count()).where(Work.step == "open")) == 1
    engine.close()
