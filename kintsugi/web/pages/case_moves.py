"""What a person can do with a case in the pages: the moves of the one desk, each a post that comes back to the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from kintsugi.desk import Desk
from kintsugi.web.access import viewer_here
from kintsugi.web.api.values import Id
from kintsugi.web.pages.case import LONGEST, REASONS, SNOOZES, case_page
from kintsugi.web.rendering import shown_to
from kintsugi.web.viewer import why_not_on
from responder.refused import Refused
from storage.case import Case

if TYPE_CHECKING:
    from kintsugi.app import App

Text = Annotated[str, Form(max_length=LONGEST)]
Line = Annotated[str, Form(max_length=2000)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes, desk = APIRouter(), Desk(app)

    @routes.post("/cases/{case_id}/claim")
    def claim(request: Request, case_id: Id) -> Response:
        """Takes it."""
        return _made(app, request, case_id, "claim", lambda actor: desk.claim(case_id, actor))

    @routes.post("/cases/{case_id}/approve")
    def approve(request: Request, case_id: Id, text: Text = "", despite: Line = "") -> Response:
        """Stands for this text."""
        typed = {"text": text, "despite": despite}
        return _made(
            app, request, case_id, "approve", lambda actor: desk.approve(case_id, actor, text, despite or None), typed
        )

    @routes.post("/cases/{case_id}/undo")
    def undo(request: Request, case_id: Id) -> Response:
        """Takes the approval back."""
        return _made(app, request, case_id, "undo", lambda actor: desk.undo(case_id, actor))

    @routes.post("/cases/{case_id}/take_down")
    def take_down(request: Request, case_id: Id, reason: Line = "") -> Response:
        """Has the live reply deleted."""
        return _made(
            app, request, case_id, "take_down", lambda actor: desk.take_down(case_id, actor, reason), {"reason": reason}
        )

    @routes.post("/cases/{case_id}/posted")
    def posted(request: Request, case_id: Id, text: Text = "", url: Line = "") -> Response:
        """The reply was posted on the site by hand."""
        address = url.strip() if url.strip().startswith(("https://", "http://")) else None
        return _made(
            app,
            request,
            case_id,
            "posted",
            lambda actor: desk.post_manual(case_id, actor, text or None, address),
            {"text": text, "url": url},
        )

    @routes.post("/cases/{case_id}/escalate")
    def escalate(request: Request, case_id: Id) -> Response:
        """The next step of the plan runs now."""
        return _made(app, request, case_id, "escalate", lambda actor: desk.escalate(case_id, actor))

    @routes.post("/cases/{case_id}/note")
    def note(request: Request, case_id: Id, text: Line = "") -> Response:
        """Adds a note."""
        return _made(app, request, case_id, "note", lambda actor: desk.note(case_id, actor, text), {"note": text})

    _endings(app, routes, desk)
    return routes


def _endings(app: App, routes: APIRouter, desk: Desk) -> None:
    """The moves that put a case off, end it, begin it again, or correct what it is about."""

    @routes.post("/cases/{case_id}/snooze")
    def snooze(request: Request, case_id: Id, until: Line = "") -> Response:
        """Puts it off."""
        if until not in SNOOZES:
            raise HTTPException(400, "until: one of " + ", ".join(SNOOZES))
        moment = _until(until, app.clock.now(), shown_to(app, request).zone)
        return _made(app, request, case_id, "snooze", lambda actor: desk.snooze(case_id, actor, moment))

    @routes.post("/cases/{case_id}/not_a_case")
    def not_a_case(request: Request, case_id: Id, reason: Line = "", note: Line = "") -> Response:
        """Closes it as not a case."""
        if reason not in REASONS:
            raise HTTPException(400, "reason: one of " + ", ".join(REASONS))
        words = f"{reason}: {note.strip()}" if note.strip() else reason
        return _made(app, request, case_id, "not_a_case", lambda actor: desk.not_a_case(case_id, actor, words))

    @routes.post("/cases/{case_id}/resolve")
    def resolve(request: Request, case_id: Id, what: Line = "", cause: Line = "", whys: Line = "") -> Response:
        """The failure is put right. `whys`: one answer a line, each to why the one before it happened."""
        typed = {"what": what, "cause": cause, "whys": whys}
        answers = [line.strip() for line in whys.splitlines() if line.strip()]
        return _made(
            app, request, case_id, "resolve", lambda actor: desk.resolve(case_id, actor, what, cause, answers), typed
        )

    @routes.post("/cases/{case_id}/reopen")
    def reopen(request: Request, case_id: Id, reason: Line = "") -> Response:
        """Back to investigating."""
        return _made(
            app, request, case_id, "reopen", lambda actor: desk.reopen(case_id, actor, reason), {"reason": reason}
        )

    @routes.post("/cases/{case_id}/relabel")
    def relabel(
        request: Request,
        case_id: Id,
        sentiment: Line = "",
        severity: Line = "",
        topics: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        """Corrects what the model said."""
        return _made(
            app,
            request,
            case_id,
            "relabel",
            lambda actor: desk.relabel(case_id, actor, sentiment or None, severity or None, topics),
        )


def _made(
    app: App,
    request: Request,
    case_id: int,
    name: str,
    move: Callable[[str], Refused | None],
    typed: dict[str, str] | None = None,
) -> Response:
    """Makes a move if this viewer may, and comes back to the case: with what was done, or why not."""
    viewer = viewer_here(request)
    with app.database.read() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise HTTPException(404)
        why_not = why_not_on(viewer, case)
    if why_not is not None:
        raise HTTPException(403, why_not)
    if typed and typed.get("despite") and not viewer.may("lead"):
        refused: Refused | None = Refused("despite", "a lead decides to send a reply in spite of a warning")
    else:
        refused = move(viewer.actor)
    if refused is None:
        return RedirectResponse(f"/cases/{case_id}?done={name}", 303)
    words = shown_to(app, request).t
    said = words.known(f"refused.{refused.reason}") or refused.why
    if refused.reason.startswith("guard"):
        said = f"{said} – {refused.why}"
    return case_page(app, request, case_id, status=409, problem=said, typed={**(typed or {}), "move": name})


def _until(name: str, at: datetime, zone: ZoneInfo) -> datetime:
    if name == "tomorrow":
        day = (at.astimezone(zone) + timedelta(days=1)).date()
        return datetime(day.year, day.month, day.day, 9, tzinfo=zone)
    spans = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "3d": timedelta(days=3), "1w": timedelta(weeks=1)}
    return at + spans[name]
