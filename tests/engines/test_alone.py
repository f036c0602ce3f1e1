"""What fails stops nothing beside it: parts of a tick, deliveries, claims that nobody finished."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config.clock import SetClock, SystemClock
from config.settings import Settings
from kintsugi.app import App, open_app
from kintsugi.engines.embedded import EmbeddedEngine
from kintsugi.metrics.rows import registry_of
from kintsugi.metrics.steps import REGISTRY
from kintsugi.operating.readiness import Readiness
from kintsugi.steps.pictures import Pictures
from storage.delivery import Delivery, claim_delivery, delivery_of, make_delivery
from storage.log import read_roots
from storage.webhook_out import PURPOSE as PROGRAM
from tests.engines.installation import SETTINGS, write_installation


class Torn(Pictures):
    """A disk on which no picture can be drawn."""

    def draw(self, settings: Settings, at: datetime) -> None:
        raise OSError(f"no picture at {at:%H:%M} for {settings.brand.name}")


@pytest.fixture
def app(ready_path: Path) -> Iterator[App]:
    opened = open_app(write_installation(ready_path, SETTINGS), SetClock(SystemClock().now()))
    yield opened
    opened.database.close()


def turned(app: App, by: timedelta) -> None:
    assert isinstance(app.clock, SetClock)
    app.clock.advance(by)


def test_a_part_of_the_tick_that_fails_is_named_and_the_later_ones_run(app: App) -> None:
    whole, app.pictures = app.pictures, Torn(app.folder)
    engine = EmbeddedEngine(app)
    failures = REGISTRY.get_sample_value("kintsugi_tick_failures_total", {"part": "spikes"}) or 0
    for _ in range(2):
        engine.tick()
        turned(app, timedelta(days=1))
    assert len(read_roots(app.roots_file)) == 1, "the root of the day comes after the spikes"
    engine.tick()
    assert REGISTRY.get_sample_value("kintsugi_tick_failures_total", {"part": "spikes"}) == failures + 3
    (missing,) = Readiness(app).missing()
    assert "spikes fails at every look at the clock" in missing
    figures = registry_of(app)
    assert figures.get_sample_value("kintsugi_tick_part_late_seconds", {"part": "spikes"}) == 2 * 86400
    assert figures.get_sample_value("kintsugi_tick_part_late_seconds", {"part": "escalation"}) == 0
    app.pictures = whole
    engine.tick()
    assert list(Readiness(app).missing()) == []


def test_a_delivery_that_nobody_can_make_leaves_no_claim_open_and_holds_up_no_other(app: App) -> None:
    at = app.clock.now()
    with app.database.write() as session:
        make_delivery(session, "event:1", receiver="webhook:of another version", purpose=PROGRAM, at=at, priority=9)
        make_delivery(session, "report:1", receiver="console", purpose="notice", at=at, payload={"title": "x"})
    EmbeddedEngine(app).deliver()
    with app.database.read() as session:
        stuck, told = delivery_of(session, "event:1"), delivery_of(session, "report:1")
        assert stuck is not None
        assert told is not None
        assert (stuck.state, stuck.unclear, told.state) == ("due", True, "sent")
        assert "ValueError" in (stuck.error or "")


def test_a_claim_whose_sender_never_came_back_is_taken_up_without_a_restart(app: App) -> None:
    with app.database.write() as session:
        made = make_delivery(session, "notice:1", receiver="console", purpose="notice", at=app.clock.now()).id
        claim_delivery(session, made, app.clock.now())
    engine = EmbeddedEngine(app)
    engine.deliver()
    with app.database.read() as session:
        assert session.scalars(select(Delivery.state)).all() == ["claimed"]
    turned(app, timedelta(minutes=3))
    engine.deliver()
    with app.database.read() as session:
        assert session.scalars(select(Delivery.state)).all() == ["sent"]
