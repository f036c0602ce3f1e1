"""Random histories of a brand, written as rows: what happened is drawn, and nothing about it is computed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

from sqlalchemy.orm import Session

from reports.period import Period, days_between
from storage.assessment import Assessment
from storage.author import Author
from storage.case import OPEN_STATES, Case, CaseClock
from storage.draft import Reply
from storage.event import append_event
from storage.follow_up import FollowUp
from storage.form_answer import FormAnswer
from storage.listing import list_mentions
from storage.mention import Mention, Revision
from storage.offer import Offer
from storage.outcome import OUTCOMES, record_outcome
from storage.source import Source, source_by_key
from storage.task import Task

PLACES = ("浅草", "京都", "大阪", None)
TOPICS = ("staff", "waiting", "food", "cleanliness")
MOODS = ("negative", "neutral", "positive")
END = datetime(2026, 11, 16, tzinfo=UTC)


def write_history(session: Session, seed: int, mentions: int = 60, days: int = 60) -> None:
    """Some weeks of a small brand that ends at END; many authors return."""
    draw = random.Random(seed)
    sources = [source_by_key(session, key, "file") for key in ("play-app", "maps")]
    authors = []
    for number in range(max(3, mentions // 3)):
        author = Author(source_id=sources[number % 2].id, external_id=str(number), name=f"a{number}", first_seen_at=END)
        session.add(author)
        authors.append(author)
    session.flush()
    for number in range(mentions):
        at = END - timedelta(minutes=draw.randrange(days * 24 * 60))
        _mention(session, draw, draw.choice(sources), draw.choice([*authors, None]), number, at)
    session.flush()


def _mention(
    session: Session, draw: random.Random, source: Source, author: Author | None, number: int, at: datetime
) -> None:
    kind = draw.choice(("review", "review", "post"))
    mention = Mention(
        source_id=source.id, external_id=str(number), author_id=author.id if author else None, kind=kind, digest="",
        posted_at=draw.choice((at, at, None)), first_seen_at=at, location=draw.choice(PLACES),
        url=f"https://example.jp/{number}", reply_at=at + timedelta(days=1) if draw.random() < 0.1 else None,
    )  # fmt: skip
    session.add(mention)
    session.flush()
    seen, mood = at, "neutral"
    for revision in range(1, draw.choice((1, 1, 1, 2, 3)) + 1):
        rating = None if kind == "post" else draw.choice((1.0, 2.0, 3.0, 3.5, 4.0, 5.0))
        said = Revision(
            mention_id=mention.id, number=revision, text=f"text {number}", rating=rating, seen_at=seen, salt="s"
        )
        session.add(said)
        session.flush()
        mood = draw.choice(MOODS)
        if draw.random() < 0.95:
            session.add(_assessment(draw, said.id, mood, seen))
        seen += timedelta(hours=draw.randrange(1, 200))
    session.flush()
    list_mentions(session, [mention.id])
    if draw.random() < 0.45:
        _case(session, draw, mention, at)


def _assessment(draw: random.Random, revision_id: int, mood: str, at: datetime) -> Assessment:
    return Assessment(
        revision_id=revision_id, language="ja", sentiment=mood, negative=draw.random(), neutral=0.1,
        positive=draw.random(), emotion="none", urgency="low", severity=draw.choice(("none", "minor", "major")),
        topics=[{"name": name, "p": 0.9} for name in draw.sample(TOPICS, draw.randrange(3))], evidence={}, reasons=[],
        model="t", assessed_at=at,
    )  # fmt: skip


def _case(session: Session, draw: random.Random, mention: Mention, at: datetime) -> None:
    opened = at + timedelta(minutes=draw.randrange(600))
    case = Case(
        mention_id=mention.id, author_id=mention.author_id, severity=draw.choice(("minor", "major", "critical")),
        criteria="rating <= 2", opened_at=opened, state_at=opened, state="new", salt="s",
    )  # fmt: skip
    session.add(case)
    session.flush()
    append_event(session, case.id, "opened", actor="system", at=opened)
    later = opened
    for move in ("acknowledge", "investigate", "answer", "resolve", "follow_up", "close"):
        if draw.random() < 0.25:
            if draw.random() < 0.5:
                continue
            break
        later += timedelta(minutes=draw.randrange(1, 4000))
        append_event(session, case.id, move, actor="U1", at=later, data={})
        if draw.random() < 0.2:  # the same move a second time, after a re-opening
            append_event(session, case.id, move, actor="U1", at=later + timedelta(hours=5), data={})
    case.state = draw.choice((*OPEN_STATES, "closed", "closed"))
    if draw.random() < 0.5:
        case.cause = draw.choice(("process", "process:room-assignment", "people", "system"))
    _beside(session, draw, case, opened)


def _beside(session: Session, draw: random.Random, case: Case, opened: datetime) -> None:
    """Clocks, replies, outcomes, offers, tasks, follow-ups and answers of one case."""
    for name in ("acknowledge", "first_response", "resolution", "follow_up"):
        due = opened + timedelta(hours=draw.randrange(1, 72))
        met = draw.choice((None, due - timedelta(minutes=5), due, due + timedelta(minutes=5)))
        missed = due if met is None and draw.random() < 0.5 else None
        session.add(CaseClock(case_id=case.id, name=name, started_at=opened, due_at=due, met_at=met, missed_at=missed))
    for number in range(draw.choice((0, 1, 1, 2))):
        posted = opened + timedelta(hours=draw.randrange(1, 300)) if number or draw.random() < 0.8 else None
        session.add(
            Reply(
                case_id=case.id, text="…", channel="manual", approved_by="U1", approved_at=opened, posted_at=posted,
                withdrawn_at=posted if number == 0 else None, salt="s",
            )
        )  # fmt: skip
    for _ in range(draw.choice((0, 1, 1, 2))):
        found = opened + timedelta(days=draw.randrange(0, 20))
        record_outcome(session, case, draw.choice(OUTCOMES), {"kind": "t"}, actor="system", at=found)
    for _ in range(draw.choice((0, 0, 1, 2))):
        state = draw.choice(("asked", "standing", "redeemed", "refused", "expired"))
        taken = opened + timedelta(days=draw.randrange(1, 9)) if state == "redeemed" else None
        session.add(
            Offer(
                case_id=case.id, remedy="voucher", amount=Decimal(draw.randrange(5000)) / 4, state=state,
                currency=draw.choice(("JPY", "JPY", "USD")), made_by="U1", made_at=opened, redeemed_at=taken,
                redeemed_amount=Decimal(draw.randrange(900)) if taken and draw.random() < 0.5 else None,
            )
        )  # fmt: skip
    for _ in range(draw.choice((0, 0, 1))):
        done = opened + timedelta(days=draw.randrange(1, 9)) if draw.random() < 0.5 else None
        session.add(
            Task(
                case_id=case.id, kind=draw.choice(("process", "staff", "step")), text="fix", salt="s", made_by="U1",
                made_at=opened, due_at=draw.choice((None, opened + timedelta(days=3))), done_at=done,
            )
        )  # fmt: skip
    if draw.random() < 0.4:
        done = opened + timedelta(days=draw.randrange(1, 9))
        session.add(FollowUp(case_id=case.id, kind="look", due_at=done, done_at=done))
        session.add(
            FormAnswer(
                case_id=case.id, round=1, recovered=draw.choice(("yes", "partly", "no")),
                satisfaction=draw.choice((None, 1, 3, 4, 5)), nps=draw.choice((None, 0, 6, 7, 8, 9, 10)), comment="",
                salt="s", language="ja", at=done,
            )
        )  # fmt: skip
    session.flush()


def some_period(seed: int, zone: tzinfo = UTC) -> Period:
    """A period within the history, of one to thirty days."""
    draw = random.Random(seed)
    last = (END - timedelta(days=draw.randrange(1, 25))).date()
    return days_between(last - timedelta(days=draw.choice((0, 6, 6, 13, 29))), last, zone)
