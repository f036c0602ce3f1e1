"""Reads a case from the rows as a person should see it: for messages, the terminal, pages."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from alerts.view import (
    CaseView,
    ClockView,
    FindingView,
    FollowUpView,
    LinkView,
    OfferView,
    PublishingView,
    QuestionView,
    TaskView,
)
from config.settings import Settings
from kintsugi.views.timeline import timeline
from responder.answering.approvals import last_question
from responder.answering.replies import publish_key
from responder.cases.causes import known_causes, whys_of
from responder.cases.progress import follow_up_message
from responder.channels.opening import MANUAL, Channels
from responder.drafting.strategy import why_in
from responder.outcome.follow_ups import BY_PEOPLE
from storage.assessment import Assessment, assessment_of
from storage.author import Author
from storage.case import Case, Waiting, clocks_of
from storage.delivery import delivery_of
from storage.draft import Draft, Reply, approved_reply, latest_draft, live_reply
from storage.follow_up import follow_ups_of
from storage.link import AuthorLink, linked_authors
from storage.mention import Mention, Revision, revisions_of
from storage.note import Note
from storage.offer import offers_of
from storage.source import Source
from storage.story import copies_of, reach_of
from storage.task import tasks_of

_WAITING = select(Waiting).where(Waiting.case_id == bindparam("case"), Waiting.ended_at.is_(None)).limit(1)
_FOR_APPROVAL = _WAITING.where(Waiting.what == "approval")
_PARTS = select(Case.id).where(Case.merged_into == bindparam("case")).order_by(Case.id)


def view_of(session: Session, case_id: int, settings: Settings, channels: Channels | None = None) -> CaseView:
    """The case as it is now. Texts are raw: whoever shows them masks and escapes.

    Without `channels` the reply counts as posted by hand, unless one is approved already.
    """
    case = session.get_one(Case, case_id)
    person = settings.people.get(case.owner or "")
    waiting = session.scalar(_WAITING, {"case": case_id})
    draft = latest_draft(session, case_id)
    begun = CaseView(
        ref=case.ref,
        case_id=case.id,
        severity=case.severity,
        state=case.state,
        outcome=case.outcome,
        opened_at=case.opened_at,
        brand=settings.brand.name,
        author=case.author.name if case.author else None,
        author_history=case.author_history,
        criteria=case.criteria,
        clocks=tuple(
            ClockView(clock.name, clock.due_at.astimezone(settings.brand.zone), clock.met_at, clock.missed_at)
            for clock in clocks_of(session, case_id)
        ),
        waiting=waiting.what if waiting else None,
        waiting_until=waiting.until if waiting else None,
        owner=case.owner,
        owner_name=person.name if person else case.owner,
        team=case.team,
        known_causes=tuple(cause for cause, _ in known_causes(session, case)),
        strategy=case.strategy,
        strategy_why=why_in(case.strategy_why, settings.brand.languages[0]) if case.strategy_why else None,
        question=_question(session, case, settings),
        offers=_offers(session, case, settings),
        tasks=_tasks(session, case, settings),
        whys=tuple(whys_of(session, case)),
        whys_needed=settings.whys.needed(case.severity),
        merged_into=f"K-{case.merged_into}" if case.merged_into is not None else None,
        parts=tuple((part, f"K-{part}") for part in _parts(session, case)),
        links=_links(session, case),
        cause=case.cause,
        done=case.done,
        follow_ups=_follow_ups(session, case, draft.language if draft else settings.brand.languages[0], settings),
        timeline=tuple(timeline(session, case_id, settings)),
    )
    return _with_reply(_with_mention(begun, session, case.mention), session, case.mention, draft, settings, channels)


def _with_mention(view: CaseView, session: Session, mention: Mention) -> CaseView:
    """What was said, and what the model makes of it."""
    revisions = revisions_of(session, mention.id)
    now = revisions[-1]
    assessment = assessment_of(session, now.id) or _last_assessment(session, revisions)
    seen = replace(
        view,
        stars=now.rating,
        stars_before=_stars_before(revisions),
        location=mention.location,
        source=mention.source.key,
        source_kind=mention.source.kind,
        kind=mention.kind,
        url=mention.url,
        copies=copies_of(session, mention.id),
        reach=reach_of(session, mention) or 0,
        posted_at=mention.posted_at,
        gone_at=mention.gone_at,
        title=now.title,
        text=now.text,
    )
    if assessment is None:
        return seen
    return replace(
        seen,
        language=assessment.language,
        evidence=assessment.evidence.get("text"),
        topics=tuple(topic["name"] for topic in assessment.topics),
        urgency=assessment.urgency,
        reasons=tuple(assessment.reasons),
    )


def _with_reply(
    view: CaseView,
    session: Session,
    mention: Mention,
    draft: Draft | None,
    settings: Settings,
    channels: Channels | None,
) -> CaseView:
    """What is to be answered, what waits to be published, and what was."""
    reply, waiting = live_reply(session, view.case_id), approved_reply(session, view.case_id)
    seen = replace(
        view,
        channel=_channel(mention, waiting, channels),
        undo=settings.publish.undo,
        publishing=_publishing(session, waiting),
        approved=waiting.text if waiting and waiting.channel == MANUAL else None,
        reply=reply.text if reply else None,
        reply_at=reply.posted_at if reply else None,
    )
    if draft is None:
        return seen
    return replace(
        seen,
        draft=draft.text,
        draft_language=draft.language,
        alternatives=tuple((one["tone"], one["text"]) for one in draft.alternatives),
        findings=tuple(FindingView(f["rule"], f["level"], f["why"]) for f in draft.findings),
    )


def _channel(mention: Mention, waiting: Reply | None, channels: Channels | None) -> str:
    if waiting is not None:
        return waiting.channel
    return channels.name_for(mention) if channels is not None else "manual"


def _publishing(session: Session, waiting: Reply | None) -> PublishingView | None:
    delivery = delivery_of(session, publish_key(waiting)) if waiting is not None else None
    if waiting is None or delivery is None or delivery.state not in ("due", "claimed", "given_up", "unclear"):
        return None
    return PublishingView(waiting.text, delivery.state, delivery.due_at, delivery.error)


def _question(session: Session, case: Case, settings: Settings) -> QuestionView | None:
    question = last_question(session, case)
    if question is None or session.scalar(_FOR_APPROVAL, {"case": case.id}) is None:
        return None
    note = session.get(Note, question.note) if question.note is not None else None
    person = settings.people.get(question.asked_by)
    name = person.name if person else question.asked_by
    return QuestionView(question.asked_by, name, question.until, note.text if note else "")


def _offers(session: Session, case: Case, settings: Settings) -> tuple[OfferView, ...]:
    return tuple(
        OfferView(
            one.id, one.remedy, format(one.amount, "f"), one.currency, one.state,
            settings.people[one.made_by].name if one.made_by in settings.people else one.made_by, one.expires_at,
        )
        for one in offers_of(session, case.id)
    )  # fmt: skip


def _tasks(session: Session, case: Case, settings: Settings) -> tuple[TaskView, ...]:
    return tuple(
        TaskView(
            one.id, one.kind, one.text,
            settings.people[one.assignee].name if one.assignee in settings.people else one.assignee,
            one.due_at, one.done_at is not None,
        )
        for one in tasks_of(session, case.id)
    )  # fmt: skip


def _follow_ups(session: Session, case: Case, language: str, settings: Settings) -> tuple[FollowUpView, ...]:
    return tuple(
        FollowUpView(
            one.kind, one.due_at.astimezone(settings.brand.zone), one.done_at,
            settings.people[one.done_by].name if one.done_by in settings.people else one.done_by,
            "" if one.done_at else follow_up_message(case, one.kind, language, settings),
        )
        for one in follow_ups_of(session, case.id)
        if one.kind in BY_PEOPLE
    )  # fmt: skip


def _parts(session: Session, case: Case) -> list[int]:
    return list(session.scalars(_PARTS, {"case": case.id}))


def _links(session: Session, case: Case) -> tuple[LinkView, ...]:
    """The links that make this case's author one person with others, each with the account that it adds."""
    if case.author_id is None:
        return ()
    own = linked_authors(session, case.author_id)
    if own == {case.author_id}:
        return ()
    rows = session.scalars(
        select(AuthorLink)
        .where(AuthorLink.unlinked_at.is_(None), AuthorLink.author_id.in_(own))
        .order_by(AuthorLink.id)
    )
    found = []
    for row in rows:
        other = session.get_one(Author, row.other_id if row.author_id == case.author_id else row.author_id)
        found.append(LinkView(row.id, other.name or "", session.get_one(Source, other.source_id).key, row.shown_by))
    return tuple(found)


def _stars_before(revisions: list[Revision]) -> float | None:
    """The rating before the present one, when it changed."""
    now = revisions[-1].rating
    return next((old.rating for old in reversed(revisions[:-1]) if old.rating != now), None)


def _last_assessment(session: Session, revisions: list[Revision]) -> Assessment | None:
    """An edit may not be assessed yet: what was found before still stands."""
    found = (assessment_of(session, revision.id) for revision in reversed(revisions))
    return next((assessment for assessment in found if assessment is not None), None)
