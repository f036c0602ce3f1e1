"""Mentions by filters, page by page: what the list of the API and its exports have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from alerts.messages.plain import public
from kintsugi.web.api.cursor import Paging, Place
from kintsugi.web.api.values import Sent, Shown, When, Word, begins, ends
from kintsugi.web.queries.filters import Filters
from kintsugi.web.queries.mentions import Found, conditions_of, read_mentions
from reports.behind import behind
from storage.listing import Listing

Sentiment = Literal["negative", "neutral", "positive"]
Severity = Literal["none", "minor", "major", "critical"]
LONGEST = 10_000  # characters of a text that are shown


class MentionFilters(Sent):
    """What is looked for; what is not given is not asked. Days are days of the brand's time zone, both counted in."""

    text: Word | None = Field(default=None, description="Words that must all be in title or text.")
    sentiment: Sentiment | None = None
    severity: Severity | None = None
    topic: Word | None = None
    about: Word | None = Field(default=None, description="The strongest topic, by which figures count.")
    cause: Word | None = Field(default=None, description="The cause of its case, or the branch of it.")
    cases: Word | None = Field(
        default=None,
        description="Which figure of a report counts them, as its links have it, such as `severity:critical`, "
        "`reached:resolved`, `tasks_open:process`; `since` and `until` are then about when the cases were opened, or "
        "about when it was done.",
    )
    version: Word | None = Field(default=None, description="The version of the product.")
    kind: Literal["review", "post"] | None = None
    source: Word | None = None
    place: Word | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    language: Word | None = None
    since: When | None = None
    until: When | None = None

    def conditions(self, session: Session, zone: ZoneInfo, at: datetime) -> list[ColumnElement[bool]]:
        """As conditions on Listing; `at` is now."""
        known = Filters(
            q=self.text or "",
            sentiment=self.sentiment or "",
            severity=self.severity or "",
            topic=self.topic or "",
            about=self.about or "",
            version=self.version or "",
            cause=self.cause or "",
            kind=self.kind or "",
            source=self.source or "",
            place=self.place or "",
            stars=str(self.rating or ""),
            language=self.language or "",
        )
        found = conditions_of(session, known, zone, at)
        since, until = begins(self.since, zone), ends(self.until, zone)
        if self.cases:
            return [*found, behind(session, self.cases, since, until, at)]
        if since is not None:
            found.append(Listing.at >= since)
        if until is not None:
            found.append(Listing.at < until)
        return found


class MentionQuery(MentionFilters, Paging):
    """The filters, and which page."""


class MentionRow(Shown):
    """One mention, personal data masked. Sentiment, severity and topics are as people corrected them."""

    id: int
    at: datetime = Field(description="When it was posted; when it was first seen, where the source does not say.")
    source: str
    title: str | None
    text: str
    rating: float | None
    language: str | None
    place: str | None
    sentiment: str | None
    severity: str | None
    topics: list[str]
    url: str | None
    gone: bool
    case: str | None
    case_state: str | None


def mention_ids(
    session: Session, conditions: Sequence[ColumnElement[bool]], after: Place | None, limit: int
) -> list[tuple[datetime, int]]:
    """Moments and ids of at most `limit` mentions, the newest first, of those that come after a place."""
    query = select(Listing.at, Listing.mention_id).where(*conditions)
    if after is not None and after[0] is not None:
        query = query.where(tuple_(Listing.at, Listing.mention_id) < tuple_(*after))
    query = query.order_by(Listing.at.desc(), Listing.mention_id.desc()).limit(limit)
    return [(at, number) for at, number in session.execute(query)]


def mention_rows(session: Session, ids: Sequence[int]) -> list[MentionRow]:
    """These mentions, the newest first."""
    return [shown_mention(one) for one in read_mentions(session, list(ids))]


def shown_mention(found: Found) -> MentionRow:
    """One of them as callers see it."""
    return MentionRow(
        id=found.id,
        at=found.at,
        source=found.source,
        title=public(found.title, 500) if found.title else None,
        text=public(found.text, LONGEST),
        rating=found.rating,
        language=found.language,
        place=found.location,
        sentiment=found.sentiment,
        severity=found.severity,
        topics=list(found.topics),
        url=found.url,
        gone=found.gone,
        case=f"K-{found.case_id}" if found.case_id is not None else None,
        case_state=found.case_state,
    )
