"""The cases that a figure of a report counts, by the name in its link: `severity:critical`, `reached:resolved`.

The same rules as in reports/cohort.py and reports/speed.py, said as conditions, so that a list shows exactly them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from reports.cohort import GOOD
from reports.speed import MOVES
from reports.words import Words
from storage.case import Case
from storage.draft import Reply
from storage.event import Event

_TRUE_ONES = or_(Case.outcome.is_(None), Case.outcome != "not_a_case")


def counted_cases(named: str, since: datetime | None, until: datetime | None) -> Select[int]:
    """The mentions of the cases of this name that were opened in this time. A name that is none has no mentions."""
    found = select(Case.mention_id).where(Case.merged_into.is_(None), _of(*named.split(":", 1)))
    if since is not None:
        found = found.where(Case.opened_at >= since)
    return found if until is None else found.where(Case.opened_at < until)


def counted_said(named: str, say: Words) -> str:
    """The name in words, as the report says them."""
    kind, _, value = named.partition(":")
    match kind:
        case "severity" | "outcome" | "cause" if value:
            return say.name(kind, value)
        case "reached" if value in MOVES:
            return say(f"times.{value}") if value in ("acknowledged", "closed") else say(f"funnel.{value}")
        case "flagged" | "recovered":
            return say(f"funnel.{kind}")
        case "repeat":
            return say("recovery.repeat")
    return say("cases.sum")


def _of(kind: str, value: str = "") -> ColumnElement[bool]:
    match kind:
        case "all":
            return true()
        case "severity":
            return Case.severity == value
        case "outcome":
            return Case.outcome.is_(None) if value == "open" else Case.outcome == value
        case "cause":
            return or_(Case.cause == value, Case.cause.startswith(f"{value}:", autoescape=True))
        case "flagged":
            return _TRUE_ONES
        case "recovered":
            return Case.outcome.in_(GOOD)
        case "reached" if value in MOVES:
            return _TRUE_ONES & _reached(value)
        case "repeat":
            return _TRUE_ONES & _came_before()
    return false()


def _reached(state: str) -> ColumnElement[bool]:
    if not MOVES[state]:
        return exists().where(Reply.case_id == Case.id, Reply.posted_at.is_not(None))
    return exists().where(Event.case_id == Case.id, Event.kind.in_(MOVES[state]))


def _came_before() -> ColumnElement[bool]:
    earlier = aliased(Case)
    true_one = or_(earlier.outcome.is_(None), earlier.outcome != "not_a_case")
    return exists().where(
        earlier.author_id == Case.author_id, earlier.id < Case.id, earlier.merged_into.is_(None), true_one
    )
