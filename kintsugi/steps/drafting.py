"""Hands the responder what the other stages know about a mention, and keeps the draft that comes back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from kintsugi.context import Context
from responder.answering.replies import LONGEST
from responder.cases.causes import recurs
from responder.cases.refused import Refused
from storage.assessment import assessment_of
from storage.case import Case
from storage.draft import Draft, Reply, approved_reply, latest_draft
from storage.event import append_event, text_digest
from storage.mention import Mention, latest_revision

if TYPE_CHECKING:
    from responder.drafting.drafts import DraftResult
    from responder.drafting.request import DraftRequest, Recent

RECENT = 50  # replies on a source within which no body sentence repeats
LOOKED_AT = 2000  # the newest drafts, on whatever source, among which those are


def draft_for(session: Session, case: Case, context: Context) -> Draft:
    """Composes the reply of a case, and adds it as its newest draft with the strategy it follows."""
    from responder.drafting.drafts import compose

    result = compose(request_for(session, case, context))
    case.playbook, case.strategy, case.strategy_why = result.playbook, result.strategy.name, result.strategy.why
    return keep_draft(session, case, result, "composed", context.at)


def request_for(session: Session, case: Case, context: Context) -> DraftRequest:
    """What a drafter is told of a case. Its own earlier drafts are not among those that must not be repeated."""
    from responder.drafting.request import DraftRequest, heard_fields

    settings, mention = context.settings, case.mention
    revision = latest_revision(session, mention.id)
    assessment = assessment_of(session, revision.id)
    assert assessment is not None, "a case is opened from an assessment"
    return DraftRequest(
        text=f"{revision.title}\n{revision.text}" if revision.title else revision.text,
        rating=revision.rating,
        author=case.author.name if case.author else None,
        language=assessment.language,
        sentiment=assessment.sentiment,
        topics=tuple(topic["name"] for topic in assessment.topics),
        severity=case.severity,
        reasons=tuple(assessment.reasons),
        evidence=assessment.evidence.get("text"),
        **heard_fields(
            {
                "things": assessment.things,
                "statements": assessment.statements,
                "intent": assessment.intent,
                "next_step": assessment.next_step,
            }
        ),
        source_kind=mention.source.kind,
        kind=mention.kind,
        location=mention.location,
        brand=settings.brand,
        playbooks=context.playbooks(),
        recent=_recent(session, case),
        seed=case.id,
        author_history=case.author_history,
        recurring=recurs(session, case),
        customer_value=settings.reports.assumptions.customer_value,
    )


def keep_draft(session: Session, case: Case, result: DraftResult, drafter: str, at: datetime, **told: int) -> Draft:
    """Adds a draft as the newest one of its case, and tells so; `told` is what else its event says."""
    number = session.scalar(select(func.max(Draft.number)).where(Draft.case_id == case.id)) or 0
    draft = Draft(
        case_id=case.id,
        number=number + 1,
        language=result.language,
        text=result.text,
        alternatives=[{"tone": one.tone, "text": one.text} for one in result.alternatives],
        findings=[asdict(finding) for finding in result.findings],
        drafter=drafter,
        phrases=list(result.phrases),
        made_at=at,
        salt=secrets.token_hex(8),
    )
    session.add(draft)
    data = {"draft": draft.number, "playbook": result.playbook, "text": text_digest(draft.text, draft.salt)} | told
    append_event(session, case.id, "drafted", actor="system", at=at, data=data)
    return draft


def keep_edit(
    session: Session, case: Case, text: str, *, actor: str, at: datetime, settings: Settings
) -> Draft | Refused:
    """What a person wrote becomes the newest draft, with what the guard says of it; the same text again adds none."""
    from responder.drafting.reply_check import findings_for

    if case.state == "closed":
        return Refused("closed", f"{case.ref} is closed: re-open it to answer again")
    if not text.strip() or len(text) > LONGEST:
        return Refused("empty", f"the reply needs at least one word and at most {LONGEST} characters")
    if approved_reply(session, case.id) is not None:
        return Refused("approved", f"a reply to {case.ref} is approved already: take the approval back first")
    known = latest_draft(session, case.id)
    if known is not None and known.text == text:
        return known
    draft = Draft(
        case_id=case.id,
        number=known.number + 1 if known else 1,
        language=known.language if known else settings.brand.languages[0],
        text=text,
        alternatives=known.alternatives if known else [],
        findings=[asdict(finding) for finding in findings_for(session, case, text, settings)],
        drafter=actor,
        phrases=[],
        made_at=at,
        salt=secrets.token_hex(8),
    )
    session.add(draft)
    data = {"draft": draft.number, "text": text_digest(draft.text, draft.salt)}
    append_event(session, case.id, "edited", actor=actor, at=at, data=data)
    return draft


# Made once: making a statement costs more than asking it.
_NEWEST = select(func.max(Draft.id))
_RECENT = (
    select(Draft.text, Draft.phrases, Reply.text)
    .join(Case, Case.id == Draft.case_id)
    .join(Mention, Mention.id == Case.mention_id)
    # By its case, which an index holds: a draft's reply is one of the same case.
    .outerjoin(Reply, (Reply.case_id == Draft.case_id) & (Reply.draft_id == Draft.id) & Reply.posted_at.is_not(None))
    # Without `coalesce` SQLite would begin with all mentions of the source, for each new case.
    .where(func.coalesce(Mention.source_id, 0) == bindparam("source"))
    .where(Draft.case_id != bindparam("case"), Draft.id > bindparam("after"))
    .order_by(Draft.id.desc())
    .limit(RECENT)
)


def _recent(session: Session, case: Case) -> tuple[Recent, ...]:
    """What was last proposed or posted on this source, newest first: the reply where one is live, else the draft."""
    from responder.drafting.request import Recent

    after = (session.scalar(_NEWEST) or 0) - LOOKED_AT
    rows = session.execute(_RECENT, {"source": case.mention.source_id, "case": case.id, "after": after})
    return tuple(Recent(posted or proposed, tuple(phrases)) for proposed, phrases, posted in rows)


def facts_reader(settings: Settings) -> Callable[[str, float | None, str | None], dict[str, Any]]:
    """What `kintsugi draft` needs to know of a bare text: the assessor, behind a plain function."""
    from sentiment.assessor import MentionText, open_assessor

    assessor = open_assessor(settings.sentiment.model)

    def facts(text: str, rating: float | None, language: str | None) -> dict[str, Any]:
        return assessor.assess([MentionText(text, rating=rating, language_hint=language)])[0].as_json()

    return facts
