"""The page *Mentions*: search and filters, saved views, corrections of many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from kintsugi.web.access import viewer_here
from kintsugi.web.api.values import Id, Number
from kintsugi.web.failing import SaidError
from kintsugi.web.queries.choices import choices
from kintsugi.web.queries.filters import filters_of
from kintsugi.web.queries.journey import cause_said
from kintsugi.web.queries.mentions import mentions
from kintsugi.web.queries.views import MOST_VIEWS, keep_view, views_of
from kintsugi.web.rendering import page, shown_to
from reports.behind import days_of
from reports.behind_words import counted_said
from reports.words import Words
from responder.cases.refused import Refused
from responder.outcome.corrections import SENTIMENTS, relabel
from storage.account import SavedView
from storage.assessment import SEVERITIES
from storage.mention import Mention

if TYPE_CHECKING:
    from kintsugi.app import App

MOST_AT_ONCE = 200
Line = Annotated[str, Form(max_length=2000)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/mentions")
    def search(request: Request, after: str = "", done: str = "") -> Response:
        """The page."""
        viewer, filters = viewer_here(request), filters_of(request.query_params)
        shown, at = shown_to(app, request), app.clock.now()
        with app.database.read() as session:
            found, following = mentions(session, filters, shown.zone, at, after)
            return page(
                app,
                request,
                "mentions.html",
                filters=filters,
                cause=cause_said(filters.cause, shown.language),
                cases=counted_said(filters.cases, Words(shown.language)),
                cases_days=f"mentions.days_{days_of(filters.cases)}",
                found=found,
                following=following,
                first=not after,
                choices=choices(session),
                views=views_of(session, viewer.account_id),
                sentiments=SENTIMENTS,
                severities=SEVERITIES,
                topics=app.settings.topics_known,
                done=int(done) if done.isdecimal() and len(done) < 6 else None,
            )

    _corrections(app, routes)
    _views(app, routes)
    return routes


def _corrections(app: App, routes: APIRouter) -> None:
    """What the model said is put right."""

    @routes.post("/mentions/relabel")
    def relabel_many(
        request: Request,
        ids: Annotated[list[Number] | None, Form()] = None,
        sentiment: Line = "",
        severity: Line = "",
        topic: Line = "",
        back: Line = "",
    ) -> Response:
        """Corrects what the model said of all ticked mentions, in one transaction."""
        viewer, at, chosen = viewer_here(request), app.clock.now(), list(dict.fromkeys(ids or []))
        if not chosen or len(chosen) > MOST_AT_ONCE or not (sentiment or severity or topic):
            raise SaidError(400, f"tick 1 to {MOST_AT_ONCE} mentions and say what is right", "problem.tick_some")
        with app.database.write() as session:
            found = list(session.scalars(select(Mention).where(Mention.id.in_(chosen))))
            for mention in found:
                result = relabel(
                    session, mention, actor=viewer.actor, at=at, topics_known=app.settings.topics_known,
                    sentiment=sentiment or None, severity=severity or None, topics=[topic] if topic else None,
                )  # fmt: skip
                if isinstance(result, Refused):
                    session.rollback()
                    raise SaidError(400, result.why, "problem.other_what")
        query = filters_of(dict(_pairs(back))).query
        return RedirectResponse(f"/mentions?done={len(found)}" + (f"&{query}" if query else ""), 303)


def _views(app: App, routes: APIRouter) -> None:
    """Searches that are kept under a name."""

    @routes.post("/mentions/views")
    def keep(request: Request, name: Line = "", query: Line = "") -> Response:
        """Keeps a search under a name; the same name again replaces it."""
        viewer, wanted = viewer_here(request), filters_of(dict(_pairs(query))).query
        called = name.strip()[:60]
        if not called or not wanted:
            raise SaidError(400, "set a filter and give the view a name", "problem.view_needs")
        with app.database.write() as session:
            if keep_view(session, viewer.account_id, called, wanted, app.clock.now()) is None:
                raise SaidError(400, f"at most {MOST_VIEWS} views are kept: delete one", "problem.many_views")
        return RedirectResponse(f"/mentions?{wanted}", 303)

    @routes.post("/mentions/views/{view_id}/delete")
    def forget(request: Request, view_id: Id) -> Response:
        """Forgets one of the viewer's own."""
        with app.database.write() as session:
            row = session.get(SavedView, view_id)
            if row is None or row.account_id != viewer_here(request).account_id:
                raise HTTPException(404)
            session.delete(row)
        return RedirectResponse("/mentions", 303)


def _pairs(query: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(query[:2000])
