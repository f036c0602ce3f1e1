"""What people corrected, as labelled texts: training learns from them, evaluation measures on them."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from sentiment.assessment import TOPICS
from sentiment.labelled import Labelled
from storage.assessment import assessment_of
from storage.correction import Correction, corrections_of
from storage.mention import Revision


def corrected(session: Session) -> Iterator[Labelled]:
    """One row for each revision that somebody corrected, oldest first.

    Only the corrected fields are labels: what nobody touched is not known to be right. Topics of the team's
    own are left out, the network has no output for them. Erased texts are skipped.
    """
    wanted = select(Correction.revision_id).distinct()
    for revision in session.scalars(select(Revision).where(Revision.id.in_(wanted)).order_by(Revision.id)):
        fields = corrections_of(session, revision.id)
        if not revision.text.strip() or not fields.keys() & {"sentiment", "topics", "severity"}:
            continue
        assessment = assessment_of(session, revision.id)
        topics = fields.get("topics")
        yield Labelled(
            text=revision.text,
            language=assessment.language if assessment else "und",
            sentiment=fields.get("sentiment"),
            topics=None if topics is None else tuple(name for name in topics if name in TOPICS),
            severity=fields.get("severity"),
            rating=revision.rating,
            kind=revision.mention.kind,
        )
