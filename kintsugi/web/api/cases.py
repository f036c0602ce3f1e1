"""Cases: lists, one of them with its timeline, its events and drafts, and cases that somebody opens by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.messages.plain import cleaned
from kintsugi.desk.reported import report_by_hand
from kintsugi.web.api.answer import NOT_MODIFIED, answered, done
from kintsugi.web.api.caller import caller_here
from kintsugi.web.api.case_list import CaseQuery, CaseRow, case_places, rows_of
from kintsugi.web.api.case_shape import Alternative, CaseAnswer, case_answer, case_by_ref, read_case
from kintsugi.web.api.once import Posted, posted
from kintsugi.web.api.problem import ProblemError, documented
from kintsugi.web.api.values import Ref, Sent, Shown, Text
from kintsugi.web.queries.whole_case import LOOKED, hidden
from storage.account import write_audit
from storage.case import Case
from storage.draft import Draft
from storage.event import events_of

if TYPE_CHECKING:
    from kintsugi.app import App

ONE: dict[int | str, dict[str, Any]] = documented(404) | NOT_MODIFIED


class CasePage(Shown):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[CaseRow]
    next: str | None


class EventRow(Shown):
    """One line of the log. `data` holds digests of personal text, never the text."""

    number: int
    kind: str
    actor: str
    at: datetime
    data: dict[str, Any]


class Events(Shown):
    """The timeline as it is kept, oldest first."""

    items: list[EventRow]


class DraftRow(Shown):
    """One proposed reply, with what the guard says of it. The last one is proposed now."""

    number: int
    language: str
    text: str
    alternatives: list[Alternative]
    findings: list[dict[str, Any]]
    drafter: str
    made_at: datetime


class Drafts(Shown):
    """Every draft, oldest first."""

    items: list[DraftRow]


class NewCase(Sent):
    """What somebody wrote or said, and where."""

    text: Text
    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[!-~]+$")] | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["cases"])

    @routes.get("/cases", response_model=CasePage, responses=documented() | NOT_MODIFIED)
    def list_cases(request: Request, asked: Annotated[CaseQuery, Query()]) -> Response:
        """Cases by state, owner and what is due."""
        with app.database.read() as session:
            found = case_places(session, asked.conditions(), asked.order, asked.after, asked.limit + 1)
            page, following = asked.cut(found, lambda one: one)
            rows = rows_of(session, [number for _, number in page], app.settings)
        return answered(request, CasePage(items=rows, next=following))

    @routes.get("/cases/{ref}", response_model=CaseAnswer, responses=ONE)
    def get_case(request: Request, ref: Ref) -> Response:
        """One case with its timeline."""
        return answered(request, read_case(app, ref, caller_here(request)))

    @routes.get("/cases/{ref}/events", response_model=Events, responses=ONE)
    def list_events(request: Request, ref: Ref) -> Response:
        """The timeline as it is kept and proved."""
        with app.database.read() as session:
            rows = events_of(session, case_by_ref(session, ref).id)
        return answered(request, Events(items=[EventRow.model_validate(row) for row in rows]))

    @routes.get("/cases/{ref}/drafts", response_model=Drafts, responses=ONE)
    def list_drafts(request: Request, ref: Ref) -> Response:
        """Every draft of its reply; the author's name is hidden as in the case itself."""
        shown = read_case(app, ref, caller_here(request))
        with app.database.read() as session:
            case = case_by_ref(session, ref)
            name = case.author.name if case.author and shown.author is None else None
            rows = list(session.scalars(select(Draft).where(Draft.case_id == case.id).order_by(Draft.number)))
        return answered(request, Drafts(items=[_draft(row, name) for row in rows]))

    _entries(app, routes)
    return routes


def _entries(app: App, routes: APIRouter) -> None:
    """What somebody reports, and a look at who wrote it."""

    @routes.post("/cases", status_code=201, response_model=CaseAnswer, responses=posted())
    def open_case(new: NewCase, post: Posted) -> Response:
        """Opens a case from what somebody heard or saw, whatever the criteria say; the same again is the same case."""
        if not new.text.strip():
            raise ProblemError(422, "empty", "text: write at least one word")
        app.assessor  # noqa: B018  # opened before the transaction, for all requests

        def work(app: App, session: Session) -> Response:
            post.caller.needs_action(session, "open_case", None, app)
            case = session.get_one(Case, report_by_hand(app, new.text, new.url, post.caller.actor))
            return done(case_answer(session, case, post.caller, app), 201, Location=f"cases/{case.ref}")

        return post.once(app, work)

    @routes.post("/cases/{ref}/author", response_model=CaseAnswer, responses=posted())
    def look_at_author(ref: Ref, post: Posted) -> Response:
        """A look at the author's clear name, which is written down; for a quarter of an hour the case shows it."""

        def work(app: App, session: Session) -> Response:
            case = case_by_ref(session, ref)
            post.caller.needs_action(session, "note", case, app)
            write_audit(session, LOOKED, actor=post.caller.actor, at=app.clock.now(), case=case.id)
            session.flush()
            return done(case_answer(session, case, post.caller, app))

        return post.once(app, work)


def _draft(row: Draft, name: str | None) -> DraftRow:
    def shown(text: str) -> str:
        return cleaned(hidden(text, name or ""))

    return DraftRow(
        number=row.number,
        language=row.language,
        text=shown(row.text),
        alternatives=[Alternative(tone=one["tone"], text=shown(one["text"])) for one in row.alternatives],
        findings=row.findings,
        drafter=row.drafter,
        made_at=row.made_at,
    )
