"""What the guard says of a reply to a case: the case's rows become the context that the guard asks for."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from responder.guard.finding import Context, Finding
from responder.guard.guard import check
from storage.assessment import assessment_of
from storage.case import Case
from storage.draft import Reply
from storage.mention import Mention, latest_revision

RECENT = 50  # replies on a source among which a text must not be a copy
LOOKED_AT = 2000  # the newest replies, on whatever source, among which those are


def findings_for(session: Session, case: Case, text: str, settings: Settings) -> list[Finding]:
    """Everything that the guard finds in `text` as a public reply to this case, in the order of the text."""
    mention = case.mention
    revision = latest_revision(session, mention.id)
    assessment = assessment_of(session, revision.id)
    return check(
        text,
        Context(
            language=assessment.language if assessment else settings.brand.languages[0],
            brand=settings.brand,
            mention=f"{revision.title}\n{revision.text}" if revision.title else revision.text,
            rating=revision.rating,
            sentiment=assessment.sentiment if assessment else None,
            topics=tuple(topic["name"] for topic in assessment.topics) if assessment else (),
            severity=case.severity,
            reasons=tuple(assessment.reasons) if assessment else (),
            source_kind=mention.source.kind,
            kind=mention.kind,
            author=case.author.name if case.author else None,
            location=mention.location,
            recent=_recent(session, case),
        ),
    )


def _recent(session: Session, case: Case) -> tuple[str, ...]:
    """The last replies to others on the same source; our own earlier reply to this review may be taken up again."""
    newest = session.scalar(select(func.max(Reply.id))) or 0
    texts = session.scalars(
        select(Reply.text)
        .join(Case, Case.id == Reply.case_id)
        .join(Mention, Mention.id == Case.mention_id)
        # Without `coalesce` SQLite would begin with all mentions of the source.
        .where(func.coalesce(Mention.source_id, 0) == case.mention.source_id)
        .where(Reply.case_id != case.id, Reply.text != "")
        .where(Reply.id > newest - LOOKED_AT)
        .order_by(Reply.id.desc())
        .limit(RECENT)
    )
    return tuple(texts)
