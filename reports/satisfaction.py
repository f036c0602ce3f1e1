"""What customers answered when they were asked whether it worked: recovered, satisfied, would recommend."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.cohort import within_scope
from reports.period import Period
from reports.scope import Scope
from reports.share import Mean, Share, mean_of
from storage.case import Case
from storage.follow_up import FollowUp
from storage.form_answer import FormAnswer

SATISFIED = 4  # of 5: CSAT counts 4 and 5
PROMOTERS, DETRACTORS = 9, 6  # of 10: promoters from 9 on, detractors up to 6 (Reichheld 2003)


@dataclass(frozen=True)
class Satisfaction:
    """The answers that came in the period.

    `asked`: follow-ups done in the period. `nps`: promoters minus detractors in per cent of the answers, from −100 to
    100; its `count` says how many answered that question.
    """

    asked: int
    answers: int
    recovered: Share
    satisfied: Share
    stars: Mean
    nps: Mean


def satisfaction(session: Session, period: Period, scope: Scope) -> Satisfaction:
    """The answers of a period, one a case and question: a later answer of the same case replaces an earlier one."""
    about = None if scope.whole else within_scope(select(Case.id), scope)
    query = select(FormAnswer).where(FormAnswer.at >= period.start, FormAnswer.at < period.end)
    asked = select(FollowUp.id).where(FollowUp.done_at >= period.start, FollowUp.done_at < period.end)
    if about is not None:
        query, asked = query.where(FormAnswer.case_id.in_(about)), asked.where(FollowUp.case_id.in_(about))
    newest = {answer.case_id: answer for answer in session.scalars(query.order_by(FormAnswer.id))}
    scores = [one.satisfaction for one in newest.values() if one.satisfaction is not None]
    nps = [one.nps for one in newest.values() if one.nps is not None]
    yes = sum(one.recovered == "yes" for one in newest.values())
    return Satisfaction(
        len(session.scalars(asked).all()),
        len(newest),
        Share(yes, len(newest)),
        Share(sum(score >= SATISFIED for score in scores), len(scores)),
        mean_of([float(score) for score in scores]),
        mean_of([100.0 * ((score >= PROMOTERS) - (score <= DETRACTORS)) for score in nps]),
    )
