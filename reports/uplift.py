"""Rating uplift: did reviews that were answered rise more than those that nobody answered?

The same question to both: reviews of at most three stars, posted in the same window. Answered ones are compared with
what they said when the answer came, the others with what they said first. The difference is no proof: who is answered
is no draw of lots.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from reports.period import Period
from reports.scope import Scope, during, of_part
from reports.share import Mean, Share, mean_from
from storage.case import Case
from storage.draft import Reply
from storage.listing import Listing
from storage.mention import EDITED, Mention, Revision

WINDOW = 90  # days: an edit takes weeks to come
LOW, STARS = 3.5, (1, 2, 3)  # below it a rating is three stars or fewer, as the listing rounds it
MOST_LISTED = 20_000  # ids in one statement, of which SQLite takes some thousand more
EARLY = timedelta(days=1)  # what came of a mention came after it was posted, but for a clock of a source that is ahead


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
    never = select(func.count(), func.sum(case((_answered(window), 1), else_=0))).select_from(Listing)
    whole, part = session.execute(
        never.join(Mention, Mention.id == Listing.mention_id).where(*_never_edited(window), *of_part(scope))
    ).one()
    still = {True: int(part or 0), False: whole - int(part or 0)}
    changes: dict[bool, list[float]] = {True: [], False: []}
    for one in _edited(session, window, scope):
        changes[one.answered].append(one.change)
    return Uplift(window, _of(changes[True], still[True]), _of(changes[False], still[False]))


def raised_reviews(session: Session, window: Period, *, answered: bool) -> list[int]:
    """The mentions that `raised.part` of a group counts, of the whole brand."""
    edited = _edited(session, window, Scope())
    return [one.mention_id for one in edited if one.answered == answered and one.change > 0]


def low_reviews(session: Session, window: Period, answered: bool | None) -> ColumnElement[bool]:
    """The mentions that `raised.whole` of a group counts, as a condition on Listing; None: of both groups."""
    edited = [one.mention_id for one in _edited(session, window, Scope()) if answered in (None, one.answered)]
    never = select(Listing.mention_id).join(Mention, Mention.id == Listing.mention_id).where(*_never_edited(window))
    if answered is not None:
        never = never.where(_answered(window) if answered else ~_answered(window))
    return Listing.mention_id.in_(sorted(edited)[-MOST_LISTED:]) | Listing.mention_id.in_(never)


@dataclass(frozen=True)
class _Edited:
    """A review that was edited: by how many stars it changed since it was answered, or else since it was posted."""

    mention_id: int
    answered: bool
    change: float


def _never_edited(window: Period) -> list[ColumnElement[bool]]:
    """Low reviews that say what they always said, as conditions on Listing. They are many, so they are only counted."""
    low = [Listing.kind == "review", Listing.stars.in_(STARS), *during(window)]
    return [*low, Listing.mention_id.not_in(_ever_edited(window))]


def _answered(window: Period) -> ColumnElement[bool]:
    """Whether the owner replied, on the site or through a case, as a condition on Mention."""
    ours = select(Case.mention_id).join(Reply, Reply.case_id == Case.id)
    ours = ours.where(Reply.posted_at.is_not(None), Case.opened_at >= window.start - EARLY)
    return or_(Mention.reply_at.is_not(None), Mention.id.in_(ours))


def _edited(session: Session, window: Period, scope: Scope) -> list[_Edited]:
    first = aliased(Revision)
    ours = (
        select(func.min(Reply.posted_at))
        .join(Case, Case.id == Reply.case_id)
        .where(Case.mention_id == Listing.mention_id, Reply.posted_at.is_not(None))
        .scalar_subquery()
    )
    at = func.coalesce(Listing.at, Listing.at)  # few were edited: no index shall begin with all of the period
    rows = session.execute(
        select(Listing.mention_id, ours, Mention.reply_at)
        .join(first, (first.mention_id == Listing.mention_id) & (first.number == 1))
        .join(Mention, Mention.id == Listing.mention_id)
        .where(Listing.mention_id.in_(_ever_edited(window)), at >= window.start, at < window.end, *of_part(scope))
        .where(Listing.kind == "review", Listing.stars.is_not(None), first.rating < LOW)
    ).all()
    said = _said(session, [mention_id for mention_id, _, _ in rows])
    found = []
    for mention_id, by_case, on_site in rows:
        at_first = _earlier(by_case, on_site)
        found.append(_Edited(mention_id, at_first is not None, _change(said[mention_id], at_first)))
    return found


def _ever_edited(window: Period) -> Select[int]:
    """The mentions of the window that were edited, and some of others."""
    return select(Revision.mention_id).where(EDITED, Revision.seen_at >= window.start - EARLY)


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


def _of(changes: list[float], still: int) -> Change:
    """Of the changes of edited reviews, and of so many that were never edited."""
    whole = len(changes) + still
    stars = mean_from(whole, sum(changes), sum(change * change for change in changes))
    return Change(Share(sum(change > 0 for change in changes), whole), stars)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [at for at in (one, other) if at is not None]
    return min(known) if known else None
