"""Who calls: the token of a request, its person, and what both together may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fastapi import Request
from sqlalchemy.orm import Session

from alerts.permission import ACTIONS, Action, Denied, at_least, permission
from config.people import Rank
from kintsugi.views.caseview import view_of
from kintsugi.web.api.problem import ProblemError
from kintsugi.web.viewer import Viewer
from storage.api_token import ApiToken, token_of
from storage.case import Case

if TYPE_CHECKING:
    from config.settings import Settings
    from kintsugi.app import App

TOUCH = timedelta(minutes=5)  # a row is not written at every request


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with a token. `actor` is the name under which events tell what it does."""

    token_id: int
    token: str
    person: str | None
    scopes: tuple[str, ...]
    rank: Rank
    viewer: Viewer

    @property
    def actor(self) -> str:
        """The person; without one nothing is done that would need a name."""
        return self.viewer.actor

    def needs(self, scope: str, least: Rank) -> None:
        """Raises ProblemError where token or person may not."""
        if scope not in self.scopes:
            raise ProblemError(403, "needs_scope", f"the token {self.token} lacks the scope {scope}")
        if not at_least(self.rank, least):
            raise ProblemError(403, "needs_role", f"needs the role {least}; {self.actor} is {self.rank}")

    def needs_action(self, session: Session, action: Action, case: Case | None, app: App) -> None:
        """Raises ProblemError where the person may not do this to the case: the same table as for Slack."""
        assert action in ACTIONS
        view = view_of(session, case.id, app.settings, app.channels) if case is not None else None
        allowed = permission(action, self.person or "", view, app.settings)
        if isinstance(allowed, Denied):
            raise ProblemError(403, allowed.reason, f"{self.actor} may not {action}: {allowed.reason} {allowed.detail}")


def caller_of(app: App, shown: str) -> Caller:
    """The caller behind a token. Raises ProblemError for one that is unknown, has ended, or whose person has left."""
    at = app.clock.now()
    with app.database.read() as session:
        row = token_of(session, shown, at)
    if row is None:
        raise ProblemError(
            401, "no_token", "send `Authorization: Bearer …` with a token of `kintsugi token create`", _CHALLENGE
        )
    if row.used_at is None or at - row.used_at >= TOUCH:
        _touch(app, row.id, at)
    return _caller(row, app.settings)


_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="kintsugi"'}


def _touch(app: App, token_id: int, at: datetime) -> None:
    with app.database.write() as session:
        session.get_one(ApiToken, token_id).used_at = at


def _caller(row: ApiToken, settings: Settings) -> Caller:
    rank = settings.rank_of(row.person) if row.person is not None else "viewer"
    if rank is None:
        raise ProblemError(403, "unknown_person", f"{row.person} is not among the people of kintsugi.yaml any more")
    person = settings.people[row.person] if row.person is not None else None
    viewer = Viewer(
        account_id=0,
        name=person.name if person else row.name,
        actor=row.person or f"token:{row.name}",
        role=rank,
        team=person.team if person else None,
        language=settings.brand.languages[0],
    )
    return Caller(row.id, row.name, row.person, tuple(row.scopes), rank, viewer)


def caller_here(request: Request) -> Caller:
    """The caller of this request, whom the gate let in."""
    caller: Caller = request.state.caller
    return caller
