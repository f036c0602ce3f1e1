"""Reads from the rows what criteria and routes ask about a mention."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alerts.criteria import Facts
from alerts.labels import labels_from
from config.settings import Settings
from storage.assessment import Assessment
from storage.case import Case
from storage.mention import Mention, Revision
from storage.story import reach_of


def facts_of(session: Session, revision: Revision, assessment: Assessment) -> Facts:
    """What `recover_when` can ask of one revision."""
    mention = revision.mention
    return Facts(
        rating=revision.rating,
        sentiment=assessment.sentiment,
        confidence=max(assessment.negative, assessment.neutral, assessment.positive),
        topics={topic["name"]: topic["p"] for topic in assessment.topics},
        severity=assessment.severity,
        reach=reach_of(session, mention),
        author_history=_earlier_cases(session, mention),
        kind=mention.kind,
        source=mention.source.key,
        source_kind=mention.source.kind,
        language=assessment.language,
        location=mention.location,
    )


def labels_of(facts: Facts, mention: Mention, settings: Settings) -> dict[str, str]:
    """The labels that routes see, one value each: the strongest topic stands for all."""
    known = asdict(facts) | {
        "brand": settings.brand.name,
        "topic": next(iter(facts.topics), None),
        "product": mention.product_version,
    }
    return labels_from(known).as_dict()


def _earlier_cases(session: Session, mention: Mention) -> int:
    if mention.author_id is None:
        return 0
    return (
        session.scalar(
            select(func.count())
            .select_from(Case)
            .where(Case.author_id == mention.author_id, Case.mention_id != mention.id)
        )
        or 0
    )
