"""Merging: several mentions of one failure become one case; splitting takes one out again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from config.settings import Settings
from responder.cases.refused import Refused
from responder.cases.transitions import SYSTEM, Moved, move
from storage.assessment import severity_rank
from storage.case import Case
from storage.event import append_event


def merge(session: Session, case: Case, into: Case, *, actor: str, at: datetime) -> Moved | Refused:
    """Closes `case` as a part of `into`, which takes over the graver severity. Both timelines tell it.

    What belongs to the merged case (replies, notes, offers) stays with it and counts as it did.
    """
    if into.id == case.id:
        return Refused("same_case", f"{case.ref} cannot be merged into itself")
    if into.merged_into is not None:
        return Refused("merged", f"{into.ref} is part of K-{into.merged_into}: merge into that one")
    if into.state == "closed":
        return Refused("closed", f"{into.ref} is closed: re-open it, or merge the other way")
    moved = move(session, case, "merge", actor=actor, at=at, into=into.id)
    if isinstance(moved, Refused):
        return moved
    data: dict[str, object] = {"case": case.id}
    if severity_rank(case.severity) > severity_rank(into.severity):
        data |= {"raised_from": into.severity, "severity": case.severity}
        into.severity = case.severity
        into.labels = into.labels | {"severity": case.severity}
    append_event(session, into.id, "merged_in", actor=actor, at=at, data=data)
    return moved


def split(
    session: Session, case: Case, *, actor: str, at: datetime, settings: Settings, reason: str
) -> Moved | Refused:
    """Takes a merged case out again: it is investigated on its own."""
    if case.merged_into is None:
        return Refused("not_merged", f"{case.ref} is not part of another case")
    if actor == SYSTEM:
        return Refused("not_yours", "a person splits cases")
    if not reason.strip():
        return Refused("needs_reason", "say in a few words why it is a case of its own")
    whole, case.merged_into = case.merged_into, None
    moved = move(session, case, "reopen", actor=actor, at=at, settings=settings, reason=reason)
    assert isinstance(moved, Moved), moved
    append_event(session, whole, "split_off", actor=actor, at=at, data={"case": case.id})
    return moved
