"""Every move of a case as POST /cases/{ref}/{move}: by the one desk, asked of the one table of permissions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, Response
from sqlalchemy.orm import Session

from alerts.permission import at_least
from kintsugi.desk.desk import Desk
from kintsugi.web.api.answer import done, must_match
from kintsugi.web.api.case_moves import MOVES, Move, Nothing
from kintsugi.web.api.case_shape import CaseAnswer, case_answer, case_by_ref
from kintsugi.web.api.once import Post, Posted, posted
from kintsugi.web.api.problem import ProblemError
from kintsugi.web.api.refusing import done_or_refused
from kintsugi.web.api.values import Ref

if TYPE_CHECKING:
    from kintsugi.app import App


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["cases"])
    for move in MOVES:
        routes.add_api_route(
            f"/cases/{{ref}}/{move.name}",
            _endpoint(app, move),
            methods=["POST"],
            name=f"{move.name}_case",
            summary=move.name.replace("_", " "),
            description=move.sent.__doc__ or "",
            response_model=CaseAnswer,
            responses=posted(),
        )
    return routes


def _endpoint(app: App, move: Move) -> Callable[..., Response]:
    def endpoint(ref: Ref, post: Posted, sent: Any) -> Response:
        return post.once(app, lambda inside, session: _moved(inside, session, move, ref, post, sent))

    def without_words(ref: Ref, post: Posted, sent: Any = None) -> Response:
        return endpoint(ref, post, sent)

    made = without_words if move.sent is Nothing else endpoint
    # FastAPI reads what is sent, and how it is described, from the annotation.
    kind: Any = move.sent | None if move.sent is Nothing else move.sent
    made.__annotations__["sent"] = Annotated[kind, Body()]
    return made


def _moved(app: App, session: Session, move: Move, ref: str, post: Post, sent: Any) -> Response:
    case, caller = case_by_ref(session, ref), post.caller
    caller.needs_action(session, move.action, case, app)
    if getattr(sent, "despite", None) and not at_least(caller.rank, "lead"):
        raise ProblemError(403, "needs_a_lead", "a lead decides to send a reply in spite of a warning")
    if post.if_match is not None:
        must_match(post.if_match, case_answer(session, case, caller, app))
    done_or_refused(move.do(Desk(app), case.id, caller.actor, sent))
    session.flush()
    session.refresh(case)
    return done(case_answer(session, case, caller, app))
