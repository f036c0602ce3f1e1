"""The publishing drill: replies over every channel on a bad day; each is live exactly once, or parked with its reason."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from kintsugi.sender import send
from storage.database import Database
from storage.delivery import Delivery, due_deliveries
from storage.parked import put_back
from tests.responder.channels.conftest import SITES
from tests.responder.channels.house import House
from tests.responder.channels.mail_site import Mail

PLACES = (*SITES, Mail)


@pytest.mark.parametrize("kind", PLACES, ids=lambda kind: kind.kind)
def test_twenty_replies_over_each_channel_on_a_bad_day(database: Database, tmp_path: Path, kind: Any) -> None:
    drill(database, tmp_path, kind, count=20, seed=7)


@pytest.mark.drill
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", PLACES, ids=lambda kind: kind.kind)
def test_five_hundred_replies_over_each_channel_on_a_bad_day(database: Database, tmp_path: Path, kind: Any) -> None:
    figures = drill(database, tmp_path, kind, count=500, seed=11)
    sys.stdout.write(f"\n{kind.kind}: {figures}\n")


def drill(database: Database, folder: Path, kind: Any, count: int, seed: int) -> dict[str, int]:
    chance, site, met = Random(seed), kind(), Counter[str]()
    house = House(database, folder, {"s": site})

    def trouble() -> str:
        drawn = chance.random()
        now = "dropped" if drawn < 0.10 else "lost" if drawn < 0.13 else "busy" if drawn < 0.20 else "fine"
        met[now] += 1
        return now

    site.trouble = trouble
    cases = [house.case(number) for number in range(count)]
    for case in cases:
        assert house.approve(case) is None
    deleted = set(chance.sample(cases, count // 20))
    for number, case in enumerate(sorted(deleted)):
        site.gone(site.name(cases.index(case)))
        if number % 2:
            house.deleted(case)
    revoked = _publish_with_a_revocation(house, site, count)
    assert {event.kind for case in cases for event in house.events(case)} >= {"approved", "posted", "publish_failed"}
    outcome = Counter(_outcome(house, site, case, case in deleted) for case in cases)
    site.close()
    assert met["dropped"] > 0
    assert revoked > 0
    return (
        dict(outcome) | {"revoked first": revoked} | {f"answers {name}": times for name, times in sorted(met.items())}
    )


def _publish_with_a_revocation(house: House, site: Any, count: int) -> int:
    """A third goes out, then the token is revoked; the operator stores a new one and puts back what was given up."""
    house.later(minutes=5)
    with house.app.database.read() as session:
        due = due_deliveries(session, house.clock.now(), count)
    for number, delivery in enumerate(due):
        site.revoked = count // 3 <= number < count // 2
        send(house.app.database, house.app.receivers, house.app.context(), delivery)
    site.revoked = True
    house.send()
    site.revoked = False
    house.send_all()
    return _put_back(house)


def _put_back(house: House) -> int:
    with house.app.database.write() as session:
        stuck = session.scalars(
            select(Delivery).where(Delivery.purpose == "publish", Delivery.error.contains("revoked"))
        ).all()
        for delivery in stuck:
            put_back(session, f"delivery/{delivery.id}", house.clock.now())
    house.send_all()
    return len(stuck)


def _outcome(house: House, site: Any, case: int, deleted: bool) -> str:
    """What became of one reply. Live means exactly once and as it was approved."""
    delivery, reply, shown = house.delivery(case), house.reply(case), house.live(case)
    if delivery.state == "sent":
        assert [text.split() for text in shown] == [reply.text.split()] or deleted
        assert reply.posted_at is not None
        return "live"
    assert delivery.error
    assert reply.posted_at is None
    assert house.events(case)[-1].kind in ("publish_failed", "publish_unclear")
    if delivery.state == "unclear":
        assert not site.asked
        assert len(shown) <= 1
        return "parked: unclear"
    assert delivery.state == "given_up"
    assert deleted
    assert shown == []
    return "parked: gone"
