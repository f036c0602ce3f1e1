"""Tallies against counting the listing, through histories of corrections, edits and settlings on both databases."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.assessment import Assessment
from storage.database import Database
from storage.ingest import ingest
from storage.item import Item
from storage.listing import Listing, list_mentions
from storage.mention import Mention, Revision
from storage.source import Crawl, source_by_key
from storage.tally import Tally, settle_tallies

AT = datetime(2026, 3, 2, tzinfo=UTC)
MOODS = ("negative", "neutral", "positive")


def counted(session: Session) -> Counter[tuple[int, str]]:
    """The slow, obvious way."""
    rows = session.execute(select(Listing.hour, Listing.sentiment)).all()
    return Counter((hour, sentiment) for hour, sentiment in rows if sentiment is not None)


def tallied(session: Session) -> Counter[tuple[int, str]]:
    rows = session.execute(
        select(Tally.hour, Tally.sentiment, func.sum(Tally.change)).group_by(Tally.hour, Tally.sentiment)
    )
    return Counter({(hour, sentiment): int(change) for hour, sentiment, change in rows if change})


def told(session: Session, draw: random.Random, number: int) -> None:
    """Some mentions, half of them assessed."""
    source = source_by_key(session, "book", "file")
    crawl = Crawl(source_id=source.id, started_at=AT)
    session.add(crawl)
    session.flush()
    items = [
        Item(
            external_id=f"{number}-{one}",
            kind="review",
            text="お湯",
            posted_at=AT + timedelta(minutes=draw.randrange(300)),
        )
        for one in range(6)
    ]
    for revision in ingest(session, source, crawl, items, AT).revisions[::2]:
        session.add(
            Assessment(
                revision_id=revision, language="ja", sentiment=draw.choice(MOODS), negative=0.1, neutral=0.1,
                positive=0.8, topics=[], severity="none", emotion="none", urgency="normal", evidence={},
                reasons=[], model="m", assessed_at=AT,
            )
        )  # fmt: skip


@pytest.mark.parametrize("which", ["database", "postgres"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_tally_is_what_the_listing_holds_whatever_happened(
    request: pytest.FixtureRequest, which: str, seed: int
) -> None:
    database: Database = request.getfixturevalue(which)
    draw = random.Random(seed)
    for number in range(8):
        with database.write() as session:
            told(session, draw, number)
            ids = list(session.scalars(select(Mention.id)))
            chosen = draw.sample(ids, len(ids) // 2)
            if draw.random() < 0.5:  # somebody thinks otherwise of some, and a site corrects its dates
                theirs = select(Revision.id).where(Revision.mention_id.in_(chosen[:4]))
                session.execute(
                    update(Assessment).where(Assessment.revision_id.in_(theirs)).values(sentiment=draw.choice(MOODS))
                )
                session.execute(
                    update(Mention).where(Mention.id.in_(chosen[4:6])).values(posted_at=AT - timedelta(hours=number))
                )
            list_mentions(session, [*chosen, *chosen[:2]] if number % 2 else ids)
            assert tallied(session) == counted(session)
            if draw.random() < 0.4:
                settle_tallies(session)
                rows = session.execute(select(Tally.hour, Tally.sentiment).order_by(Tally.hour, Tally.sentiment)).all()
                assert rows == sorted(counted(session))
    with database.read() as session:
        assert tallied(session) == counted(session)
        assert sum(counted(session).values()) > 15


def test_listing_anew_what_stayed_the_same_adds_no_row(database: Database) -> None:
    with database.write() as session:
        told(session, random.Random(3), 1)
        ids = list(session.scalars(select(Mention.id)))
        list_mentions(session, ids)
        before = session.scalar(select(func.count()).select_from(Tally))
        list_mentions(session, ids)
        assert session.scalar(select(func.count()).select_from(Tally)) == before
