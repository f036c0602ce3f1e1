"""Signed-in browsers: a random token in a cookie, its digest in a row, a new one at every sign-in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fastapi import Request, Response
from sqlalchemy import delete
from sqlalchemy.orm import Session

from kintsugi.web.viewer import Viewer, viewer_of
from storage.account import Account, WebSession, token_digest

if TYPE_CHECKING:
    from kintsugi.app import App

LONGEST = timedelta(days=7)  # after which everybody signs in again
TOUCH = timedelta(minutes=5)  # a row is not written at every page


def cookie_name(app: App) -> str:
    """With TLS the browser itself guarantees host, path and encryption (`__Host-`)."""
    return "__Host-kintsugi" if app.settings.web.secure else "kintsugi"


def begin_session(session: Session, account: Account, at: datetime) -> str:
    """A new session of this account. Returns its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        WebSession(digest=token_digest(token), account_id=account.id, made_at=at, seen_at=at, expires_at=at + LONGEST)
    )
    session.execute(delete(WebSession).where(WebSession.expires_at <= at))
    return token


def end_sessions(session: Session, account_id: int, *, but: str | None = None) -> None:
    """Signs the account out everywhere, except where its session is `but` (a digest)."""
    theirs = delete(WebSession).where(WebSession.account_id == account_id)
    session.execute(theirs if but is None else theirs.where(WebSession.digest != but))


def set_cookie(app: App, response: Response, token: str) -> None:
    """Hands the token to the browser; no script can read it."""
    response.set_cookie(
        cookie_name(app),
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=app.settings.web.secure,
        httponly=True,
        samesite="lax",
    )


def forget_cookie(app: App, response: Response) -> None:
    """Takes it away again."""
    response.delete_cookie(cookie_name(app), path="/", secure=app.settings.web.secure, httponly=True, samesite="lax")


def viewer_by_cookie(app: App, request: Request) -> Viewer | None:
    """Who is signed in; None: nobody, or not any more."""
    token = request.cookies.get(cookie_name(app))
    if not token or len(token) > 100:
        return None
    digest, at = token_digest(token), app.clock.now()
    with app.database.read() as session:
        row = session.get(WebSession, digest)
        if row is None or row.expires_at <= at or at - row.seen_at > app.settings.web.session:
            return None
        account, stale = row.account, at - row.seen_at >= TOUCH
        if account.ended_at is not None:
            return None
    if stale:
        with app.database.write() as session:
            if (mine := session.get(WebSession, digest)) is not None:
                mine.seen_at = at
    return viewer_of(account, app.settings, digest)
