"""The mentions behind a figure of a report, by the name in its link: `severity:critical`, `tasks_open:process`.

The same rules as those by which the figures are counted, said as conditions, so that a list shows exactly them. What is
counted more than once in a case (tasks, offers) shows its mention once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from reports.behind_deeds import Deeds
from reports.cohort import GOOD
from reports.incidents import mentions_of_spike
from reports.period import Period
from reports.returning import GROUPS, came_back
from reports.speed import CLOCKS, MOVES
from reports.uplift import MOST_LISTED, low_reviews, raised_reviews
from storage.case import Case, CaseClock
from storage.draft import Reply
from storage.event import Event
from storage.listing import Listing
from storage.spike import Spike

Days = Literal["opened", "done", "posted", "followed", "now", "surge"]
ANSWERED = {"answered": True, "unanswered": False}
_DAYS: dict[str, Days] = {
    **dict.fromkeys(("open", "overdue", "tasks_open", "tasks_overdue"), "now"),
    **dict.fromkeys(("tasks_made", "tasks_done", "offers", "offers_standing", "offers_redeemed", "won_back"), "done"),
    **dict.fromkeys(("asked", "said_recovered", "said_satisfied", "said_nps"), "done"),
    **dict.fromkeys(("low", "raised"), "posted"),
    **dict.fromkeys(("spike", "spike_negative"), "surge"),
    **dict.fromkeys(("back", "back_positive", "back_rated"), "followed"),
}
_TRUE_ONES = or_(Case.outcome.is_(None), Case.outcome != "not_a_case")


def behind(
    session: Session, named: str, since: datetime | None, until: datetime | None, at: datetime
) -> ColumnElement[bool]:
    """The mentions that a figure of these days counts, as a condition on Listing. A name that is none has no mentions.

    What the days are about says `days_of`; `at` is now, for what is open or overdue.
    """
    kind, _, value = named.partition(":")
    if days_of(named) == "opened":
        found = select(Case.mention_id).where(Case.merged_into.is_(None), _of(kind, value))
        found = found if since is None else found.where(Case.opened_at >= since)
        return Listing.mention_id.in_(found if until is None else found.where(Case.opened_at < until))
    if days_of(named) in ("done", "now"):
        return Listing.mention_id.in_(Deeds(since, until, at).mentions(kind, value))
    if days_of(named) == "surge":
        spike = session.get(Spike, int(value)) if value.isdecimal() and len(value) < 10 else None
        counted = None if spike is None else mentions_of_spike(spike, at, negative=kind == "spike_negative")
        return false() if counted is None else Listing.mention_id.in_(counted)
    if since is None or until is None or since >= until:
        return false()
    period = Period(since, until, UTC)
    match kind:
        case "low":
            return low_reviews(session, period, ANSWERED.get(value))
        case "raised" if value in ANSWERED:
            return _among(raised_reviews(session, period, answered=ANSWERED[value]))
        case "back" | "back_positive" | "back_rated" if value in GROUPS:
            return _among(came_back(session, period, value, kind))
    return false()


def days_of(named: str) -> Days:
    """What the days of a link are about: the cases that were opened, what was done, reviews posted, customers."""
    return _DAYS.get(named.partition(":")[0], "opened")


def _among(ids: list[int]) -> ColumnElement[bool]:
    """Of very many the newest: a statement of SQLite takes no more, and nobody reads so far."""
    return Listing.mention_id.in_(sorted(ids)[-MOST_LISTED:])


def _of(kind: str, value: str = "") -> ColumnElement[bool]:
    match kind:
        case "all":
            return true()
        case "severity":
            return Case.severity == value
        case "outcome":
            return Case.outcome.is_(None) if value == "open" else Case.outcome == value
        case "cause":
            return or_(*(_caused_by(one) for one in value.split(",")))
        case "flagged":
            return _TRUE_ONES
        case "recovered":
            return Case.outcome.in_(GOOD)
        case "reached" if value in MOVES:
            return _TRUE_ONES & _reached(value)
        case "in_time" if value in CLOCKS:
            return _TRUE_ONES & _in_time(CLOCKS[value])
        case "repeat":
            return _TRUE_ONES & _came_before()
    return false()


def _caused_by(cause: str) -> ColumnElement[bool]:
    return or_(Case.cause == cause, Case.cause.startswith(f"{cause}:", autoescape=True))


def _reached(state: str) -> ColumnElement[bool]:
    if not MOVES[state]:
        return exists().where(Reply.case_id == Case.id, Reply.posted_at.is_not(None))
    return exists().where(Event.case_id == Case.id, Event.kind.in_(MOVES[state]))


def _in_time(clock: str) -> ColumnElement[bool]:
    return exists().where(CaseClock.case_id == Case.id, CaseClock.name == clock, CaseClock.met_at <= CaseClock.due_at)


def _came_before() -> ColumnElement[bool]:
    earlier = aliased(Case)
    true_one = or_(earlier.outcome.is_(None), earlier.outcome != "not_a_case")
    return exists().where(
        earlier.author_id == Case.author_id, earlier.id < Case.id, earlier.merged_into.is_(None), true_one
    )
