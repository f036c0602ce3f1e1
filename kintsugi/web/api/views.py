"""Saved views: searches that somebody keeps under a name, the same as on the page Mentions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from kintsugi.web.api.answer import NOT_MODIFIED, answered, done
from kintsugi.web.api.caller import Caller, caller_here
from kintsugi.web.api.once import Posted, posted
from kintsugi.web.api.problem import ProblemError, documented, not_found
from kintsugi.web.api.values import Id, Line, Sent, Shown
from kintsugi.web.queries.filters import filters_of
from kintsugi.web.queries.views import MOST_VIEWS, keep_view, views_of
from storage.account import Account, SavedView

if TYPE_CHECKING:
    from kintsugi.app import App

Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]


class ViewRow(Shown):
    """One view. `query` is what stands after the question mark of the page Mentions."""

    id: int
    name: str
    query: str
    made_at: datetime


class Views(Shown):
    """The views of the token's person, by name."""

    items: list[ViewRow]


class NewView(Sent):
    """A search; the same name again replaces it."""

    name: Name
    query: Line


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["mentions"])

    @routes.get("/views", response_model=Views, responses=documented(409) | NOT_MODIFIED)
    def list_views(request: Request) -> Response:
        """The searches that the token's person keeps."""
        with app.database.read() as session:
            return answered(request, _views(session, _account(session, caller_here(request))))

    @routes.post("/views", response_model=Views, responses=posted())
    def keep(new: NewView, post: Posted) -> Response:
        """Keeps a search; all of them are answered."""

        def work(app: App, session: Session) -> Response:
            account, query = _account(session, post.caller), filters_of(dict(parse_qsl(new.query))).query
            if not query:
                raise ProblemError(422, "no_filter", "query: name at least one filter, such as sentiment=negative")
            if keep_view(session, account, new.name.strip(), query, app.clock.now()) is None:
                raise ProblemError(409, "too_many", f"at most {MOST_VIEWS} views are kept: delete one first")
            session.flush()
            return done(_views(session, account))

        return post.once(app, work)

    @routes.post("/views/{view_id}/delete", response_model=Views, responses=posted())
    def forget(view_id: Id, post: Posted) -> Response:
        """Forgets one; those that are left are answered."""

        def work(_app: App, session: Session) -> Response:
            account, row = _account(session, post.caller), session.get(SavedView, view_id)
            if row is None or row.account_id != account:
                raise not_found(f"view {view_id} of yours")
            session.delete(row)
            session.flush()
            return done(_views(session, account))

        return post.once(app, work)

    return routes


def _account(session: Session, caller: Caller) -> int:
    """Views belong to accounts: that of the token's person."""
    found = session.scalar(
        select(Account.id).where(Account.person == caller.person, Account.ended_at.is_(None)).order_by(Account.id)
    )
    if caller.person is None or found is None:
        raise ProblemError(409, "no_account", "views are kept for people who can sign in; this token is none's")
    return found


def _views(session: Session, account_id: int) -> Views:
    return Views(items=[ViewRow.model_validate(one) for one in views_of(session, account_id)])
