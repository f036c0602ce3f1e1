"""The page of a case: reading it, looking at a clear name, and what the guard says while somebody writes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from kintsugi.web.access import viewer_here
from kintsugi.web.api.values import CaseId
from kintsugi.web.queries.case_work import case_work, checked_text, checked_unseen, start_of
from kintsugi.web.queries.whole_case import LOOKED, looked_lately, whole_case
from kintsugi.web.rendering import page, shown_to
from responder.cases.causes import CAUSES
from responder.outcome.corrections import SENTIMENTS
from storage.account import write_audit
from storage.assessment import SEVERITIES
from storage.case import Case

if TYPE_CHECKING:
    from kintsugi.app import App

LONGEST = 10_000  # characters of a reply
REASONS = ("not_about_us", "not_negative", "duplicate", "spam", "other")
SNOOZES = ("1h", "4h", "tomorrow", "3d", "1w")


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/cases/{case_id}")
    def case(request: Request, case_id: CaseId, done: str = "") -> Response:
        """The page."""
        return case_page(app, request, case_id, done=done)

    @routes.post("/cases/{case_id}/author")
    def author(request: Request, case_id: CaseId) -> Response:
        """A look at the author's clear name: written down first, shown then."""
        viewer, at = viewer_here(request), app.clock.now()
        with app.database.write() as session:
            if session.get(Case, case_id) is None:
                raise HTTPException(404)
            write_audit(session, LOOKED, actor=viewer.actor, at=at, case=case_id)
        return RedirectResponse(f"/cases/{case_id}", 303)

    @routes.post("/cases/{case_id}/guard")
    def guard(request: Request, case_id: CaseId, text: Annotated[str, Form(max_length=LONGEST)] = "") -> Response:
        """What the guard says of this text: a part of the page."""
        with app.database.read() as session:
            case = session.get(Case, case_id)
            if case is None:
                raise HTTPException(404)
            checked = checked_text(session, case, text, app.settings)
        return page(app, request, "guard.html", checked=checked)

    return routes


def case_page(
    app: App,
    request: Request,
    case_id: int,
    *,
    status: int = 200,
    done: str = "",
    problem: str | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """The page of a case; `typed` gives back what somebody entered that was refused with `problem`."""
    viewer, at, shown = viewer_here(request), app.clock.now(), shown_to(app, request)
    with app.database.read() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise HTTPException(404)
        whole = whole_case(session, case, viewer, app, shown.language)
        noted = looked_lately(session, case_id, viewer, at)
        draft = start_of(whole.view, request.query_params.get("version", ""))
        # A draft without the name that it is for would be found wrong.
        settings = app.settings
        checked = (
            checked_text(session, case, draft, settings) if whole.named else checked_unseen(session, case, settings)
        )
    if whole.named and whole.view.author is not None and not noted:
        with app.database.write() as session:
            write_audit(session, LOOKED, actor=viewer.actor, at=at, case=case_id)
    return page(
        app,
        request,
        "case.html",
        status=status,
        whole=whole,
        view=whole.view,
        work=case_work(app, whole, viewer, shown, request.query_params),
        draft=draft,
        checked=checked,
        done=shown.t.known(f"done.{done}") if done else None,
        problem=problem,
        typed=defaultdict(str, typed or {}),
        causes=[(cause.name, cause.ja if shown.language == "ja" else cause.en) for cause in CAUSES.values()],
        reasons=REASONS,
        snoozes=SNOOZES,
        sentiments=SENTIMENTS,
        severities=SEVERITIES,
        topics=app.settings.topics_known,
        person=lambda key: app.settings.people[key].name if key in app.settings.people else key,
    )
