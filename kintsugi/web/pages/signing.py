"""Signing in and out, and the link by which somebody sets a password once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from kintsugi.web.access import viewer_here
from kintsugi.web.accounts import NotSignedIn, accept, invitation_of, sign_in
from kintsugi.web.limits import Limit
from kintsugi.web.passwords import unfit
from kintsugi.web.rendering import page
from kintsugi.web.sessions import begin_session, forget_cookie, set_cookie
from kintsugi.web.viewer import Viewer
from storage.account import Account, WebSession

if TYPE_CHECKING:
    from kintsugi.app import App

TRIES, WITHIN = 20, 300.0  # for one client address
Problem = tuple[str, dict[str, object]]  # a word and its values
Text = Annotated[str, Form(max_length=300)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    tries = Limit(TRIES, WITHIN)

    @routes.get("/login")
    def login(request: Request, next: str = "/") -> Response:
        """The form."""
        if request.state.viewer is not None:
            return RedirectResponse(own_path(next), 303)
        return login_page(app, request, next)

    @routes.post("/login")
    def log_in(request: Request, name: Text, password: Text, code: Text = "", next: Text = "/") -> Response:
        """Name and password, with a code where the account has a second factor."""
        wait = tries.wait(_address(request))
        if wait:
            problem: Problem = ("login.too_often", {"minutes": wait // 60 + 1})
            answer = login_page(app, request, next, status=429, name=name, problem=problem)
            answer.headers["Retry-After"] = str(wait)
            return answer
        result = sign_in(app, name, password, code)
        if isinstance(result, NotSignedIn):
            asks = result.reason == "code"
            said: Problem | None = None if asks else ("login.wrong", {})
            return login_page(app, request, next, status=401, name=name, problem=said, code=asks)
        return come_in(app, request, result.account, own_path(next))

    @routes.post("/logout")
    def log_out(request: Request) -> Response:
        """Ends this session."""
        viewer = viewer_here(request)
        with app.database.write() as session:
            row = session.get(WebSession, viewer.session)
            if row is not None:
                session.delete(row)
        answer = RedirectResponse("/login", 303)
        forget_cookie(app, answer)
        return answer

    _invitations(app, routes, tries)
    return routes


def _invitations(app: App, routes: APIRouter, tries: Limit) -> None:
    """Links that make an account."""

    @routes.get("/setup/{token}")
    def setup(request: Request, token: str) -> Response:
        """The form of an invitation."""
        with app.database.read() as session:
            invitation = invitation_of(session, token, app.clock.now())
        if invitation is None:
            return page(app, request, "invitation_over.html", status=404)
        return page(app, request, "setup.html", invitation=invitation, name=invitation.name or "", problem=None)

    @routes.post("/setup/{token}")
    def set_up(request: Request, token: str, password: Text, again: Text, name: Text = "") -> Response:
        """Sets the password and signs in."""
        if wait := tries.wait(_address(request)):
            raise HTTPException(429, "too many tries", headers={"Retry-After": str(wait)})
        at, account = app.clock.now(), None
        with app.database.write() as session:
            invitation = invitation_of(session, token, at)
            if invitation is None:
                return page(app, request, "invitation_over.html", status=404)
            wanted = (invitation.name or name).strip()
            problem = _problem(wanted, password, again)
            if invitation.name is None and wanted in app.settings.people and wanted != invitation.person:
                problem = "taken"  # events tell who did something by the ids of people
            if problem is None:
                account = accept(session, invitation, wanted, password, at)
                problem = "taken" if account is None else None
        if account is None:
            said = f"setup.{problem}"
            return page(app, request, "setup.html", status=400, invitation=invitation, name=wanted, problem=said)
        return come_in(app, request, account, "/")


def login_page(
    app: App,
    request: Request,
    next: str,
    *,
    status: int = 200,
    name: str = "",
    problem: Problem | None = None,
    code: bool = False,
) -> Response:
    """The form to sign in, with the way to the provider of identities where there is one."""
    return page(
        app, request, "login.html", status=status, next=own_path(next), name=name, problem=problem, code=code,
        oidc=app.settings.web.oidc,
    )  # fmt: skip


def own_path(next: str) -> str:
    """Where to go after signing in: only a path of this site, nothing that a browser reads as another host."""
    plain = next.startswith("/") and not next.startswith("//") and "\\" not in next and next.isprintable()
    return next if plain and len(next) <= 500 else "/"


def _problem(name: str, password: str, again: str) -> str | None:
    if not name or len(name) > 80 or not name.isprintable():
        return "no_name"
    return "differ" if password != again else unfit(password, name)


def come_in(app: App, request: Request, account: Account, to: str) -> Response:
    """A new session, whoever was signed in here before."""
    at = app.clock.now()
    viewer: Viewer | None = request.state.viewer
    with app.database.write() as session:
        if viewer is not None and (old := session.get(WebSession, viewer.session)) is not None:
            session.delete(old)
        token = begin_session(session, account, at)
    answer = RedirectResponse(to, 303)
    set_cookie(app, answer, token)
    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
