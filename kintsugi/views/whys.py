"""Why did somebody get this, and why did nobody: read from the rows, in words."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.criteria import qualifying
from alerts.routing.verdicts import told_lines
from config.settings import Settings
from kintsugi.steps.labelling import facts_of
from storage.alert import alert_of
from storage.assessment import assessment_of
from storage.case import Case, case_id_of, case_of_mention
from storage.delivery import Delivery
from storage.mention import Mention, latest_revision
from storage.source import Source
from storage.work import Work


def reasons_for(session: Session, name: str, settings: Settings) -> list[str]:
    """The reasons, in order, for a case (K-42) or a mention (source/external id). ValueError when there is none."""
    if "/" in name:
        return _of_mention(session, _mention(session, name), settings)
    case = session.get(Case, case_id_of(name))
    if case is None:
        raise ValueError(f"there is no case {name}: kintsugi cases list --state all shows every one")
    return _of_case(session, case)


def _mention(session: Session, name: str) -> Mention:
    key, _, external_id = name.partition("/")
    mention = session.scalar(select(Mention).join(Source).where(Source.key == key, Mention.external_id == external_id))
    if mention is None:
        raise ValueError(f"no mention {external_id!r} of source {key!r} is stored: see kintsugi crawl --print --why")
    return mention


def _of_mention(session: Session, mention: Mention, settings: Settings) -> list[str]:
    reasons = [f"stored: {mention.why}"] if mention.why else []
    revision = latest_revision(session, mention.id)
    assessment = assessment_of(session, revision.id)
    if assessment is None:
        work = session.scalar(select(Work).where(Work.step == "assess", Work.subject == revision.id))
        return [*reasons, f"not assessed yet: {work.error or 'in line' if work else 'no work is in line'}"]
    reasons.append(
        f"assessed by {assessment.model}: {assessment.sentiment}, severity {assessment.severity}"
        + (f" ({', '.join(assessment.reasons)})" if assessment.reasons else "")
    )
    case = case_of_mention(session, mention.id)
    if case is not None:
        return [*reasons, *_of_case(session, case)]
    line = qualifying(facts_of(session, revision, assessment), settings.recover_when)
    if line is None:
        return [*reasons, "nobody was told: no line of recover_when matches"]
    return [*reasons, f"matches «{line}», but opened no case: it was older than the backlog when it was first seen"]


def _of_case(session: Session, case: Case) -> list[str]:
    reasons = [f"{case.ref} was opened because of «{case.criteria}»"]
    alert = alert_of(session, case.id)
    if alert is None:
        return [*reasons, "nobody was told yet: routing is in line"]
    reasons += [f"route: {step}" for step in alert.path]
    reasons += told_lines(session, case.id)
    for delivery in session.scalars(select(Delivery).where(Delivery.case_id == case.id).order_by(Delivery.id)):
        told = f"{delivery.purpose} to {delivery.receiver}: {delivery.state}"
        if delivery.sent_at is not None:
            told += f" at {delivery.sent_at.isoformat(timespec='seconds')}"
        reasons.append(told + (f" ({delivery.error})" if delivery.error else ""))
    return reasons
