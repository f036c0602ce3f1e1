"""The viewer's own account: language, password, second factor, other devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select

from kintsugi.web.access import viewer_here
from kintsugi.web.failing import SaidError
from kintsugi.web.language import LANGUAGES
from kintsugi.web.passwords import fits, hashed, unfit
from kintsugi.web.rendering import page
from kintsugi.web.sessions import end_sessions
from kintsugi.web.totp import address_of, new_secret, step_of
from storage.account import Account, WebSession, write_audit

if TYPE_CHECKING:
    from kintsugi.app import App

Text = Annotated[str, Form(max_length=300)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    _settings(app, routes)
    _second_factor(app, routes)
    return routes


def _settings(app: App, routes: APIRouter) -> None:
    """The page, and what is set by one form."""

    @routes.get("/account")
    def account(request: Request) -> Response:
        """The page."""
        return _show(app, request)

    @routes.post("/account/language")
    def language(request: Request, language: Text) -> Response:
        """Sets the language of the pages; anything else follows the browser."""
        with app.database.write() as session:
            mine = session.get_one(Account, viewer_here(request).account_id)
            mine.language = language if language in LANGUAGES else None
        return RedirectResponse("/account?done=saved", 303)

    @routes.post("/account/password")
    def password(request: Request, old: Text, password: Text, again: Text) -> Response:
        """A new password; signs the account out everywhere else."""
        viewer, at = viewer_here(request), app.clock.now()
        with app.database.write() as session:
            mine = session.get_one(Account, viewer.account_id)
            problem = "differ" if password != again else unfit(password, mine.name)
            if problem is None and not fits(old, mine.password):
                problem = "old_wrong"
            if problem is None:
                mine.password = hashed(password)
                end_sessions(session, mine.id, but=viewer.session)
                write_audit(session, "password_set", actor=viewer.actor, at=at)
        if problem is not None:
            return _show(app, request, 400, f"setup.{problem}")
        return RedirectResponse("/account?done=saved", 303)

    @routes.post("/account/sessions/end")
    def sessions_end(request: Request) -> Response:
        """Signs out everywhere else."""
        viewer = viewer_here(request)
        with app.database.write() as session:
            end_sessions(session, viewer.account_id, but=viewer.session)
        return RedirectResponse("/account?done=saved", 303)


def _second_factor(app: App, routes: APIRouter) -> None:
    """Turning it on and off."""

    @routes.post("/account/totp")
    def totp(request: Request, secret: Text, code: Text) -> Response:
        """Turns the second factor on, once a code shows that the app knows the secret."""
        viewer, at = viewer_here(request), app.clock.now()
        step = step_of(code, secret, at, 0) if len(secret) == 32 and secret.isalnum() and secret.isascii() else None
        if step is None:
            return _show(app, request, 400, "account.code_wrong")
        with app.database.write() as session:
            mine = session.get_one(Account, viewer.account_id)
            if mine.totp is not None:  # else whoever finds an open browser puts their own in its place
                raise SaidError(409, "the second factor is on: turn it off first", "problem.totp_is_on")
            mine.totp, mine.totp_step = secret, step
            write_audit(session, "totp_on", actor=viewer.actor, at=at)
        return RedirectResponse("/account?done=saved", 303)

    @routes.post("/account/totp/off")
    def totp_off(request: Request, old: Text) -> Response:
        """Turns it off; the password is asked for, since an open browser is not enough."""
        viewer, at = viewer_here(request), app.clock.now()
        with app.database.write() as session:
            mine = session.get_one(Account, viewer.account_id)
            right = fits(old, mine.password)
            if right:
                mine.totp, mine.totp_step = None, 0
                write_audit(session, "totp_off", actor=viewer.actor, at=at)
        return RedirectResponse("/account?done=saved", 303) if right else _show(app, request, 400, "setup.old_wrong")


def _show(app: App, request: Request, status: int = 200, problem: str | None = None) -> Response:
    viewer = viewer_here(request)
    with app.database.read() as session:
        account = session.get_one(Account, viewer.account_id)
        theirs = select(func.count()).where(WebSession.account_id == account.id)
        devices = session.scalar(theirs) or 0
    secret = new_secret()
    return page(
        app,
        request,
        "account.html",
        status=status,
        account=account,
        devices=devices,
        secret=secret,
        otpauth=address_of(secret, account.name, f"Kintsugi {app.settings.brand.name}"),
        problem=problem,
        done=request.query_params.get("done"),
    )
