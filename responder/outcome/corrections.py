"""Corrections: a person says what the model should have said. They are kept for training and count at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from responder.cases.refused import Refused
from responder.cases.transitions import move, possible
from storage.assessment import SEVERITIES, assessment_of
from storage.case import Case, case_of_mention
from storage.correction import Correction, corrections_of
from storage.event import append_event
from storage.listing import list_mentions
from storage.mention import Mention, latest_revision

SENTIMENTS = ("negative", "neutral", "positive")


def relabel(
    session: Session,
    what: Case | Mention,
    *,
    actor: str,
    at: datetime,
    topics_known: Sequence[str],
    sentiment: str | None = None,
    topics: Sequence[str] | None = None,
    severity: str | None = None,
    not_a_case: str | None = None,
) -> list[Correction] | Refused:
    """Corrects what is said of a mention as it reads now; what is None stays. `not_a_case` is the reason to close it.

    The severity of the case follows. `topics_known` are the names that may be used. Saying what is true already adds
    no row. Unknown words are refused, and then nothing is changed.
    """
    mention, case = (what.mention, what) if isinstance(what, Case) else (what, case_of_mention(session, what.id))
    wanted: dict[str, Any] = {"sentiment": sentiment, "severity": severity}
    wanted["topics"] = list(topics) if topics is not None else None
    wanted = {field: value for field, value in wanted.items() if value is not None}
    refused = _unknown(wanted, topics_known)
    if refused is None and not_a_case is not None and (case is None or "dismiss" not in possible(case, actor)):
        refused = Refused("no_open_case", "there is no open case to close as not a case")
    if refused is not None:
        return refused
    if not_a_case is not None and case is not None:
        moved = move(session, case, "dismiss", actor=actor, at=at, reason=not_a_case)
        if isinstance(moved, Refused):
            return moved
        wanted["not_a_case"] = True
    written = _write(session, mention, case, wanted, actor, at)
    if case is not None and written:
        changes = {row.field: {"before": row.before["value"], "after": row.after["value"]} for row in written}
        append_event(session, case.id, "relabelled", actor=actor, at=at, data=changes)
        if "severity" in changes:
            case.severity = str(severity)
            case.labels = case.labels | {"severity": case.severity}
    return written


def _unknown(wanted: dict[str, Any], topics_known: Sequence[str]) -> Refused | None:
    for field, words in (("sentiment", SENTIMENTS), ("severity", SEVERITIES), ("topics", topics_known)):
        value = wanted.get(field, [])
        for word in [value] if isinstance(value, str) else value:
            if word not in words:
                return Refused(f"unknown_{field}", f"{word!r} is not known: use one of {', '.join(words)}")
    return None


def _write(
    session: Session, mention: Mention, case: Case | None, wanted: dict[str, Any], actor: str, at: datetime
) -> list[Correction]:
    revision = latest_revision(session, mention.id)
    assessment = assessment_of(session, revision.id)
    now: dict[str, Any] = {"not_a_case": False}
    if assessment is not None:
        now |= {"sentiment": assessment.sentiment, "severity": assessment.severity}
        now["topics"] = [topic["name"] for topic in assessment.topics]
    now |= corrections_of(session, revision.id)
    if case is not None:
        now["severity"] = case.severity
    written = [
        Correction(
            revision_id=revision.id,
            case_id=case.id if case else None,
            field=field,
            before={"value": now.get(field)},
            after={"value": value},
            model=assessment.model if assessment else None,
            by=actor,
            at=at,
        )
        for field, value in wanted.items()
        if now.get(field) != value
    ]
    session.add_all(written)
    session.flush()
    list_mentions(session, [mention.id], words=False)
    return written
