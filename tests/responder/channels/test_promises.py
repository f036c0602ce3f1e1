"""Whatever anybody tries on any channel, in any order: nothing goes live without an approval, and no money in public."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from responder.answering.replies import noticed_on_site
from storage.case import Case
from storage.database import Database
from storage.delivery import Delivery
from storage.draft import Reply
from storage.event import events_of
from storage.log import verify_log
from storage.mention import Mention
from storage.parked import put_back
from tests.conftest import LOG_KEY
from tests.responder.channels.conftest import SITES
from tests.responder.channels.house import HOUSE, House
from tests.responder.channels.mail_site import Mail

PLACES = (*SITES, Mail)
PEOPLE = ("sato", "ito", "kim", "abe", "sato", "ito", "kim", "abe", "system", "stranger")
TEXTS = (
    "お部屋の煙草のにおい、心よりお詫び申し上げます。({number})",
    "お部屋の煙草のにおいにつきまして、担当者とともにお詫び申し上げます。({number})",
    "煙草のにおいの件、お詫びに5000円を返金いたします。({number})",
    "Sorry about the smoke: we will refund $50 to you. ({number})",
    "",
)
SELDOM = "claim reopen dismiss gone typed undo by_hand take_down resolve revoke trouble restart retry"
OFTEN = "approve approve approve later later send send send grant"  # else cases end before they began
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, Any]]:
    made = {kind.kind: kind() for kind in PLACES}
    yield made
    for site in made.values():
        site.close()


def attempt(house: House, cases: list[int], deal: Random) -> None:
    name, who, case = (
        deal.choice((OFTEN if deal.random() < 0.82 else SELDOM).split()),
        deal.choice(PEOPLE),
        deal.choice(cases),
    )
    words = deal.choice(TEXTS[:2] if deal.random() < 0.6 else TEXTS)
    text, site = words.format(number=deal.randrange(4)), deal.choice(list(house.sites.values()))
    drawn = deal.choice(["fine", "fine", "dropped", "lost", "busy"])
    tries: dict[str, Callable[[], object]] = {
        "approve": lambda: house.desk.approve(case, who, text or None, deal.choice(["電話の後", "電話の後", None])),
        "undo": lambda: house.desk.undo(case, who),
        "by_hand": lambda: house.desk.post_manual(case, who, text or None),
        "take_down": lambda: house.desk.take_down(case, who, "間違い"),
        "dismiss": lambda: house.desk.not_a_case(case, who, "宣伝"),
        "claim": lambda: house.desk.claim(case, who),
        "resolve": lambda: house.desk.resolve(case, who, "部屋を替えた", "process"),
        "reopen": lambda: house.desk.reopen(case, who, "あとで連絡があった"),
        "gone": lambda: house.deleted(case),
        "typed": lambda: typed(house, case, deal.choice([None, "店長です。", text])),
        "later": lambda: house.later(minutes=deal.choice([1, 4, 6, 90])),
        "send": lambda: house.send(),
        "restart": lambda: house.restarted(),
        "retry": lambda: retry(house),
        "trouble": lambda: setattr(site, "trouble", lambda: drawn),
        "revoke": lambda: setattr(site, "revoked", True),
        "grant": lambda: setattr(site, "revoked", False),
    }
    tries[name]()


def typed(house: House, case: int, text: str | None) -> None:
    """The crawler sees what a colleague typed on the site, or that it is gone there."""
    with house.app.database.write() as session:
        mention = session.get_one(Mention, session.get_one(Case, case).mention_id)
        mention.reply_text = text
        noticed_on_site(session, mention, house.clock.now())


def retry(house: House) -> None:
    with house.app.database.write() as session:
        for stuck in session.scalars(select(Delivery).where(Delivery.state == "given_up")).all():
            put_back(session, f"delivery/{stuck.id}", house.clock.now())


def nothing_is_live_that_nobody_approved(house: House, cases: list[int]) -> None:
    with house.app.database.read() as session:
        for case_id in cases:
            case = session.get_one(Case, case_id)
            shown = house.sites[case.mention.source.key].live(case.mention.external_id)
            assert len(shown) <= 1, shown
            for text in shown:
                assert not any(sign in text for sign in ("円", "$", "refund", "返金")), text
                replies = session.scalars(select(Reply).where(Reply.case_id == case_id)).all()
                [*known] = [
                    reply for reply in replies if reply.text.split() == text.split() and reply.channel != "site"
                ]
                approvals = {
                    event.data.get("reply"): event for event in events_of(session, case_id) if event.kind == "approved"
                }
                assert any(
                    reply.id in approvals
                    and approvals[reply.id].actor == reply.approved_by
                    and reply.approved_by != "system"
                    and house.clock.now() >= reply.approved_at + HOUSE.publish.undo
                    for reply in known
                ), text


def play(database: Database, folder: Path, sites: dict[str, Any], deal: Random) -> int:
    """Returns how much went live."""
    house = House(database, folder, sites)
    cases = [house.case(next(_NUMBERS), kind) for kind in sites]
    for _ in range(60):
        attempt(house, cases, deal)
        nothing_is_live_that_nobody_approved(house, cases)
    with database.read() as session:
        assert verify_log(session) == []
        return len(
            session.scalars(select(Delivery).where(Delivery.purpose == "publish", Delivery.sent_at.is_not(None))).all()
        )


@pytest.mark.parametrize("group", range(4))
def test_whatever_anybody_tries_nothing_is_published_without_an_approval(
    migrated_sqlite: Path, sites: dict[str, Any], group: int
) -> None:
    prove(migrated_sqlite, sites, group, examples=1)


@pytest.mark.drill
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("group", range(4))
def test_however_often_they_try(migrated_sqlite: Path, sites: dict[str, Any], group: int) -> None:
    prove(migrated_sqlite, sites, group, examples=25)


def prove(migrated_sqlite: Path, sites: dict[str, Any], group: int, examples: int) -> None:
    published = []

    @settings(max_examples=examples, derandomize=True, deadline=None, database=None, phases=[Phase.generate])
    @given(st.integers(0, 2**32))
    def whatever(seed: int) -> None:
        chosen = {kind: sites[kind] for kind in sorted(sites)[group::4]}
        for site in chosen.values():
            site.revoked, site.trouble = False, lambda: "fine"
        with TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, folder)}", LOG_KEY)
            try:
                published.append(play(database, Path(folder), chosen, Random(seed + group)))
            finally:
                database.close()

    whatever()
    assert sum(published) > 0
