"""Signing in at a provider of identities: the way there, and the way back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from kintsugi.web.identities import account_of
from kintsugi.web.limits import Limit
from kintsugi.web.oidc import Provider, Strange
from kintsugi.web.pages.signing import TRIES, WITHIN, come_in, login_page, own_path

if TYPE_CHECKING:
    from kintsugi.app import App

MINUTES = 10  # that somebody has at the provider


def router(app: App) -> APIRouter:
    """The routes; a 404 where web.oidc is not set."""
    routes = APIRouter()
    tries = Limit(TRIES, WITHIN)
    provider = Provider(app) if app.settings.web.oidc is not None else None
    secure = app.settings.web.secure
    cookie = "__Host-kintsugi-oidc" if secure else "kintsugi-oidc"

    @routes.get("/login/oidc")
    def leave(request: Request, next: str = "/") -> Response:
        """Sends the browser to the provider with a secret of its own."""
        if provider is None:
            raise HTTPException(404)
        if wait := tries.wait(request.client.host if request.client else ""):
            raise HTTPException(429, "too many tries", headers={"Retry-After": str(wait)})
        secret = secrets.token_urlsafe(32)
        way = provider.way_in(secret)
        if isinstance(way, Strange):
            return _back(app, request, own_path(next), way)
        answer = RedirectResponse(way, 303)
        kept = f"{secret}.{quote(own_path(next), safe='')}"
        # Lax: the way back is a link of another site.
        answer.set_cookie(cookie, kept, max_age=MINUTES * 60, path="/", secure=secure, httponly=True, samesite="lax")
        return answer

    @routes.get("/login/oidc/callback")
    def come_back(request: Request) -> Response:
        """Who came back, if this browser asked."""
        if provider is None or app.settings.web.oidc is None:
            raise HTTPException(404)
        secret, _, path = request.cookies.get(cookie, "")[:4000].partition(".")
        next = own_path(unquote(path)) if path else "/"
        found = provider.claims(secret, request.query_params) if secret else Strange("state")
        if not isinstance(found, Strange):
            with app.database.write() as session:
                account = account_of(session, found, app.settings.web.oidc, app.settings, app.clock.now())
            if not isinstance(account, Strange):
                answer = come_in(app, request, account, next)
                answer.delete_cookie(cookie, path="/", secure=secure, httponly=True, samesite="lax")
                return answer
            found = account
        answer = _back(app, request, next, found)
        answer.delete_cookie(cookie, path="/", secure=secure, httponly=True, samesite="lax")
        return answer

    return routes


def _back(app: App, request: Request, next: str, why: Strange) -> Response:
    status = 502 if why.reason == "unreachable" else 403
    return login_page(app, request, next, status=status, problem=(f"login.oidc_{why.reason}", {}))
