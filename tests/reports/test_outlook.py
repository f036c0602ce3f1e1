"""The outlook against a slow, obvious walk through the mentions, one by one; and what it says of itself."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.early_signs import KINDS, Said, judge
from reports.outlook import Outlook, Subject, keep, kept, outlook
from reports.outlook_lines import how_right, looked_at, watch_lines
from reports.share import Share, verdict
from reports.words import Words
from storage.assessment import Assessment
from storage.bulk import insert_rows
from storage.database import Database
from storage.listing import list_mentions
from storage.mention import Mention, Revision
from storage.source import Source, source_by_key

UNTIL = datetime(2026, 11, 15, 15, tzinfo=UTC)  # midnight in Tokyo
WEEKS = 90
PLACES = {"浅草": 16, "箱根": 16, "京都": 16, "大阪": 2}  # mentions a week
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def history(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Eighty weeks of three places and of an app. Asakusa fails now and then, after a slow drift; Kyoto drifts now."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("outlook") / "k.sqlite")
    database = Database(f"sqlite:///{path}", b"key of the log")
    with database.write() as session:
        _write(session, random.Random(4))
    with database.read() as session:
        yield session
    database.close()


def _write(session: Session, draw: random.Random) -> None:
    maps, app = source_by_key(session, "maps", "file"), source_by_key(session, "app", "app_store")
    said = []
    for week in range(WEEKS):
        start = UNTIL - WEEK * (WEEKS - week)
        for place, often in PLACES.items():
            said += [_drawn(draw, start, maps.id, place, None, _share(place, week)) for _ in range(often)]
        version = f"{1 + week // 20}.0"
        said += [_drawn(draw, start, app.id, None, version, 0.45 if week > 76 else 0.2) for _ in range(5)]
    for table, rows in (
        (Mention, [_mention(number, one) for number, one in enumerate(said, start=1)]),
        (Revision, [_revision(number, one) for number, one in enumerate(said, start=1)]),
        (Assessment, [_assessment(number, one) for number, one in enumerate(said, start=1) if one["mood"] is not None]),
    ):
        blank = {column.name: None for column in table.__table__.columns}
        insert_rows(session, table.__table__, [blank | row for row in rows])
    session.flush()
    list_mentions(session, list(range(1, len(said) + 1)), words=False)


def _mention(number: int, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number, "source_id": one["source"], "external_id": str(number), "kind": "review", "reach": {},
        "posted_at": one["at"], "location": one["place"], "product_version": one["version"], "digest": "",
        "first_seen_at": one["at"],
    }  # fmt: skip


def _revision(number: int, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number, "mention_id": number, "number": 1, "text": "…", "rating": one["stars"], "seen_at": one["at"],
        "salt": "s",
    }  # fmt: skip


def _assessment(number: int, one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number, "revision_id": number, "language": "ja", "sentiment": one["mood"], "negative": 0.0,
        "neutral": 0.0, "positive": 0.0, "topics": [{"name": one["topic"], "p": 0.9}] if one["topic"] else [],
        "emotion": "", "urgency": "normal", "severity": one["severity"], "evidence": {}, "reasons": [], "model": "t",
        "assessed_at": one["at"],
    }  # fmt: skip


def _share(place: str, week: int) -> float:
    """Two places creep up for twelve weeks before each failure of four; Kyoto creeps up at the end."""
    if place in ("浅草", "箱根"):
        phase = (week + (0 if place == "浅草" else 12)) % 36 - 20
        return 0.12 if phase < 0 else 0.12 + 0.012 * phase if phase < 12 else 0.5
    return 0.12 + 0.014 * max(0, week - WEEKS + 12) if place == "京都" else 0.2


def _drawn(
    draw: random.Random, start: datetime, source: int, place: str | None, version: str | None, bad: float
) -> dict[str, Any]:
    negative = draw.random() < bad
    return {
        "at": start + timedelta(minutes=draw.randrange(7 * 24 * 60)),
        "source": source,
        "place": place,
        "version": version,
        "mood": "negative" if negative else draw.choice(("positive", "neutral", "positive", None)),
        "severity": draw.choice(("minor", "major", "minor", "critical")) if negative else "none",
        "topic": draw.choice(("staff", "food", "waiting", None)),
        "stars": None if draw.random() < 0.1 else float(draw.choice((1, 2, 3)) if negative else draw.choice((4, 5))),
    }


def told_of(session: Session, subject: Subject, since: datetime, until: datetime) -> Said:
    """What was said of a subject in a span, mention by mention."""
    said = Said()
    for at, _, _, _, stars, mood, severity, topics in mentions_of(session, subject):
        if not since <= at < until:
            continue
        said.assessed += 1
        if stars is not None:
            said.rated += 1
            said.stars += stars
            said.squares += stars**2
        if mood == "negative":
            said.negative += 1
            said.severe += severity in ("major", "critical")
            said.topics[topics[0]["name"] if topics else "other"] += 1
    return said


def mentions_of(session: Session, subject: Subject) -> list[Any]:
    """Read once from the tables of truth."""
    if "every" not in session.info:
        session.info["every"] = session.execute(
            select(
                Mention.posted_at, Mention.location, Mention.product_version, Source.key, Revision.rating,
                Assessment.sentiment, Assessment.severity, Assessment.topics,
            )
            .join(Revision, Revision.mention_id == Mention.id)
            .join(Assessment, Assessment.revision_id == Revision.id)
            .join(Source, Source.id == Mention.source_id)
        ).all()  # fmt: skip
    if subject not in session.info:
        named = {"place": 1, "product": 3, "version": 3}[subject.what]
        session.info[subject] = [
            row
            for row in session.info["every"]
            if row[named] == subject.name and subject.version in (None, row.product_version)
        ]
    return session.info[subject]


def judged_by_hand(session: Session, subject: Subject, moment: datetime):  # type: ignore[no-untyped-def]
    weeks = [told_of(session, subject, moment - WEEK * back, moment - WEEK * (back - 1)) for back in range(12, 0, -1)]
    since, until = moment - WEEK * 38, moment - WEEK * 12
    if subject.version is None:
        return judge(weeks, told_of(session, subject, since, until))
    usual, own = (
        told_of(session, Subject("product", subject.name), since, until),
        told_of(session, subject, since, until),
    )
    usual.add(own, times=-1)
    return judge(weeks, usual)


SUBJECTS = [
    *(Subject("place", name) for name in PLACES),
    Subject("product", "app"),
    *(Subject("version", "app", f"{number}.0") for number in range(1, 6)),
]


def test_signs_and_failures_are_those_that_one_counts_by_hand(history: Session) -> None:
    made = outlook(history, UNTIL)
    by_hand = {subject: judged_by_hand(history, subject, UNTIL) for subject in SUBJECTS}
    now = {one.subject: one for one in (*made.watched, *made.failed)}
    for subject, judged in by_hand.items():
        if judged is None or not (judged.signs or judged.failed):
            assert subject not in now
            continue
        found = now[subject]
        assert (found.now, found.failed, found.signs) == (judged.now, judged.failed, judged.signs)
        assert (found.usual, found.limit) == pytest.approx((judged.usual, judged.limit))
    assert "京都" in {one.subject.name for one in made.watched}
    assert made.failed


def test_its_hit_rate_is_that_of_a_walk_through_the_past_with_the_same_rule(history: Session) -> None:
    made = outlook(history, UNTIL)
    listed: Counter[bool] = Counter()
    others: Counter[bool] = Counter()
    drifted: Counter[bool] = Counter()
    for weeks_ago in range(4, WEEKS - 12, 4):
        moment = UNTIL - WEEK * weeks_ago
        for subject in SUBJECTS:
            judged = judged_by_hand(history, subject, moment)
            if judged is None or judged.failed:
                continue
            after = told_of(history, subject, moment, moment + WEEK * 4)
            limit = judged.usual + 3 * (judged.usual * (1 - judged.usual) / max(1, after.assessed)) ** 0.5
            failed = after.negative >= 5 and after.negative / after.assessed > limit
            (listed if judged.signs else others)[failed] += 1
            if any(sign.kind == "drift" for sign in judged.signs):
                drifted[failed] += 1
    assert made.record.listed == Share(listed[True], listed.total())
    assert made.record.others == Share(others[True], others.total())
    assert made.records["drift"].listed == Share(drifted[True], drifted.total())
    assert made.record.caught == Share(listed[True], listed[True] + others[True])
    assert made.record.verdict == verdict(made.record.listed, made.record.others)
    assert listed[True]
    assert others[False] > 50


def test_what_is_known_later_changes_nothing_that_was_said_before(history: Session) -> None:
    earlier = outlook(history, UNTIL - WEEK * 8)
    for one in (*earlier.watched, *earlier.failed):
        judged = judged_by_hand(history, one.subject, UNTIL - WEEK * 8)
        assert (one.now, one.signs) == (judged.now, judged.signs)
    assert earlier.record.listed.whole < outlook(history, UNTIL).record.listed.whole


def test_a_few_weeks_say_nothing_and_it_says_so(database: Database) -> None:
    with database.write() as session:
        _write_few(session)
        made = outlook(session, UNTIL)
    assert (made.watched, made.failed, made.judged, made.spans) == ((), (), 0, 0)
    for language, words in (("ja", "まだ記録が足りません"), ("en", "too little history")):
        say = Words(language)
        assert words in looked_at(made, say)
        assert how_right(made, say) == [say("outlook.history_none")]


def _write_few(session: Session) -> None:
    source = source_by_key(session, "maps", "file")
    mention = Mention(
        source_id=source.id, external_id="1", kind="review", posted_at=UNTIL - WEEK, digest="", first_seen_at=UNTIL,
        location="浅草",
    )  # fmt: skip
    revision = Revision(mention=mention, number=1, text="…", seen_at=UNTIL, salt="")
    session.add_all([mention, revision])
    session.flush()
    session.add(
        Assessment(
            revision_id=revision.id, language="ja", sentiment="negative", negative=1.0, neutral=0.0, positive=0.0,
            topics=[], emotion="", urgency="normal", severity="minor", model="t", assessed_at=UNTIL,
        )
    )  # fmt: skip
    session.flush()
    list_mentions(session, [mention.id], words=False)


def test_it_is_kept_as_it_was_made(history: Session, database: Database) -> None:
    made = outlook(history, UNTIL)
    with database.write() as session:
        keep(session, made, UNTIL)
    with database.read() as session:
        found = kept(session)
    assert isinstance(found, Outlook)
    assert found == made


@pytest.mark.parametrize(("language", "record"), [("ja", "その後4週間"), ("en", "within four weeks")])
def test_it_is_told_with_numbers_a_link_and_its_own_record(history: Session, language: str, record: str) -> None:
    made, say = outlook(history, UNTIL), Words(language)
    lines = watch_lines(made, UTC, say)
    kyoto = next(one for one in lines if one.name == "京都")
    assert kyoto.signs
    assert record in kyoto.record or "過去" in kyoto.record or "before" in kyoto.record
    assert "place=" in kyoto.link
    assert "sentiment=negative" in kyoto.link
    assert len(how_right(made, say)) >= 3
    assert set(made.records) == set(KINDS)
    assert not any("{" in text for one in lines for text in (*one.signs, one.record, one.now))
