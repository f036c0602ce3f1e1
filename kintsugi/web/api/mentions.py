"""Mentions: search, one of them, what it said before, and corrections of what the model said."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.messages.plain import public
from kintsugi.desk.desk import Desk
from kintsugi.web.api.answer import NOT_MODIFIED, answered, done, must_match
from kintsugi.web.api.mention_list import (
    LONGEST,
    MentionQuery,
    MentionRow,
    Sentiment,
    Severity,
    mention_ids,
    mention_rows,
)
from kintsugi.web.api.once import Posted, posted
from kintsugi.web.api.problem import ProblemError, documented, not_found
from kintsugi.web.api.refusing import done_or_refused
from kintsugi.web.api.values import Id, Number, Sent, Shown, Word
from responder.outcome.corrections import relabel
from storage.assessment import assessment_of
from storage.case import case_of_mention
from storage.mention import Mention, revisions_of

if TYPE_CHECKING:
    from kintsugi.app import App


class MentionPage(Shown):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[MentionRow]
    next: str | None


class Opinion(Shown):
    """What the model said of the newest revision, before anybody corrected it."""

    sentiment: str
    negative: float
    neutral: float
    positive: float
    emotion: str
    urgency: str
    severity: str
    topics: list[dict[str, str | float]]
    reasons: list[str]
    evidence: str | None
    model: str
    assessed_at: datetime


class MentionAnswer(MentionRow):
    """One mention with all that is known of it."""

    kind: str
    product_version: str | None
    posted_at: datetime | None
    first_seen_at: datetime
    gone_at: datetime | None
    revisions: int
    reply: str | None
    reply_at: datetime | None
    opinion: Opinion | None


class RevisionRow(Shown):
    """What a mention said at one time."""

    number: int
    seen_at: datetime
    edited_at: datetime | None
    rating: float | None
    title: str | None
    text: str


class Revisions(Shown):
    """Every version, oldest first."""

    items: list[RevisionRow]


class ManyLabels(Sent):
    """The same of many mentions at once."""

    ids: Annotated[list[Number], Field(min_length=1, max_length=200)]
    sentiment: Sentiment | None = None
    severity: Severity | None = None
    topics: Annotated[list[Word], Field(min_length=1, max_length=20)] | None = None


class Relabelled(Shown):
    """The mentions that were corrected; those that do not exist are left out."""

    ids: list[int]


class Labels(Sent):
    """What is true; what is left out stays."""

    sentiment: Sentiment | None = None
    severity: Severity | None = None
    topics: Annotated[list[Word], Field(min_length=1, max_length=20)] | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["mentions"])

    @routes.get("/mentions", response_model=MentionPage, responses=documented() | NOT_MODIFIED)
    def list_mentions(request: Request, asked: Annotated[MentionQuery, Query()]) -> Response:
        """Mentions by filters, the newest first."""
        with app.database.read() as session:
            conditions = asked.conditions(session, app.settings.brand.zone, app.clock.now())
            found = mention_ids(session, conditions, asked.after, asked.limit + 1)
            page, following = asked.cut(found, lambda one: one)
            rows = mention_rows(session, [number for _, number in page])
        return answered(request, MentionPage(items=rows, next=following))

    @routes.get("/mentions/{mention_id}", response_model=MentionAnswer, responses=documented(404) | NOT_MODIFIED)
    def get_mention(request: Request, mention_id: Id) -> Response:
        """One mention as it reads now."""
        with app.database.read() as session:
            return answered(request, mention_answer(session, mention_id))

    @routes.get("/mentions/{mention_id}/revisions", response_model=Revisions, responses=documented(404) | NOT_MODIFIED)
    def list_revisions(request: Request, mention_id: Id) -> Response:
        """What it said, from the first time on."""
        with app.database.read() as session:
            rows = revisions_of(session, mention_id)
        if not rows:
            raise not_found(f"mention {mention_id}")
        return answered(request, Revisions(items=[RevisionRow.model_validate(_masked(row)) for row in rows]))

    _corrections(app, routes)
    return routes


def _corrections(app: App, routes: APIRouter) -> None:
    """What the model said is put right."""

    @routes.post("/mentions/relabel", response_model=Relabelled, responses=posted())
    def relabel_mentions(labels: ManyLabels, post: Posted) -> Response:
        """Corrects what the model said of many mentions, all or none."""

        def work(app: App, session: Session) -> Response:
            if not (labels.sentiment or labels.severity or labels.topics):
                raise ProblemError(422, "nothing_said", "say sentiment, severity or topics")
            found = list(session.scalars(select(Mention).where(Mention.id.in_(labels.ids)).order_by(Mention.id)))
            for mention in found:
                result = relabel(
                    session, mention, actor=post.caller.actor, at=app.clock.now(),
                    topics_known=app.settings.topics_known, sentiment=labels.sentiment, severity=labels.severity,
                    topics=labels.topics,
                )  # fmt: skip
                done_or_refused(result)
            return done(Relabelled(ids=[mention.id for mention in found]))

        return post.once(app, work)

    @routes.post("/mentions/{mention_id}/relabel", response_model=MentionAnswer, responses=posted())
    def relabel_mention(mention_id: Id, labels: Labels, post: Posted) -> Response:
        """Corrects what the model said; its case, where it has one, follows."""

        def work(app: App, session: Session) -> Response:
            mention = session.get(Mention, mention_id)
            if mention is None:
                raise not_found(f"mention {mention_id}")
            if labels == Labels():
                raise ProblemError(422, "nothing_said", "say sentiment, severity or topics")
            case, actor = case_of_mention(session, mention_id), post.caller.actor
            post.caller.needs_action(session, "relabel" if case is not None else "open_case", case, app)
            must_match(post.if_match, mention_answer(session, mention_id))
            if case is not None:
                result: object = Desk(app).relabel(case.id, actor, labels.sentiment, labels.severity, labels.topics)
            else:
                result = relabel(
                    session, mention, actor=actor, at=app.clock.now(), topics_known=app.settings.topics_known,
                    sentiment=labels.sentiment, severity=labels.severity, topics=labels.topics,
                )  # fmt: skip
            done_or_refused(result)
            return done(mention_answer(session, mention_id))

        return post.once(app, work)


def mention_answer(session: Session, mention_id: int) -> MentionAnswer:
    """One mention as callers see it. Raises ProblemError where there is none."""
    mention, rows = session.get(Mention, mention_id), mention_rows(session, [mention_id])
    if mention is None or not rows:
        raise not_found(f"mention {mention_id}")
    revisions = revisions_of(session, mention_id)
    return MentionAnswer(
        **rows[0].model_dump(),
        kind=mention.kind,
        product_version=mention.product_version,
        posted_at=mention.posted_at,
        first_seen_at=mention.first_seen_at,
        gone_at=mention.gone_at,
        revisions=len(revisions),
        reply=public(mention.reply_text, LONGEST) if mention.reply_text else None,
        reply_at=mention.reply_at,
        opinion=_opinion(session, revisions[-1].id),
    )


def _opinion(session: Session, revision_id: int) -> Opinion | None:
    row = assessment_of(session, revision_id)
    if row is None:
        return None
    evidence = row.evidence.get("text")
    return Opinion(
        sentiment=row.sentiment,
        negative=row.negative,
        neutral=row.neutral,
        positive=row.positive,
        emotion=row.emotion,
        urgency=row.urgency,
        severity=row.severity,
        topics=row.topics,
        reasons=row.reasons,
        evidence=public(evidence, LONGEST) if evidence else None,
        model=row.model,
        assessed_at=row.assessed_at,
    )


def _masked(row: object) -> dict[str, object]:
    shown = {name: getattr(row, name) for name in RevisionRow.model_fields}
    title = shown["title"]
    return shown | {"title": public(title, 500) if title else None, "text": public(shown["text"], LONGEST)}
