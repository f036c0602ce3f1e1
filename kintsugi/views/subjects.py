"""What the subjects of a step are, and which mentions and cases they belong to: for log lines and traces."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.case import Case
from storage.delivery import Delivery
from storage.mention import Revision

# Steps whose subject is not a mention.
STORE, DELIVER = "store", "deliver"
_REVISIONS = (STORE, "assess", "qualify")
_CASES = ("route", "refresh")


def named(step: str, subject: int) -> dict[str, object]:
    """What a log line calls a subject, without asking the database."""
    if step == DELIVER:
        return {"delivery": subject}
    if step in _REVISIONS:
        return {"revision": subject}
    return {"case": f"K-{subject}"} if step in _CASES else {"mention": subject}


def mentions_of(session: Session, step: str, subjects: Sequence[int]) -> list[int]:
    """The mentions that these subjects are about; those that are there no more are left out."""
    if step == DELIVER:
        query = select(Case.mention_id).join(Delivery, Delivery.case_id == Case.id).where(Delivery.id.in_(subjects))
    elif step in _REVISIONS:
        query = select(Revision.mention_id).where(Revision.id.in_(subjects))
    elif step in _CASES:
        query = select(Case.mention_id).where(Case.id.in_(subjects))
    else:
        return list(subjects)
    return list(session.scalars(query.distinct()))


def ids_of(session: Session, step: str, subject: int) -> dict[str, object]:
    """`named`, with the mention and the case: what somebody who looks for a cause starts from."""
    found = named(step, subject)
    for mention in mentions_of(session, step, [subject]):
        found["mention"] = mention
        case = session.scalar(select(Case.id).where(Case.mention_id == mention))
        if case is not None:
            found["case"] = f"K-{case}"
    return found
