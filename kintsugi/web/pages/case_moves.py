"""What a person can do with a case in the pages: the moves of the one desk, each a post that comes back to the case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Request, Response

from kintsugi.desk.desk import Desk
from kintsugi.web.api.values import CaseId
from kintsugi.web.pages.case import LONGEST, REASONS, SNOOZES
from kintsugi.web.pages.case_post import moved
from kintsugi.web.rendering import shown_to

if TYPE_CHECKING:
    from kintsugi.app import App

Text = Annotated[str, Form(max_length=LONGEST)]
Line = Annotated[str, Form(max_length=2000)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes, desk = APIRouter(), Desk(app)

    @routes.post("/cases/{case_id}/claim")
    def claim(request: Request, case_id: CaseId) -> Response:
        """Takes it."""
        return moved(app, request, case_id, "claim", lambda actor: desk.claim(case_id, actor))

    @routes.post("/cases/{case_id}/escalate")
    def escalate(request: Request, case_id: CaseId) -> Response:
        """The next step of the plan runs now."""
        return moved(app, request, case_id, "escalate", lambda actor: desk.escalate(case_id, actor))

    @routes.post("/cases/{case_id}/note")
    def note(request: Request, case_id: CaseId, text: Line = "") -> Response:
        """Adds a note."""
        return moved(app, request, case_id, "note", lambda actor: desk.note(case_id, actor, text), {"note": text})

    _reply(app, routes, desk)
    _endings(app, routes, desk)
    return routes


def _reply(app: App, routes: APIRouter, desk: Desk) -> None:
    """What becomes of the public reply."""

    @routes.post("/cases/{case_id}/approve")
    def approve(request: Request, case_id: CaseId, text: Text = "", despite: Line = "") -> Response:
        """Stands for this text."""
        typed = {"text": text, "despite": despite}
        return moved(
            app, request, case_id, "approve", lambda actor: desk.approve(case_id, actor, text, despite or None), typed
        )

    @routes.post("/cases/{case_id}/edit")
    def edit(request: Request, case_id: CaseId, text: Text = "") -> Response:
        """Proposes this text from now on."""
        return moved(app, request, case_id, "edit", lambda actor: desk.edit(case_id, actor, text), {"text": text})

    @routes.post("/cases/{case_id}/ask_approval")
    def ask_approval(request: Request, case_id: CaseId, text: Text = "", question: Line = "") -> Response:
        """Asks somebody else to approve this text."""
        typed = {"text": text, "question": question}
        return moved(
            app, request, case_id, "ask_approval", lambda who: desk.ask_approval(case_id, who, text, question), typed
        )

    @routes.post("/cases/{case_id}/decline")
    def decline(request: Request, case_id: CaseId, reason: Line = "") -> Response:
        """Sends the reply back, or takes the question back."""
        typed = {"reason": reason}
        return moved(app, request, case_id, "decline", lambda actor: desk.decline(case_id, actor, reason), typed)

    @routes.post("/cases/{case_id}/undo")
    def undo(request: Request, case_id: CaseId) -> Response:
        """Takes the approval back."""
        return moved(app, request, case_id, "undo", lambda actor: desk.undo(case_id, actor))

    @routes.post("/cases/{case_id}/take_down")
    def take_down(request: Request, case_id: CaseId, reason: Line = "") -> Response:
        """Has the live reply deleted."""
        return moved(
            app, request, case_id, "take_down", lambda actor: desk.take_down(case_id, actor, reason), {"reason": reason}
        )

    @routes.post("/cases/{case_id}/posted")
    def posted(request: Request, case_id: CaseId, text: Text = "", url: Line = "") -> Response:
        """The reply was posted on the site by hand."""
        address = url.strip() if url.strip().startswith(("https://", "http://")) else None
        return moved(
            app,
            request,
            case_id,
            "posted",
            lambda actor: desk.post_manual(case_id, actor, text or None, address),
            {"text": text, "url": url},
        )


def _endings(app: App, routes: APIRouter, desk: Desk) -> None:
    """The moves that put a case off, end it, begin it again, or correct what it is about."""

    @routes.post("/cases/{case_id}/snooze")
    def snooze(request: Request, case_id: CaseId, until: Line = "") -> Response:
        """Puts it off."""
        if until not in SNOOZES:
            raise HTTPException(400, "until: one of " + ", ".join(SNOOZES))
        moment = _until(until, app.clock.now(), shown_to(app, request).zone)
        return moved(app, request, case_id, "snooze", lambda actor: desk.snooze(case_id, actor, moment))

    @routes.post("/cases/{case_id}/not_a_case")
    def not_a_case(request: Request, case_id: CaseId, reason: Line = "", note: Line = "") -> Response:
        """Closes it as not a case."""
        if reason not in REASONS:
            raise HTTPException(400, "reason: one of " + ", ".join(REASONS))
        words = f"{reason}: {note.strip()}" if note.strip() else reason
        return moved(app, request, case_id, "not_a_case", lambda actor: desk.not_a_case(case_id, actor, words))

    @routes.post("/cases/{case_id}/resolve")
    def resolve(request: Request, case_id: CaseId, what: Line = "", cause: Line = "", whys: Line = "") -> Response:
        """The failure is put right. `whys`: one answer a line, each to why the one before it happened."""
        typed = {"what": what, "cause": cause, "whys": whys}
        answers = [line.strip() for line in whys.splitlines() if line.strip()]
        return moved(
            app, request, case_id, "resolve", lambda actor: desk.resolve(case_id, actor, what, cause, answers), typed
        )

    @routes.post("/cases/{case_id}/reopen")
    def reopen(request: Request, case_id: CaseId, reason: Line = "") -> Response:
        """Back to investigating."""
        return moved(
            app, request, case_id, "reopen", lambda actor: desk.reopen(case_id, actor, reason), {"reason": reason}
        )

    @routes.post("/cases/{case_id}/relabel")
    def relabel(
        request: Request,
        case_id: CaseId,
        sentiment: Line = "",
        severity: Line = "",
        topics: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        """Corrects what the model said."""
        return moved(
            app,
            request,
            case_id,
            "relabel",
            lambda actor: desk.relabel(case_id, actor, sentiment or None, severity or None, topics),
        )


def _until(name: str, at: datetime, zone: ZoneInfo) -> datetime:
    if name == "tomorrow":
        day = (at.astimezone(zone) + timedelta(days=1)).date()
        return datetime(day.year, day.month, day.day, 9, tzinfo=zone)
    spans = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "3d": timedelta(days=3), "1w": timedelta(weeks=1)}
    return at + spans[name]
