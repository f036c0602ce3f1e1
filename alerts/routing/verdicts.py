"""Writes down why receivers were told, or why not: what `why` answers from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage.group import Verdict, verdicts_of

_AT_ONCE = 500  # ids in one query


def note_verdict(session: Session, case_id: int, receiver: str, told: bool, reason: str, at: datetime) -> None:
    """One verdict, unless it was the last one already."""
    note_verdicts(session, receiver, [(case_id, told, reason)], at)


def note_verdicts(
    session: Session, receiver: str, found: Sequence[tuple[int, bool, str]], at: datetime
) -> dict[int, str]:
    """(case, told, reason) of many cases. What only repeats the last verdict on a case adds no row.

    Returns the reasons that are new, by case.
    """
    last: dict[int, tuple[bool, str]] = {}
    for cases in _portions([case_id for case_id, _, _ in found]):
        query = select(Verdict.case_id, Verdict.told, Verdict.reason)
        query = query.where(Verdict.case_id.in_(cases), Verdict.receiver == receiver).order_by(Verdict.id)
        last |= {case_id: (told, reason) for case_id, told, reason in session.execute(query)}
    rows: list[dict[str, Any]] = [
        {"case_id": case_id, "receiver": receiver, "told": told, "reason": reason, "at": at}
        for case_id, told, reason in found
        if last.get(case_id) != (told, reason)
    ]
    if rows:
        session.execute(insert(Verdict), rows)
    return {row["case_id"]: row["reason"] for row in rows}


def told_lines(session: Session, case_id: int) -> list[str]:
    """The verdicts on a case, one line each: `social was told: first`, `social was not told: silenced:3`."""
    return [
        f"{verdict.receiver} was {'' if verdict.told else 'not '}told: {verdict.reason}"
        f" ({verdict.at.isoformat(timespec='seconds')})"
        for verdict in verdicts_of(session, case_id)
    ]


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
