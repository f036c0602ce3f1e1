"""Opens the case of a mention that qualified for recovery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from config.settings import Settings
from responder.answering.replies import noticed_on_site
from responder.cases.clocks import AT_OPENING, start_clock
from responder.cases.linking import earlier_cases, raised
from storage.case import Case, case_of_mention
from storage.event import append_event
from storage.mention import Mention, latest_revision


def open_case(
    session: Session,
    mention_id: int,
    *,
    severity: str,
    criteria: str,
    labels: dict[str, Any],
    settings: Settings,
    at: datetime,
) -> Case:
    """The case of a mention, with its clocks running: a new one, or the one that it opened before.

    A repeat failure (the same author has earlier cases, on accounts that are shown to be theirs) goes one severity
    up. A mention that its owner has answered on the site already opens as answered.
    """
    known = case_of_mention(session, mention_id)
    if known is not None:
        return known
    mention = session.get_one(Mention, mention_id)
    history = earlier_cases(session, mention.author_id)
    graver = raised(severity) if history else severity
    case = Case(
        mention_id=mention_id,
        author_id=mention.author_id,
        state="new",
        severity=graver,
        criteria=criteria,
        labels=labels | {"severity": graver, "author_history": history},
        author_history=history,
        opened_at=at,
        state_at=at,
    )
    session.add(case)
    session.flush()
    told: dict[str, Any] = {"severity": graver, "criteria": criteria, "author_history": history}
    if graver != severity:
        told["raised_from"], told["why"] = severity, "repeat_failure"
    told["revision"] = latest_revision(session, mention_id).number
    append_event(session, case.id, "opened", actor="system", at=at, data=told)
    for name in AT_OPENING:
        start_clock(session, case, name, at, settings)
    if mention.reply_text:
        noticed_on_site(session, mention, at)
    return case
