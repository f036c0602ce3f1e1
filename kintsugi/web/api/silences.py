"""Silences, and who decides while somebody is away."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.routing.silences import end_silence, make_silence
from kintsugi.desk.desk import Desk
from kintsugi.web.api.answer import NOT_MODIFIED, answered, done, must_match
from kintsugi.web.api.cursor import Paging
from kintsugi.web.api.once import Posted, posted
from kintsugi.web.api.problem import ProblemError, documented, not_found
from kintsugi.web.api.refusing import done_or_refused
from kintsugi.web.api.values import Id, Line, Moment, Sent, Shown, Word
from storage.silence import Silence

if TYPE_CHECKING:
    from kintsugi.app import App


class SilenceQuery(Paging):
    """Which silences: those that have not ended, or all."""

    ended: bool = False


class SilenceRow(Shown):
    """Alerts whose labels satisfy all matchers are not told from `starts_at` to `ends_at`."""

    id: int
    matchers: list[str]
    starts_at: datetime
    ends_at: datetime
    weekly: dict[str, Any] | None
    reason: str
    made_by: str
    made_at: datetime


class SilencePage(Shown):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[SilenceRow]
    next: str | None


class NewSilence(Sent):
    """Matchers as Alertmanager writes them (`topic="food"`); `starts_at` is now unless given."""

    matchers: Annotated[list[Word], Field(min_length=1, max_length=20)]
    starts_at: Moment | None = None
    ends_at: Moment
    reason: Line


class NewAbsence(Sent):
    """Person ids, and the time in between."""

    person: Word
    delegate: Word
    since: Moment
    until: Moment


class AbsenceAnswer(Shown):
    """Who decides for whom."""

    person: str
    delegate: str
    since: datetime
    until: datetime


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["silences"])

    @routes.get("/silences", response_model=SilencePage, responses=documented() | NOT_MODIFIED)
    def list_silences(request: Request, asked: Annotated[SilenceQuery, Query()]) -> Response:
        """Silences, the newest first."""
        query = select(Silence).order_by(Silence.id.desc()).limit(asked.limit + 1)
        if not asked.ended:
            query = query.where(Silence.ends_at > app.clock.now())
        if asked.after_id is not None:
            query = query.where(Silence.id < asked.after_id)
        with app.database.read() as session:
            page, following = asked.cut(session.scalars(query).all(), lambda one: (None, one.id))
        return answered(request, SilencePage(items=[SilenceRow.model_validate(one) for one in page], next=following))

    @routes.post("/silences", status_code=201, response_model=SilenceRow, responses=posted())
    def create_silence(new: NewSilence, post: Posted) -> Response:
        """Mutes what matches until a moment."""

        def work(app: App, session: Session) -> Response:
            post.caller.needs_action(session, "silence", None, app)
            at = app.clock.now()
            try:
                made = make_silence(
                    session, new.matchers, starts_at=new.starts_at or at, ends_at=new.ends_at, reason=new.reason,
                    made_by=post.caller.actor, at=at,
                )  # fmt: skip
            except ValueError as error:
                raise ProblemError(422, "silence", str(error)) from None
            return done(SilenceRow.model_validate(made), 201)

        return post.once(app, work)

    @routes.post("/silences/{silence_id}/end", response_model=SilenceRow, responses=posted())
    def end_one_silence(silence_id: Id, post: Posted) -> Response:
        """Ends it now; one that has not begun never will."""

        def work(app: App, session: Session) -> Response:
            post.caller.needs_action(session, "silence", None, app)
            silence = session.get(Silence, silence_id)
            if silence is None:
                raise not_found(f"silence {silence_id}")
            must_match(post.if_match, SilenceRow.model_validate(silence))
            end_silence(silence, app.clock.now())
            session.flush()
            return done(SilenceRow.model_validate(silence))

        return post.once(app, work)

    _absences(app, routes)
    return routes


def _absences(app: App, routes: APIRouter) -> None:
    """Who decides while somebody is away."""

    @routes.post("/absences", status_code=201, response_model=AbsenceAnswer, responses=posted())
    def delegate_decisions(new: NewAbsence, post: Posted) -> Response:
        """While a person is away another one decides with that person's authority."""

        def work(app: App, session: Session) -> Response:
            caller = post.caller
            caller.needs_action(session, "delegate", None, app)
            done_or_refused(Desk(app).delegate(new.person, new.delegate, new.since, new.until, caller.actor))
            return done(AbsenceAnswer.model_validate(new), 201)

        return post.once(app, work)
