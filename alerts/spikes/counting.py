"""Counts the mentions of each interval into their series."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from storage.assessment import Assessment
from storage.mention import Mention, Revision
from storage.source import Crawl, Source

FRESH = timedelta(hours=36)  # a first crawl brings years of reviews: what is older is no news


@dataclass(frozen=True, slots=True)
class Counted:
    """One fresh mention, counted when it was assessed: so none is missed and none counted twice."""

    mention_id: int
    at: datetime
    negative: bool
    source_kind: str
    topic: str
    location: str
    language: str

    @property
    def labels(self) -> dict[str, str]:
        """What it can be counted under; absent ones are left out."""
        known = {
            "source_kind": self.source_kind,
            "topic": self.topic,
            "location": self.location,
            "language": self.language,
        }
        return {name: value for name, value in known.items() if value}

    def belongs_to(self, labels: dict[str, str]) -> bool:
        """Whether a series with these labels counts it."""
        return labels.items() <= self.labels.items()


def counted(session: Session, since: datetime, until: datetime) -> list[Counted]:
    """The fresh mentions assessed in [since, until), in that order."""
    return [_read(*row) for row in session.execute(_assessed(since, until))]


def moments(session: Session, since: datetime, until: datetime) -> set[datetime]:
    """When anything was assessed in [since, until): most intervals hold nothing and need no further look."""
    assessed = select(Assessment.assessed_at).where(Assessment.assessed_at >= since, Assessment.assessed_at < until)
    return set(session.scalars(assessed.distinct()))


def series_of(mention: Counted) -> Iterator[dict[str, str]]:
    """The series that count it: the brand, each part of it, topic by place, and the finest combination."""
    labels = mention.labels
    yield {}
    for name, value in labels.items():
        yield {name: value}
    if "topic" in labels and "location" in labels:
        yield {"topic": labels["topic"], "location": labels["location"]}
    if len(labels) > 2 or set(labels) not in ({"topic", "location"}, set()):
        yield labels


def key_of(labels: dict[str, str]) -> str:
    """The canonical name of a series."""
    return json.dumps(labels, ensure_ascii=False, sort_keys=True)


def by_series(mentions: Iterable[Counted]) -> dict[str, tuple[dict[str, str], list[Counted]]]:
    """The mentions of an interval under every series that counts them."""
    found: dict[str, tuple[dict[str, str], list[Counted]]] = {}
    for mention in mentions:
        for key, labels in {key_of(labels): labels for labels in series_of(mention)}.items():
            found.setdefault(key, (labels, []))[1].append(mention)
    return found


def _assessed(since: datetime, until: datetime) -> Select[Mention, Assessment, str]:
    # What was there before we began to watch a source comes all at once, and is no surge.
    watched = select(func.min(Crawl.started_at)).where(Crawl.source_id == Mention.source_id).scalar_subquery()
    return (
        select(Mention, Assessment, Source.kind)
        .join(Revision, Revision.mention_id == Mention.id)
        .join(Assessment, Assessment.revision_id == Revision.id)
        .join(Source, Source.id == Mention.source_id)
        .where(Revision.number == 1, Assessment.assessed_at >= since, Assessment.assessed_at < until)
        .where(Mention.first_seen_at > since - FRESH, Mention.gone_at.is_(None))
        .where(Mention.posted_at.is_(None) | (Mention.posted_at > since - FRESH))
        .where(Mention.posted_at.is_(None) | (Mention.posted_at >= func.coalesce(watched, Mention.posted_at)))
        .order_by(Assessment.assessed_at, Mention.id)
    )


def _read(mention: Mention, assessment: Assessment, source_kind: str) -> Counted:
    return Counted(
        mention_id=mention.id,
        at=assessment.assessed_at,
        negative=assessment.sentiment == "negative",
        source_kind=source_kind,
        topic=str(assessment.topics[0]["name"]) if assessment.topics else "",
        location=mention.location or "",
        language=assessment.language,
    )
