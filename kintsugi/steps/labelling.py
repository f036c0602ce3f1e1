"""Reads from the rows what criteria and routes ask about a mention."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from alerts.criteria import Facts
from alerts.routing.labels import labels_from
from config.settings import Settings
from storage.assessment import Assessment
from storage.case import Case
from storage.mention import Mention, Revision
from storage.story import StoryCopy, reach_of

# Made once: making a statement costs more than asking it.
_EARLIER = (
    select(func.count())
    .select_from(Case)
    .where(Case.author_id == bindparam("author"), Case.mention_id != bindparam("mention"))
)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around some mentions, read at once."""

    cases: Mapping[int | None, int]  # by author
    copied: Collection[int]  # mentions that others repeated


def around(session: Session, mentions: Collection[Mention]) -> Around:
    """For `facts_of` over many mentions that have no cases of their own yet."""
    authors = {mention.author_id for mention in mentions if mention.author_id is not None}
    cases = select(Case.author_id, func.count()).where(Case.author_id.in_(authors)).group_by(Case.author_id)
    copied = select(StoryCopy.first_id).where(StoryCopy.first_id.in_({mention.id for mention in mentions}))
    return Around({author: count for author, count in session.execute(cases)}, set(session.scalars(copied)))


def facts_of(session: Session, revision: Revision, assessment: Assessment, known: Around | None = None) -> Facts:
    """What `recover_when` can ask of one revision. Without `known`, the rows are asked."""
    mention = revision.mention
    alone = known is not None and mention.id not in known.copied
    return Facts(
        rating=revision.rating,
        sentiment=assessment.sentiment,
        confidence=max(assessment.negative, assessment.neutral, assessment.positive),
        topics={topic["name"]: topic["p"] for topic in assessment.topics},
        severity=assessment.severity,
        reach=max(mention.reach.values(), default=None) if alone else reach_of(session, mention),
        author_history=known.cases.get(mention.author_id, 0) if known else _earlier_cases(session, mention),
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
    return session.scalar(_EARLIER, {"author": mention.author_id, "mention": mention.id}) or 0
