"""Stories: what is a copy, and what only sounds alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from alerts.stories import Copy, copy_of, method
from storage.author import Author
from storage.database import Database
from storage.mention import Mention, Revision
from storage.source import source_by_key
from storage.story import StoryBand, copies_of

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SAID = "フロントの対応が悪くて一時間も待たされました。二度と行きません。"
_NUMBERS = count(1)


def said(session: Session, text: str, author: str, kind: str = "post", hours: float = 0, source: str = "x") -> Revision:
    home, number = source_by_key(session, source, source), next(_NUMBERS)
    who = Author(source_id=home.id, external_id=f"{author}-{number}", name=author, first_seen_at=AT)
    session.add(who)
    session.flush()
    mention = Mention(
        source_id=home.id, external_id=str(number), author_id=who.id, kind=kind, reach={}, digest="", first_seen_at=AT,
        posted_at=AT + timedelta(hours=hours),
    )  # fmt: skip
    session.add(mention)
    session.flush()
    revision = Revision(mention_id=mention.id, number=1, text=text, seen_at=AT, salt="")
    session.add(revision)
    session.flush()
    return revision


@pytest.mark.parametrize(
    ("text", "author", "kind", "hours", "why"),
    [
        (SAID, "ゆき", "review", 200, "same_author"),
        (SAID + "！！", "そら", "post", 0.5, "same_hour"),
        ("【拡散希望】" + SAID, "そら", "post", 50, "passed_on"),
        ("RT @yuki: " + SAID, "そら", "post", 50, "passed_on"),
        (SAID, "そら", "post", 50, None),
        (SAID, "そら", "review", 0.5, None),
        ("部屋が寒くて、夜中に何度も目が覚めてしまいました。", "ゆき", "post", 0.5, None),
    ],
)
def test_a_copy_needs_like_words_and_another_sign(
    database: Database, text: str, author: str, kind: str, hours: float, why: str | None
) -> None:
    with database.write() as session:
        first = said(session, SAID, "ゆき")
        assert copy_of(session, first, AT) is None
        later = said(session, text, author, kind, hours, "other site")
        for _ in range(2):  # a step may run twice
            assert copy_of(session, later, AT) == (Copy(first.mention_id, why) if why else None)
            assert copies_of(session, first.mention_id) == (why is not None)


def test_short_stock_phrases_are_no_copies(database: Database) -> None:
    with database.write() as session:
        for _ in range(3):
            assert copy_of(session, said(session, "朝食は普通でした。", "ゆき"), AT) is None


def test_signatures_of_another_method_are_not_compared(database: Database) -> None:
    with database.write() as session:
        first = said(session, SAID, "ゆき")
        copy_of(session, first, AT)
        assert method().startswith("rensa ")
        session.query(StoryBand).update({StoryBand.method: "rensa 0.1 64/4 seed 1"})
        assert copy_of(session, said(session, SAID, "ゆき"), AT) is None
