"""Cases by state, owner and what is due, page by page: what the list of the API and its exports have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args

from pydantic import Field
from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from alerts.messages.plain import one_line
from config.settings import Settings
from kintsugi.web.api.cursor import Paging, Place
from kintsugi.web.api.values import Moment, Sent, Shown, Word
from kintsugi.web.queries.open_cases import case_rows
from storage.case import OPEN_STATES, STATES, Case, CaseClock
from storage.listing import Listing
from storage.source import Source

State = Literal[
    "open", "all", "new", "acknowledged", "investigating", "answering", "resolved", "following_up", "closed"
]
assert get_args(State)[2:] == STATES


class CaseFilters(Sent):
    """What is looked for; what is not given is not asked."""

    state: State = "open"
    owner: Word | None = Field(default=None, description="A person id; `nobody` for what is free.")
    team: Word | None = None
    severity: Literal["none", "minor", "major", "critical"] | None = None
    outcome: Word | None = None
    due_before: Moment | None = Field(default=None, description="Open cases of which a clock runs out before.")

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on Case."""
        found: list[ColumnElement[bool]] = []
        if self.state == "open":
            found.append(Case.state.in_(OPEN_STATES))
        elif self.state != "all":
            found.append(Case.state == self.state)
        if self.owner is not None:
            found.append(Case.owner.is_(None) if self.owner == "nobody" else Case.owner == self.owner)
        known = ((Case.team, self.team), (Case.severity, self.severity), (Case.outcome, self.outcome))
        found += [column == value for column, value in known if value is not None]
        if self.due_before is not None:
            running = (CaseClock.met_at.is_(None), CaseClock.due_at < self.due_before)
            found += [Case.state.in_(OPEN_STATES), Case.id.in_(select(CaseClock.case_id).where(*running))]
        return found


class CaseQuery(CaseFilters, Paging):
    """The filters, the order, and which page."""

    order: Literal["opened", "due"] = Field(
        default="opened", description="opened: the newest first. due: open cases, what runs out next first."
    )


class CaseRow(Shown):
    """One case in a list."""

    ref: str
    severity: str
    state: str
    outcome: str | None
    owner: str | None
    owner_name: str | None
    team: str | None
    opened_at: datetime
    source: str | None
    place: str | None
    topic: str | None
    rating: float | None
    text: str
    next_clock: str | None
    due_at: datetime | None
    waiting: str | None
    cause: str | None


def case_places(
    session: Session, conditions: Sequence[ColumnElement[bool]], order: str, after: Place | None, limit: int
) -> list[Place]:
    """Where at most `limit` cases stand in this order, of those that come after a place."""
    if order == "due":
        return _by_due(session, conditions, after, limit)
    query = select(Case.id).where(*conditions)
    if after is not None:
        query = query.where(Case.id < after[1])
    return [(None, number) for number in session.scalars(query.order_by(Case.id.desc()).limit(limit))]


def rows_of(session: Session, ids: Sequence[int], settings: Settings) -> list[CaseRow]:
    """These cases in this order."""
    found = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(ids)))}
    cases = [found[number] for number in ids]
    sources: dict[int, str] = {
        mention: key
        for mention, key in session.execute(
            select(Listing.mention_id, Source.key)
            .join(Source, Source.id == Listing.source_id)
            .where(Listing.mention_id.in_([case.mention_id for case in cases]))
        )
    }
    return [
        CaseRow(
            ref=case.ref,
            severity=case.severity,
            state=case.state,
            outcome=case.outcome,
            owner=case.owner,
            owner_name=row.owner,
            team=case.team,
            opened_at=case.opened_at,
            source=sources.get(case.mention_id),
            place=row.location,
            topic=row.topic,
            rating=row.stars,
            text=one_line(row.text, 300),
            next_clock=row.clock.name if row.clock else None,
            due_at=row.clock.due_at if row.clock else None,
            waiting=row.waiting,
            cause=case.cause,
        )
        for case, row in zip(cases, case_rows(session, settings, cases), strict=True)
    ]


def _by_due(
    session: Session, conditions: Sequence[ColumnElement[bool]], after: Place | None, limit: int
) -> list[Place]:
    opened = select(Case.id).where(Case.state.in_(OPEN_STATES))
    due = (
        select(CaseClock.case_id, func.min(CaseClock.due_at).label("due_at"))
        .where(CaseClock.met_at.is_(None), CaseClock.case_id.in_(opened))
        .group_by(CaseClock.case_id)
        .subquery()
    )
    query = select(due.c.due_at, Case.id).join(due, due.c.case_id == Case.id).where(*conditions)
    if after is not None and after[0] is not None:
        query = query.where(tuple_(due.c.due_at, Case.id) > tuple_(*after))
    return [(at, number) for at, number in session.execute(query.order_by(due.c.due_at, Case.id).limit(limit))]
