"""The page *Settings*: every value with where it comes from; silences; people and who may sign in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select

from alerts.routing.matchers import MatcherError
from alerts.routing.silences import SilenceError, end_silence, make_silence
from kintsugi.app import CONFIGURATION
from kintsugi.web.access import viewer_here
from kintsugi.web.accounts import change_role, invite, renew
from kintsugi.web.api.values import Id
from kintsugi.web.failing import SaidError
from kintsugi.web.queries.origins import origins, secrets_set
from kintsugi.web.rendering import page, shown_to
from storage.account import ROLES, Account, WebSession, account_named, write_audit
from storage.silence import Silence, open_silences

if TYPE_CHECKING:
    from kintsugi.app import App

LENGTHS = {"2h": timedelta(hours=2), "8h": timedelta(hours=8), "1d": timedelta(days=1), "7d": timedelta(days=7)}
Line = Annotated[str, Form(max_length=500)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/settings")
    def settings(request: Request) -> Response:
        """The page."""
        return settings_page(app, request)

    @routes.post("/settings/silences")
    def silence(request: Request, matchers: Line = "", length: Line = "2h", reason: Line = "") -> Response:
        """Nobody is told what matches, for a while."""
        if length not in LENGTHS:
            raise HTTPException(400, "length: one of " + ", ".join(LENGTHS))
        at, viewer = app.clock.now(), viewer_here(request)
        try:
            with app.database.write() as session:
                make_silence(
                    session, [matchers], starts_at=at, ends_at=at + LENGTHS[length], reason=reason,
                    made_by=viewer.actor, at=at,
                )  # fmt: skip
        except (SilenceError, MatcherError) as error:
            typed = {"matchers": matchers, "length": length, "reason": reason}
            wrong = "unreadable" if isinstance(error, MatcherError) else "everything" if reason.strip() else "no_reason"
            problem = shown_to(app, request).t(f"settings.silence_{wrong}")
            return settings_page(app, request, status=400, problem=problem, typed=typed)
        return RedirectResponse("/settings#silences", 303)

    @routes.post("/settings/silences/{number}/end")
    def end(request: Request, number: Id) -> Response:
        """Ends a silence now."""
        at = app.clock.now()
        with app.database.write() as session:
            row = session.get(Silence, number)
            if row is None:
                raise HTTPException(404)
            end_silence(row, at)
            write_audit(session, "silence_ended", actor=viewer_here(request).actor, at=at, silence=number)
        return RedirectResponse("/settings#silences", 303)

    _accounts(app, routes)
    return routes


def _accounts(app: App, routes: APIRouter) -> None:
    """Who may sign in, and as what."""

    @routes.post("/settings/invite")
    def invited(request: Request, role: Line = "", name: Line = "", person: Line = "") -> Response:
        """Makes a link by which somebody sets a password; shown once."""
        viewer, called = viewer_here(request), name.strip()
        if role not in ROLES or (person and person not in app.settings.people) or len(called) > 80:
            raise HTTPException(400, "role, name or person is not known")
        with app.database.write() as session:
            if called and account_named(session, called) is not None:
                raise SaidError(409, "this name has an account", "problem.name_has_account")
            token = invite(
                session, role=role, by=viewer.actor, at=app.clock.now(), name=called or None, person=person or None
            )
        return settings_page(app, request, link=f"{app.settings.web.address}/setup/{token}")

    @routes.post("/settings/accounts/{account_id}/link")
    def link(request: Request, account_id: Id) -> Response:
        """A link for a new password, for whoever forgot theirs; turns the second factor off."""
        viewer, at = viewer_here(request), app.clock.now()
        with app.database.write() as session:
            row = session.get(Account, account_id)
            if row is None or row.ended_at is not None:
                raise HTTPException(404)
            token = renew(session, row, by=viewer.actor, at=at)
        return settings_page(app, request, link=f"{app.settings.web.address}/setup/{token}")

    @routes.post("/settings/accounts/{account_id}/role")
    def role(request: Request, account_id: Id, role: Line = "") -> Response:
        """Another role; an empty one ends the account. The last administrator stays."""
        viewer, at = viewer_here(request), app.clock.now()
        if role and role not in ROLES:
            raise HTTPException(400, "role: one of " + ", ".join(ROLES))
        with app.database.write() as session:
            row = session.get(Account, account_id)
            if row is None or row.ended_at is not None:
                raise HTTPException(404)
            if not change_role(session, row, role, by=viewer.actor, at=at):
                raise SaidError(409, "this is the last administrator", "problem.last_admin")
        return RedirectResponse("/settings#accounts", 303)


def settings_page(
    app: App,
    request: Request,
    *,
    status: int = 200,
    problem: str | None = None,
    typed: dict[str, str] | None = None,
    link: str | None = None,
) -> Response:
    """The page, with a link that is shown this once."""
    at, given = app.clock.now(), typed or {"matchers": "", "length": "2h", "reason": ""}
    with app.database.read() as session:
        seen = select(WebSession.account_id, func.max(WebSession.seen_at)).group_by(WebSession.account_id)
        return page(
            app,
            request,
            "settings.html",
            status=status,
            values=list(origins(app.folder / CONFIGURATION)),
            secrets=secrets_set(app.secrets),
            silences=open_silences(session, at),
            lengths=list(LENGTHS),
            people=app.settings.people,
            roles=app.settings.roles,
            accounts=list(session.scalars(select(Account).where(Account.ended_at.is_(None)).order_by(Account.name))),
            seen=dict(session.execute(seen).all()),
            account_roles=ROLES,
            problem=problem,
            typed=given,
            link=link,
        )
