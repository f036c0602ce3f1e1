"""Rating uplift: did reviews that were answered rise more than those that nobody answered?

The same question to both: reviews of at most three stars, posted in the same window. Answered ones are compared with
what they said when the answer came, the others with what they said first. The difference is no proof: who is answered
is no draw of lots.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from reports.period import Period
from reports.scope import Scope, within
from reports.share import Mean, Share, mean_of
from storage.case import Case
from storage.draft import Reply
from storage.listing import Listing
from storage.mention import Mention, Revision

WINDOW = 90  # days: an edit takes weeks to come
LOW = 3.0  # stars


@dataclass(frozen=True)
class Change:
    """Reviews of one group: how many rose, and the mean change in stars."""

    raised: Share
    stars: Mean


@dataclass(frozen=True)
class Uplift:
    """Answered reviews beside the base rate of unanswered ones, of the days `window`."""

    window: Period
    answered: Change
    unanswered: Change

    @property
    def difference(self) -> float | None:
        """Mean change of answered reviews minus that of the others, in stars."""
        if self.answered.stars.mean is None or self.unanswered.stars.mean is None:
            return None
        return self.answered.stars.mean - self.unanswered.stars.mean

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % of the difference (Welch, by the normal curve); None where a group has fewer than two reviews."""
        one, other = self.answered.stars, self.unanswered.stars
        if self.difference is None or one.deviation is None or other.deviation is None:
            return None
        reach = 1.96 * (one.deviation**2 / one.count + other.deviation**2 / other.count) ** 0.5
        return self.difference - reach, self.difference + reach


def rating_uplift(session: Session, period: Period, scope: Scope) -> Uplift:
    """The uplift of the reviews posted in the 90 days that end with the period (in the period, if that is longer)."""
    window = period if len(period.days) >= WINDOW else period.lasting(WINDOW)
    rows = _low_reviews(session, window, scope)
    edited = _said(session, [row.mention_id for row in rows if row.latest > 1])
    answered: list[float] = []
    unanswered: list[float] = []
    for row in rows:
        at = _earlier(row.ours, row.theirs)
        change = _change(edited[row.mention_id], at) if row.latest > 1 else 0.0
        (unanswered if at is None else answered).append(change)
    return Uplift(window, _of(answered), _of(unanswered))


@dataclass(frozen=True)
class _Low:
    mention_id: int
    latest: int
    ours: datetime | None
    theirs: datetime | None


def _low_reviews(session: Session, window: Period, scope: Scope) -> list[_Low]:
    first, latest = aliased(Revision), aliased(Revision)
    ours = (
        select(Case.mention_id, func.min(Reply.posted_at).label("at"))
        .join(Reply, Reply.case_id == Case.id)
        .where(Reply.posted_at.is_not(None))
        .group_by(Case.mention_id)
        .subquery()
    )
    rows = session.execute(
        select(Listing.mention_id, latest.number, ours.c.at, Mention.reply_at)
        .join(latest, latest.id == Listing.revision_id)
        .join(first, (first.mention_id == Listing.mention_id) & (first.number == 1))
        .join(Mention, Mention.id == Listing.mention_id)
        .outerjoin(ours, ours.c.mention_id == Listing.mention_id)
        .where(Listing.kind == "review", Listing.stars.is_not(None), first.rating <= LOW, *within(window, scope))
    )
    return [_Low(*row) for row in rows]


def _said(session: Session, mention_ids: list[int]) -> dict[int, list[tuple[datetime, float]]]:
    """Of each edited review its ratings in order, with the moment of each."""
    found: dict[int, list[tuple[datetime, float]]] = {mention_id: [] for mention_id in mention_ids}
    for start in range(0, len(mention_ids), 500):
        rows = session.execute(
            select(Revision.mention_id, Revision.edited_at, Revision.seen_at, Revision.rating)
            .where(Revision.mention_id.in_(mention_ids[start : start + 500]), Revision.rating.is_not(None))
            .order_by(Revision.mention_id, Revision.number)
        )
        for mention_id, edited_at, seen_at, rating in rows:
            assert rating is not None
            found[mention_id].append((edited_at or seen_at, rating))
    return found


def _change(said: list[tuple[datetime, float]], answered_at: datetime | None) -> float:
    """From what it said when the answer came (first, where none came) to what it says now."""
    if answered_at is None:
        return said[-1][1] - said[0][1]
    before = [rating for at, rating in said[1:] if at <= answered_at]
    return said[-1][1] - (before[-1] if before else said[0][1])


def _of(changes: Iterable[float]) -> Change:
    values = list(changes)
    return Change(Share(sum(value > 0 for value in values), len(values)), mean_of(values))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [at for at in (one, other) if at is not None]
    return min(known) if known else None
