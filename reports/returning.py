"""Who came back: customers who were won back beside those whom nothing went wrong for, and those who were lost.

The service recovery paradox says that the first may be the most loyal. Each customer is followed for the same 90 days:
from the outcome of their case, or from their first mention where nothing went wrong. Customers whose 90 days are not
over are not counted. Of a large group a fixed sample is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from reports.cohort import GOOD
from reports.period import Period
from reports.share import Mean, Share, mean_of
from storage.author import Author
from storage.case import Case
from storage.listing import Listing
from storage.mention import Mention, Revision
from storage.outcome import Outcome

FOLLOWED = timedelta(days=90)
YEAR = timedelta(days=365)
SAMPLE = 3000  # authors of each group that are read, at most about this many
BATCH = 500

GROUPS = ("recovered", "never_failed", "not_recovered")


class Visit(NamedTuple):
    """One mention of a customer who is followed, as it stands now."""

    at: datetime
    mood: str | None
    revision: int
    mention: int


@dataclass(frozen=True)
class Returned:
    """One group: how many wrote again within the 90 days, and what they then said."""

    came_back: Share
    positive: Share  # of those later mentions
    stars: Mean


@dataclass(frozen=True)
class Paradox:
    """The three groups, followed from a moment in `since` to `until`."""

    since: datetime
    until: datetime
    recovered: Returned
    never_failed: Returned
    not_recovered: Returned
    sampled: bool  # of a large group a fixed sample was read


def paradox(session: Session, period: Period) -> Paradox:
    """The table for the year of outcomes whose 90 days ended by the end of the period; the whole brand."""
    until = period.end - FOLLOWED
    later, sampled = _later(session, until)
    groups = {name: _returned(session, list(later[name].values())) for name in GROUPS}
    return Paradox(until - YEAR, until, **groups, sampled=sampled)


def came_back(session: Session, period: Period, group: str, what: str) -> list[int]:
    """The mentions behind the figures of one of GROUPS: `back` is the first later one of each customer who wrote again.

    `back_positive`: the positive ones of all that they wrote. `back_rated`: those with stars.
    """
    later, _ = _later(session, period.end - FOLLOWED)
    if what == "back":
        return [min(visits, key=lambda visit: visit.at).mention for visits in later[group].values() if visits]
    visits = [visit for one in later[group].values() for visit in one]
    if what == "back_positive":
        return [visit.mention for visit in visits if visit.mood == "positive"]
    rated = _stars(session, [visit.revision for visit in visits])
    return [visit.mention for visit in visits if visit.revision in rated]


def _later(session: Session, until: datetime) -> tuple[dict[str, dict[int, list[Visit]]], bool]:
    """By group and author what they wrote in their 90 days, and whether samples were read."""
    since = until - YEAR
    one_in = max(1, (session.scalar(select(func.max(Case.id))) or 0) // (2 * SAMPLE))
    good, bad = _failed(session, since, until, one_in)
    every, whole = _never_failed(session)
    said = _mentions(session, sorted(good.keys() | bad.keys() | whole))
    first = {author: min(visit.at for visit in said[author]) for author in whole if said.get(author)}
    calm = {author: at for author, at in first.items() if since <= at < until}
    followed = {
        name: {
            author: [visit for visit in said.get(author, []) if at < visit.at <= at + FOLLOWED]
            for author, at in group.items()
        }
        for name, group in zip(GROUPS, (good, calm, bad), strict=True)
    }
    return followed, max(every, one_in) > 1


def _failed(
    session: Session, since: datetime, until: datetime, one_in: int
) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """Authors with a case by how it ended, with the moment of that finding: recovered ones and the others.

    Who was let down more than once counts by the last finding, and each case by its newest one. Cases without an
    outcome are not decided. Of all authors one in so many is read, always the same ones.
    """
    rows = session.execute(
        select(Case.author_id, Case.id, Outcome.name, Outcome.found_at, Outcome.id)
        .join(Case, Case.id == Outcome.case_id)
        .where(Case.author_id % one_in == 0, Case.merged_into.is_(None), Outcome.found_at < until)
        .order_by(Outcome.id)
    )
    newest = {case_id: (at, number, author, name) for author, case_id, name, at, number in rows}
    found: dict[int, tuple[bool, datetime]] = {}
    for at, _, author, outcome in sorted(newest.values()):
        if author is not None and at >= since and outcome != "not_a_case":
            found[author] = (outcome in GOOD, at)
    good = {author: at for author, (recovered, at) in found.items() if recovered}
    return good, {author: at for author, (recovered, at) in found.items() if not recovered}


def _never_failed(session: Session) -> tuple[int, set[int]]:
    """One in `every` of the authors without any case, but for dismissed ones."""
    last = session.scalar(select(func.max(Author.id))) or 0
    every = max(1, last // SAMPLE)
    case = select(Case.id).where(Case.author_id == Author.id, or_(Case.outcome.is_(None), Case.outcome != "not_a_case"))
    calm = select(Author.id).where(Author.erased_at.is_(None), ~case.exists())
    found: set[int] = set()
    chosen = range(every, last + 1, every)
    for start in range(0, len(chosen), BATCH):
        found.update(session.scalars(calm.where(Author.id.in_(chosen[start : start + BATCH]))))
    return every, found


def _mentions(session: Session, authors: list[int]) -> dict[int, list[Visit]]:
    found: dict[int, list[Visit]] = {}
    for start in range(0, len(authors), BATCH):
        rows = session.execute(
            select(Mention.author_id, Listing.at, Listing.sentiment, Listing.revision_id, Listing.mention_id)
            .join(Listing, Listing.mention_id == Mention.id)
            .where(Mention.author_id.in_(authors[start : start + BATCH]))
        )
        for author, at, mood, revision, mention in rows:
            assert author is not None
            found.setdefault(author, []).append(Visit(at, mood, revision, mention))
    return found


def _stars(session: Session, revisions: list[int]) -> dict[int, float]:
    """Of those that have some. Few of all visits count: only theirs are looked up."""
    found: dict[int, float] = {}
    for start in range(0, len(revisions), BATCH):
        some = Revision.id.in_(revisions[start : start + BATCH])
        rows = session.execute(select(Revision.id, Revision.rating).where(some, Revision.rating.is_not(None)))
        found |= {revision: stars for revision, stars in rows if stars is not None}
    return found


def _returned(session: Session, later: list[list[Visit]]) -> Returned:
    visits = [visit for one in later for visit in one]
    assessed = [visit.mood for visit in visits if visit.mood is not None]
    stars = _stars(session, [visit.revision for visit in visits])
    return Returned(
        Share(sum(bool(one) for one in later), len(later)),
        Share(assessed.count("positive"), len(assessed)),
        mean_of(list(stars.values())),
    )
