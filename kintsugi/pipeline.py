"""The path of a mention as plain functions: (session, ids, context) → ids of the next steps.

An engine opens the transaction, calls the step, puts the returned ids in line for the steps they name, and
commits. Steps never commit, and may run twice: each asks first whether its effect is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session, joinedload

from kintsugi.context import Context, Reader
from kintsugi.steps.labelling import around, facts_of, labels_of
from kintsugi.steps.retelling import in_its_story, is_too_old, reach_counts
from kintsugi.steps.thanking import allowed_line, let_down, thank
from sentiment.assessment import Assessment as Found
from sentiment.mention_text import MentionText
from storage.assessment import Assessment, assessment_of
from storage.bulk import insert_rows
from storage.case import Case, case_of_mention
from storage.ingest import Ingested
from storage.listing import list_revisions
from storage.mention import Mention, Revision, latest_revision

Next = dict[str, list[int]]
Step = Callable[[Session, Sequence[int], Context], Next]

_ASSESSMENT = cast(Table, Assessment.__table__)
# Made once, and of columns: every mention comes through here.
_UNASSESSED = (
    select(
        Revision.id,
        Revision.title,
        Revision.text,
        Revision.rating,
        Mention.language_hint,
        Mention.kind,
        Mention.reach,
    )
    .join(Mention, Mention.id == Revision.mention_id)
    .outerjoin(Assessment, Assessment.revision_id == Revision.id)
    .where(Revision.id.in_(bindparam("ids", expanding=True)), Assessment.id.is_(None))
    .order_by(Revision.id)
)


def after_ingest(result: Ingested) -> Next:
    """What a stored batch asks for."""
    return {"assess": result.revisions, "withdraw": result.gone, "answered": result.replied}


def read_ahead(session: Session, revision_ids: Sequence[int], context: Context) -> Context:
    """A context for `assess` whose model has read these revisions already, while nobody had to wait to write."""
    texts = list(_unassessed(session, revision_ids).values())
    known = dict(zip(texts, context.assessor().assess(texts), strict=True))
    return replace(context, assessor=lambda: _ReadAhead(known, context.assessor()))


class _ReadAhead:
    """Says again what it has read; what it has not is read now."""

    def __init__(self, known: dict[MentionText, Found], reader: Reader) -> None:
        self._known, self._reader = known, reader

    def assess(self, mentions: Sequence[MentionText]) -> list[Found]:
        missing = [mention for mention in mentions if mention not in self._known]
        self._known.update(zip(missing, self._reader.assess(missing), strict=True))
        return [self._known[mention] for mention in mentions]


def assess(session: Session, revision_ids: Sequence[int], context: Context) -> Next:
    """The model reads the revisions, all at once."""
    texts = _unassessed(session, revision_ids)
    found = context.assessor().assess(list(texts.values()))
    rows = [_row(revision_id, one) for revision_id, one in zip(texts, found, strict=True)]
    insert_rows(session, _ASSESSMENT, rows, alike={"assessed_at": context.at})
    list_revisions(session, list(texts))
    return {"qualify": list(revision_ids)}


def _unassessed(session: Session, revision_ids: Sequence[int]) -> dict[int, MentionText]:
    """What the model has not read yet of these revisions, by their ids."""
    return {
        revision_id: MentionText(
            text=f"{title}\n{text}" if title else text,
            rating=rating,
            language_hint=hint,
            kind=kind,
            reach=max(reach.values(), default=None),
        )
        for revision_id, title, text, rating, hint, kind, reach in session.execute(
            _UNASSESSED, {"ids": list(revision_ids)}
        ).all()
    }


def _row(revision_id: int, found: Found) -> dict[str, object]:
    shape = found.as_json()
    mood = shape.pop("sentiment")
    return {
        **shape,
        "revision_id": revision_id,
        "sentiment": mood["label"],
        "negative": mood["negative"],
        "neutral": mood["neutral"],
        "positive": mood["positive"],
        "evidence": shape["evidence"] or {},
    }


def _revisions(session: Session, ids: Iterable[int]) -> list[Revision]:
    """With their mentions and sources, in one statement."""
    whole = joinedload(Revision.mention).joinedload(Mention.source)
    return list(
        session.scalars(select(Revision).where(Revision.id.in_(list(ids))).order_by(Revision.id).options(whole))
    )


def qualify(session: Session, revision_ids: Sequence[int], context: Context) -> Next:
    """Does a revision open a case, or say how an open one ended?"""
    from alerts.criteria import qualifying
    from responder.outcome import outcomes

    to_open: list[int] = []
    to_thank: list[int] = []
    to_route: list[int] = []
    changed: list[int] = []
    revisions = _revisions(session, revision_ids)
    assessed = select(Assessment).where(Assessment.revision_id.in_(revision_ids))
    assessments = {one.revision_id: one for one in session.scalars(assessed)}
    known = select(Case).where(Case.mention_id.in_([revision.mention_id for revision in revisions]))
    cases = {case.mention_id: case for case in session.scalars(known)}
    nearby = around(session, [revision.mention for revision in revisions if revision.mention_id not in cases])
    changed += outcomes.from_return(session, [one for one in revisions if one.mention_id not in cases], context.at)
    for revision in revisions:
        assessment = assessments.get(revision.id)
        if assessment is None or revision.mention.gone_at is not None:
            continue
        case = cases.get(revision.mention_id)
        if case is not None and let_down(session, case, revision, assessment, context):
            to_route.append(case.id)
            continue
        if case is not None:
            outcomes.from_revision(session, revision.id, context.at, context.settings)
            changed.append(case.id)
            continue
        if is_too_old(revision, context):
            continue
        facts = facts_of(session, revision, assessment, nearby)
        qualifies = qualifying(facts, context.settings.recover_when) is not None
        if not qualifies and allowed_line(session, revision, assessment, context) is not None:
            to_thank.append(revision.mention_id)
        if qualifies or reach_counts(context.settings):
            story = in_its_story(session, revision, qualifies, context)
            to_open += story.opens
            changed += story.shows
    return {"open": to_open, "thank": to_thank, "route": to_route, "refresh": changed}


def open_case(session: Session, mention_ids: Sequence[int], context: Context) -> Next:
    """Opens the case of a mention that qualified, with its clocks, its strategy and its draft."""
    from alerts.criteria import qualifying
    from kintsugi.steps.drafting import draft_for
    from kintsugi.steps.ownership import give_to_team
    from responder.cases import opening

    opened = []
    for mention_id in mention_ids:
        if case_of_mention(session, mention_id) is not None:
            continue
        revision = latest_revision(session, mention_id)
        assessment = assessment_of(session, revision.id)
        if assessment is None:
            continue  # edited meanwhile: the newer revision is still in line
        facts = facts_of(session, revision, assessment)
        criterion = qualifying(facts, context.settings.recover_when)
        if criterion is None:
            continue
        case = opening.open_case(
            session,
            mention_id,
            # Whoever rates one star was let down, even where the words name no failure.
            severity="minor" if assessment.severity == "none" else assessment.severity,
            criteria=str(criterion),
            labels=labels_of(facts, revision.mention, context.settings),
            settings=context.settings,
            at=context.at,
        )
        give_to_team(session, case, context, assessment.language)
        draft_for(session, case, context)
        opened.append(case.id)
    return {"route": opened}


def route(session: Session, case_ids: Sequence[int], context: Context) -> Next:
    """Decides who is told: critical cases at once, the others with their group."""
    from alerts.notify import route_cases
    from alerts.spikes.watch import incidents

    cases = session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)).all()
    settings = context.settings
    route_cases(session, cases, context.tree(), settings, context.at, incidents(session, settings))
    return {}


def refresh(session: Session, case_ids: Sequence[int], context: Context) -> Next:
    """The messages of these cases show the truth again."""
    from alerts.notify import refresh as refresh_messages

    for case in session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)):
        refresh_messages(session, case, context.at, context.settings)
    return {}


def withdraw(session: Session, mention_ids: Sequence[int], context: Context) -> Next:
    """Mentions that are gone: what that says about their cases."""
    from responder.outcome import outcomes

    for mention_id in mention_ids:
        outcomes.from_gone(session, mention_id, context.at)
    return {"refresh": _cases_of(session, mention_ids)}


def answered(session: Session, mention_ids: Sequence[int], context: Context) -> Next:
    """The site shows another owner's reply than before: somebody posted it there."""
    from responder.answering import replies

    for mention in session.scalars(select(Mention).where(Mention.id.in_(mention_ids)).order_by(Mention.id)):
        replies.noticed_on_site(session, mention, context.at)
    return {"refresh": _cases_of(session, mention_ids)}


def _cases_of(session: Session, mention_ids: Sequence[int]) -> list[int]:
    return list(session.scalars(select(Case.id).where(Case.mention_id.in_(mention_ids)).order_by(Case.id)))


STEPS: dict[str, Step] = {
    "assess": assess,
    "qualify": qualify,
    "answered": answered,
    "withdraw": withdraw,
    "open": open_case,
    "thank": thank,
    "route": route,
    "refresh": refresh,
}
