"""A move of a case as the post of a form: made if the viewer may, then back to the case with what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from alerts.messages.wording import words_in
from kintsugi.web.access import viewer_here
from kintsugi.web.failing import SaidError
from kintsugi.web.pages.case import case_page
from kintsugi.web.rendering import shown_to
from kintsugi.web.viewer import why_not_on
from responder.cases.refused import Refused
from storage.case import Case

if TYPE_CHECKING:
    from kintsugi.app import App

# Where the page goes on after a move: the part that shows what changed.
PARTS = {
    "offer": "offers", "offer_approve": "offers", "offer_refuse": "offers", "offer_redeem": "offers",
    "offer_withdraw": "offers", "task": "tasks", "finish_task": "tasks", "checklist": "tasks", "staff": "notes",
    "whys": "whys", "told": "progress", "link": "joint", "unlink": "joint",
}  # fmt: skip
# An offer is decided by whoever has the authority, of whichever team (alerts.permission).
ANYWHERE = ("offer_approve", "offer_refuse")


def moved(
    app: App,
    request: Request,
    case_id: int,
    name: str,
    move: Callable[[str], Refused | None],
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Makes a move, and comes back to the case: with what was done, or with what was typed and why not."""
    viewer = viewer_here(request)
    with app.database.read() as session:
        case = session.get(Case, case_id)
        if case is None:
            raise HTTPException(404)
        why_not = why_not_on(viewer, case) if name not in ANYWHERE else None
    if why_not is not None:
        raise SaidError(403, why_not, f"problem.{why_not}")
    if typed and typed.get("despite") and not viewer.may("lead"):
        refused: Refused | None = Refused("despite", "a lead decides to send a reply in spite of a warning")
    else:
        refused = move(viewer.actor)
    if refused is None:
        part = f"#{PARTS[name]}" if name in PARTS else ""
        return RedirectResponse(f"/cases/{case_id}?done={name}{part}", 303)
    said = _said(app, request, refused)
    return case_page(app, request, case_id, status=409, problem=said, typed={**(typed or {}), "move": name})


def _said(app: App, request: Request, refused: Refused) -> str:
    """Why not, in the viewer's words: those of the pages, else those that Slack has for the same reason."""
    words = shown_to(app, request).t
    own = words.known(f"refused.{refused.reason}")
    if own is None:
        return words_in(words.language).get(f"refused.{refused.reason}", "{why}").format(why=refused.why)
    return f"{own} – {refused.why}" if refused.reason.startswith("guard") else own
