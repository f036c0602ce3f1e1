"""A short way to tell a story in a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases import opening
from storage.assessment import Assessment
from storage.case import Case
from storage.ingest import Ingested, ingest
from storage.item import Item
from storage.mention import Mention, latest_revision
from storage.source import Crawl, Source, source_by_key

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 10:00 in Tokyo

PEOPLE: dict[str, Any] = {
    "brand": {"name": "Hotel Sakura"},
    "teams": {"front-desk": {}, "quality": {}},
    "people": {
        "sato": {"name": "佐藤", "team": "front-desk", "role": "agent"},
        "ito": {"name": "伊藤", "team": "front-desk", "role": "agent"},
        "kim": {"name": "Kim", "team": "quality", "role": "lead"},
        "abe": {"name": "阿部", "team": "quality", "role": "lead"},
    },
}


class Story:
    """One session with a clock. `review` stores what a source shows, as a crawl would."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session = session
        self.settings = settings
        self.at = START

    def later(self, **by: float) -> datetime:
        """Moves the clock on."""
        self.at += timedelta(**by)
        return self.at

    def review(self, external_id: str = "r1", *, source: str = "maps", **said: Any) -> Ingested:
        """Stores one item; what is not said is a two-star complaint of Tanaka."""
        place: Source = source_by_key(self.session, source, "file")
        crawl = Crawl(source_id=place.id, started_at=self.at, state="running")
        self.session.add(crawl)
        self.session.flush()
        values: dict[str, Any] = {
            "kind": "review",
            "text": "部屋が煙草くさくて眠れませんでした。",
            "rating": 2.0,
            "author_id": "u1",
            "author_name": "田中花子",
            "posted_at": self.at,
        } | said
        result = ingest(self.session, place, crawl, [Item(external_id=external_id, **values)], self.at)
        crawl.state, crawl.finished_at = "done", self.at
        self.session.flush()
        return result

    def mention(self, external_id: str = "r1") -> Mention:
        """The stored mention of this id."""
        return self.session.query(Mention).filter_by(external_id=external_id).one()

    def assess(self, external_id: str = "r1", sentiment: str = "negative", severity: str = "minor") -> int:
        """Writes the assessment of what a mention says now; returns the revision's id."""
        revision = latest_revision(self.session, self.mention(external_id).id)
        shares = {"negative": 0.05, "neutral": 0.05, "positive": 0.05} | {sentiment: 0.9}
        self.session.add(
            Assessment(
                revision_id=revision.id,
                language="ja",
                sentiment=sentiment,
                **shares,
                topics=[{"name": "cleanliness", "p": 0.9}],
                emotion="anger",
                urgency="normal",
                severity=severity,
                evidence={"text": revision.text[:4], "start": 0, "end": 4},
                reasons=[],
                model="test",
                assessed_at=self.at,
            )
        )
        self.session.flush()
        return revision.id

    def case(self, external_id: str = "r1", severity: str = "minor", **said: Any) -> Case:
        """A review that opened its case now."""
        self.review(external_id, **said)
        self.assess(external_id, severity=severity)
        return opening.open_case(
            self.session,
            self.mention(external_id).id,
            severity=severity,
            criteria="rating <= 2",
            labels={"topic": "cleanliness", "severity": severity},
            settings=self.settings,
            at=self.at,
        )
