"""The publishing drill: replies over every channel on a bad day; each is live exactly once, or parked with its reason."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kintsugi.steps.sender import send
from storage.case import Case
from storage.database import Database
from storage.delivery import Delivery, due_deliveries
from storage.draft import Reply
from storage.event import events_of
from storage.parked import put_back
from tests.responder.channels.conftest import SITES
from tests.responder.channels.house import House
from tests.responder.channels.mail_site import Mail

PLACES = (*SITES, Mail)


@pytest.mark.parametrize("kind", PLACES, ids=lambda kind: kind.kind)
def test_ten_replies_over_each_channel_on_a_bad_day(database: Database, tmp_path: Path, kind: Any) -> None:
    drill(database, tmp_path, kind, count=10, seed=7)


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
    cases = house.cases(count)
    house.approve_all(cases)
    deleted = set(chance.sample(cases, max(1, count // 20)))
    for number, case in enumerate(sorted(deleted)):
        site.gone(site.name(cases.index(case)))
        if number % 2:
            house.deleted(case)
    revoked = _publish_with_a_revocation(house, site, count)
    with database.read() as session:
        outcome = Counter(_outcome(session, site, case, case in deleted) for case in cases)
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


def _outcome(session: Session, site: Any, case: int, deleted: bool) -> str:
    """What became of one reply. Live means exactly once and as it was approved."""
    [reply] = session.scalars(select(Reply).where(Reply.case_id == case))
    [delivery] = session.scalars(select(Delivery).where(Delivery.key == f"publish:{reply.id}"))
    shown = site.live(session.get_one(Case, case).mention.external_id)
    told = [event.kind for event in events_of(session, case)]
    assert told[0] == "approved"
    if delivery.state == "sent":
        assert [text.split() for text in shown] == [reply.text.split()]
        assert told.count("posted") == 1
        return "live"
    assert delivery.error
    assert reply.posted_at is None
    assert told[-1] in ("publish_failed", "publish_unclear")
    if delivery.state == "unclear":
        assert not site.asked
        assert len(shown) <= 1
        return "parked: unclear"
    assert delivery.state == "given_up"
    assert deleted
    assert shown == []
    return "parked: gone"
