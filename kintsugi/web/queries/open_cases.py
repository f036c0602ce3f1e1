"""The open cases by what is due, read set by set: as many questions for a thousand cases as for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from storage.case import OPEN_STATES, Case, CaseClock, Waiting
from storage.listing import Listing
from storage.mention import Revision


@dataclass(frozen=True, slots=True)
class NextClock:
    """The clock of a case that runs out first."""

    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a list shows it. `text` is raw: templates mask and cut it."""

    id: int
    ref: str
    severity: str
    state: str
    owner: str | None
    text: str
    stars: float | None
    topic: str | None
    location: str | None
    clock: NextClock | None
    waiting: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases are open, belong to nobody, are overdue, and fall due within a day."""

    open: int
    unclaimed: int
    overdue: int
    due_today: int


def open_counts(session: Session, at: datetime, tomorrow: datetime) -> Counts:
    """Counts over all open cases."""
    due = _due().subquery()
    row = session.execute(
        select(
            func.count(),
            func.sum(case((Case.owner.is_(None), 1), else_=0)),
            func.sum(case((due.c.due_at < at, 1), else_=0)),
            func.sum(case((due.c.due_at.between(at, tomorrow), 1), else_=0)),
        )
        .select_from(Case)
        .outerjoin(due, due.c.case_id == Case.id)
        .where(Case.state.in_(OPEN_STATES))
    ).one()
    return Counts(*(int(value or 0) for value in row))


def open_cases(
    session: Session, settings: Settings, limit: int, of: Sequence[ColumnElement[bool]] = ()
) -> list[CaseRow]:
    """Open cases, the next due first; those whose clocks all stand come last. `of` narrows them."""
    due = _due().subquery()
    query = (
        select(Case)
        .outerjoin(due, due.c.case_id == Case.id)
        .where(Case.state.in_(OPEN_STATES), *of)
        .order_by(due.c.due_at.is_(None), due.c.due_at, Case.id)
        .limit(limit)
    )
    return case_rows(session, settings, list(session.scalars(query)))


def case_rows(session: Session, settings: Settings, cases: Sequence[Case]) -> list[CaseRow]:
    """What lists show of these cases, in their order."""
    ids = [one.id for one in cases]
    clocks: dict[int, NextClock] = {}
    running = select(CaseClock).where(CaseClock.case_id.in_(ids), CaseClock.met_at.is_(None))
    for clock in session.scalars(running.order_by(CaseClock.due_at.desc())):
        clocks[clock.case_id] = NextClock(clock.name, clock.due_at)
    waits = select(Waiting.case_id, Waiting.what).where(Waiting.case_id.in_(ids), Waiting.ended_at.is_(None))
    waiting: dict[int, str] = dict(session.execute(waits).all())
    said = {
        row.mention_id: row
        for row in session.execute(
            select(Listing.mention_id, Listing.topic, Listing.location, Revision.text, Revision.title, Revision.rating)
            .join(Revision, Revision.id == Listing.revision_id)
            .where(Listing.mention_id.in_([one.mention_id for one in cases]))
        )
    }
    return [_row(one, said.get(one.mention_id), clocks.get(one.id), waiting.get(one.id), settings) for one in cases]


def _row(one: Case, said: object, clock: NextClock | None, waiting: str | None, settings: Settings) -> CaseRow:
    person = settings.people.get(one.owner or "")
    title, text = getattr(said, "title", None), getattr(said, "text", "")
    return CaseRow(
        id=one.id,
        ref=one.ref,
        severity=one.severity,
        state=one.state,
        owner=person.name if person else one.owner,
        text=f"{title} – {text}" if title else text,
        stars=getattr(said, "rating", None),
        topic=getattr(said, "topic", None),
        location=getattr(said, "location", None),
        clock=clock,
        waiting=waiting,
    )


def _due() -> Select[int, datetime]:
    """Of each open case, which are few among all, the clock that runs out first."""
    return (
        select(CaseClock.case_id, func.min(CaseClock.due_at).label("due_at"))
        .join(Case, Case.id == CaseClock.case_id)
        .where(Case.state.in_(OPEN_STATES), CaseClock.met_at.is_(None))
        .group_by(CaseClock.case_id)
    )
