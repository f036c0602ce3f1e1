"""Voices in their own words: the worst and the best of a period, masked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from reports.period import Period
from reports.scope import Scope, during, within
from storage.assessment import SEVERITIES, Assessment
from storage.case import Case
from storage.listing import Listing
from storage.mention import Mention, Revision
from storage.source import Source

LONGEST = 160  # characters
Mask = Callable[[str], str]  # takes personal data out of a text


@dataclass(frozen=True)
class Quote:
    """What one person wrote. `text` is masked and cut, and still public text: whoever shows it escapes it."""

    mention_id: int
    text: str
    source: str
    place: str | None
    topic: str | None
    stars: float | None
    at: datetime
    url: str | None  # only http and https
    case_id: int | None


def worst(session: Session, period: Period, scope: Scope, mask: Mask, count: int = 3) -> list[Quote]:
    """The gravest negative mentions, then the surest; one of a person."""
    grave = case(*((Listing.severity == name, rank) for rank, name in enumerate(SEVERITIES)), else_=0)
    return _quotes(session, period, scope, mask, count, "negative", grave.desc(), Assessment.negative.desc())


def best(session: Session, period: Period, scope: Scope, mask: Mask, count: int = 2) -> list[Quote]:
    """The positive mentions with most stars, then the surest; one of a person."""
    return _quotes(
        session, period, scope, mask, count, "positive", Listing.stars.is_(None), Listing.stars.desc(),
        Assessment.positive.desc(),
    )  # fmt: skip


def _quotes(
    session: Session, period: Period, scope: Scope, mask: Mask, count: int, mood: str, *order: object
) -> list[Quote]:
    chosen = (
        select(Listing.mention_id)
        .join(Assessment, Assessment.revision_id == Listing.revision_id)
        .where(Listing.sentiment == mood, Listing.gone.is_(False), *during(period), *within(period, scope))
        .order_by(*order, Listing.mention_id)  # type: ignore[arg-type]
        .limit(count * 4)
    )
    ids = list(session.scalars(chosen))
    rows = session.execute(
        select(Mention, Listing, Revision, Source.key, Assessment.evidence, Case.id)
        .join(Listing, Listing.mention_id == Mention.id)
        .join(Revision, Revision.id == Listing.revision_id)
        .join(Source, Source.id == Mention.source_id)
        .join(Assessment, Assessment.revision_id == Revision.id)
        .outerjoin(Case, Case.mention_id == Mention.id)
        .where(Mention.id.in_(ids))
    )
    found: list[Quote] = []
    people: set[int] = set()
    for mention, listed, said, source, evidence, case_id in sorted(rows, key=lambda row: ids.index(row[0].id)):
        text = shortened(_sentence(mask(said.text), evidence))
        if not text or mention.author_id in people:
            continue
        if mention.author_id is not None:
            people.add(mention.author_id)
        link = mention.url if (mention.url or "").startswith(("https://", "http://")) else None
        found.append(
            Quote(mention.id, text, source, listed.location, listed.topic, said.rating, listed.at, link, case_id)
        )
    return found[:count]


def _sentence(masked: str, evidence: dict[str, object]) -> str:
    """A short text whole; of a long one from the deciding sentence on, where masking left that as it was."""
    start = masked.find(str(evidence.get("text") or ""))
    return masked if len(masked) <= LONGEST or start <= 0 else "…" + masked[start:]


def shortened(text: str) -> str:
    """One line of at most LONGEST characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
