"""One person on several accounts: linked where it can be shown, unlinked by a person, never guessed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from responder.cases.refused import Refused
from responder.cases.transitions import SYSTEM
from storage.assessment import SEVERITIES, severity_rank
from storage.author import Author
from storage.case import OPEN_STATES, Case
from storage.event import append_event
from storage.link import SHOWN_BY, AuthorLink, linked_authors


def link(
    session: Session, author_id: int, other_id: int, *, shown_by: str, actor: str, at: datetime
) -> AuthorLink | Refused:
    """Says that two accounts are one person, and how that was shown (storage.link.SHOWN_BY).

    Open cases of that person that have become repeat failures go one severity up.
    """
    if shown_by not in SHOWN_BY:
        return Refused("not_shown", f"{shown_by!r} shows nothing: use one of {', '.join(SHOWN_BY)}")
    if actor == SYSTEM and shown_by != "handle":
        return Refused("not_yours", "an order number or somebody's word is judged by a person")
    for wanted in (author_id, other_id):
        account = session.get(Author, wanted)
        if account is None or account.erased_at is not None:
            return Refused("unknown_author", f"there is no author {wanted}")
    if other_id in linked_authors(session, author_id):
        return Refused("already", "these accounts are linked already")
    row = AuthorLink(author_id=author_id, other_id=other_id, shown_by=shown_by, linked_by=actor, linked_at=at)
    session.add(row)
    session.flush()
    for case in _open_cases(session, author_id):
        append_event(session, case.id, "linked", actor=actor, at=at, data={"link": row.id, "shown_by": shown_by})
        _note_history(session, case, at)
    return row


def unlink(session: Session, row: AuthorLink, *, actor: str, at: datetime) -> AuthorLink | Refused:
    """Takes a link back. Severities that it raised stay: a person has seen them meanwhile."""
    if row.unlinked_at is not None:
        return Refused("already", "these accounts are not linked any more")
    cases = _open_cases(session, row.author_id)
    row.unlinked_at, row.unlinked_by = at, actor
    session.flush()
    for case in cases:
        append_event(session, case.id, "unlinked", actor=actor, at=at, data={"link": row.id})
        case.author_history = earlier_cases(session, case.author_id, before=case)
        case.labels = case.labels | {"author_history": case.author_history}
    return row


def earlier_cases(session: Session, author_id: int | None, *, before: Case | None = None) -> int:
    """How many real cases this person had (before a case). What was no case, or part of another one, does not count."""
    if author_id is None:
        return 0
    query = (
        select(func.count())
        .select_from(Case)
        .where(
            Case.author_id.in_(linked_authors(session, author_id)),
            Case.merged_into.is_(None),
            Case.outcome.is_distinct_from("not_a_case"),
        )
    )
    if before is not None:
        query = query.where(Case.id < before.id)
    return session.scalar(query) or 0


def raised(severity: str) -> str:
    """One severity up; critical stays."""
    return SEVERITIES[min(severity_rank(severity) + 1, len(SEVERITIES) - 1)]


def _open_cases(session: Session, author_id: int) -> list[Case]:
    authors = linked_authors(session, author_id)
    return list(
        session.scalars(select(Case).where(Case.author_id.in_(authors), Case.state.in_(OPEN_STATES)).order_by(Case.id))
    )


def _note_history(session: Session, case: Case, at: datetime) -> None:
    before, case.author_history = case.author_history, earlier_cases(session, case.author_id, before=case)
    case.labels = case.labels | {"author_history": case.author_history}
    if before == 0 and case.author_history > 0 and raised(case.severity) != case.severity:
        data = {"raised_from": case.severity, "severity": raised(case.severity), "why": "repeat_failure"}
        case.severity = raised(case.severity)
        case.labels = case.labels | {"severity": case.severity}
        append_event(session, case.id, "raised", actor=SYSTEM, at=at, data=data)
