"""The step that answers praise without a person, where a line of publish.automatic allows it and the guard agrees."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from config.criteria import Criterion
from kintsugi.context import Context
from kintsugi.steps.labelling import facts_of, labels_of
from storage.assessment import Assessment, assessment_of
from storage.case import Case, case_of_mention
from storage.draft import approved_reply
from storage.mention import Mention, Revision, latest_revision
from storage.outcome import record_outcome

THANKED = "publish.automatic"  # how the criteria of such a case begin


def allowed_line(session: Session, revision: Revision, assessment: Assessment, context: Context) -> Criterion | None:
    """The line that lets this be answered by itself: praise in a review, without any failure and not yet answered."""
    from alerts.criteria import qualifying

    lines, mention = context.settings.publish.automatic, revision.mention
    if not lines or mention.kind != "review" or mention.reply_text or mention.gone_at is not None:
        return None
    if assessment.sentiment != "positive" or assessment.severity != "none":
        return None
    return qualifying(facts_of(session, revision, assessment), lines)


def thank(session: Session, mention_ids: Sequence[int], context: Context) -> dict[str, list[int]]:
    """Approves the drafts of such reviews in their cases, which nobody is told of; what is not approved leaves none."""
    from kintsugi.steps.drafting import draft_for
    from responder.answering.replies import AUTOMATIC, approve
    from responder.cases.opening import open_case
    from responder.cases.refused import Refused
    from responder.channels.opening import MANUAL

    settings = context.settings
    for mention_id in mention_ids:
        revision = latest_revision(session, mention_id)
        assessment = assessment_of(session, revision.id)
        if assessment is None or case_of_mention(session, mention_id) is not None:
            continue
        line = allowed_line(session, revision, assessment, context)
        mention = session.get_one(Mention, mention_id)
        channel = context.channels().name_for(mention)
        if line is None or channel == MANUAL:
            continue
        with session.begin_nested() as attempt:
            labels = labels_of(facts_of(session, revision, assessment), mention, settings)
            case = open_case(
                session, mention_id, severity="none", criteria=f"{THANKED}: {line}", labels=labels,
                settings=settings, at=context.at,
            )  # fmt: skip
            draft = draft_for(session, case, context)
            reply = approve(
                session, case, draft.text, actor=AUTOMATIC, at=context.at, channel=channel, draft=draft,
                settings=settings, rule=str(line),
            )  # fmt: skip
            if isinstance(reply, Refused):
                attempt.rollback()
    return {}


def let_down(session: Session, case: Case, revision: Revision, assessment: Assessment, context: Context) -> bool:
    """Whether praise that was answered automatically became a complaint: its case is then a case like any other.

    A reply that still waits is withdrawn. The case has its team and a new draft, and goes on to be told.
    """
    from alerts.criteria import qualifying
    from kintsugi.steps.drafting import draft_for
    from kintsugi.steps.ownership import give_to_team
    from responder.answering.replies import AUTOMATIC, withdraw
    from responder.cases.transitions import SYSTEM, move

    settings, at = context.settings, context.at
    if not case.criteria.startswith(THANKED):
        return False
    facts = facts_of(session, revision, assessment)
    line = qualifying(facts, settings.recover_when)
    if line is None:
        return False
    waiting = approved_reply(session, case.id)
    if waiting is not None and waiting.approved_by == AUTOMATIC:
        withdraw(session, waiting, "revised", SYSTEM, at)
    if case.state != "closed":
        record_outcome(session, case, "not_a_case", {"kind": "revised"}, actor=SYSTEM, at=at)
        move(session, case, "thank", actor=SYSTEM, at=at)
    move(session, case, "reopen", actor=SYSTEM, at=at, settings=settings, reason=f"the praise was edited: {line}")
    case.severity = "minor" if assessment.severity == "none" else assessment.severity
    case.criteria, case.labels = str(line), labels_of(facts, revision.mention, settings)
    give_to_team(session, case, context, assessment.language)
    draft_for(session, case, context)
    return True
