"""Cases as a list: what is due first comes first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from storage.case import OPEN_STATES, Case, clocks_of
from storage.mention import latest_revision


def case_lines(session: Session, settings: Settings, state: str | None = None) -> list[dict[str, Any]]:
    """One dict a case: ref, severity, state, owner, next_clock, due_at, text (its beginning), outcome.

    `state` None: all open ones; `all`: every case. Cases whose clocks stand come last.
    """
    query = select(Case).order_by(Case.id)
    if state != "all":
        query = query.where(Case.state == state) if state else query.where(Case.state.in_(OPEN_STATES))
    rows = [_line(session, case, settings) for case in session.scalars(query)]
    return sorted(rows, key=lambda row: (row["due_at"] is None, row["due_at"] or 0, row["ref"]))


def _line(session: Session, case: Case, settings: Settings) -> dict[str, Any]:
    running = [clock for clock in clocks_of(session, case.id) if clock.met_at is None]
    person = settings.people.get(case.owner or "")
    text = " ".join(latest_revision(session, case.mention_id).text.split())
    return {
        "ref": case.ref,
        "severity": case.severity,
        "state": case.state,
        "owner": person.name if person else case.owner,
        "next_clock": running[0].name if running else None,
        "due_at": running[0].due_at.astimezone(settings.brand.zone) if running else None,
        "outcome": case.outcome,
        "text": text if len(text) <= 60 else text[:59] + "…",
    }
