"""Accounts: who may sign in to the pages, and as what. A link is shown once, as on the page Settings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from kintsugi.web.accounts import change_role, invite, renew
from kintsugi.web.api.answer import NOT_MODIFIED, answered, done
from kintsugi.web.api.once import Posted, posted
from kintsugi.web.api.problem import ProblemError, documented, not_found
from kintsugi.web.api.values import Id, Sent, Shown, Word
from storage.account import Account, account_named

if TYPE_CHECKING:
    from kintsugi.app import App

Role = Literal["viewer", "agent", "lead", "approver", "admin"]


class AccountRow(Shown):
    """Somebody who may sign in; `person` is their key under `people`, where they have one."""

    id: int
    name: str
    person: str | None
    role: str
    made_at: datetime


class Accounts(Shown):
    """Everybody who may sign in, by name."""

    items: list[AccountRow]


class NewInvitation(Sent):
    """For whom, and as what. Without a name the guest chooses one."""

    role: Role
    name: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$")] | None = None
    person: Word | None = None


class OneLink(Shown):
    """Hand it over in a safe way; it works once within three days."""

    link: str


class NewRole(Sent):
    """Null ends the account."""

    role: Role | None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["accounts"])

    @routes.get("/accounts", response_model=Accounts, responses=documented() | NOT_MODIFIED)
    def list_accounts(request: Request) -> Response:
        """Who may sign in."""
        with app.database.read() as session:
            return answered(request, _accounts(session))

    @routes.post("/accounts/invitations", status_code=201, response_model=OneLink, responses=posted())
    def make_invitation(new: NewInvitation, post: Posted) -> Response:
        """A link by which somebody sets a password."""

        def work(app: App, session: Session) -> Response:
            if new.person is not None and new.person not in app.settings.people:
                raise ProblemError(422, "unknown_person", f"person: {new.person!r} is not under people")
            name = new.name.strip() if new.name is not None else None
            if name is not None and account_named(session, name) is not None:
                raise ProblemError(409, "taken", "name: it has an account; make a link for a new password instead")
            token = invite(
                session, role=new.role, by=post.caller.actor, at=app.clock.now(), name=name, person=new.person
            )
            return done(_link(app, token), 201)

        return post.once(app, work)

    @routes.post("/accounts/{account_id}/link", response_model=OneLink, responses=posted())
    def make_link(account_id: Id, post: Posted) -> Response:
        """A link for a new password; turns the second factor off."""

        def work(app: App, session: Session) -> Response:
            account = _account(session, account_id)
            return done(_link(app, renew(session, account, by=post.caller.actor, at=app.clock.now())))

        return post.once(app, work)

    @routes.post("/accounts/{account_id}/role", response_model=Accounts, responses=posted())
    def set_role(account_id: Id, new: NewRole, post: Posted) -> Response:
        """Another role, or the end of the account; those that may sign in are answered."""

        def work(app: App, session: Session) -> Response:
            account = _account(session, account_id)
            if not change_role(session, account, new.role or "", by=post.caller.actor, at=app.clock.now()):
                raise ProblemError(409, "last_admin", "this is the last administrator: make another one first")
            session.flush()
            return done(_accounts(session))

        return post.once(app, work)

    return routes


def _account(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None or account.ended_at is not None:
        raise not_found(f"account {account_id}")
    return account


def _accounts(session: Session) -> Accounts:
    rows = session.scalars(select(Account).where(Account.ended_at.is_(None)).order_by(Account.name))
    return Accounts(items=[AccountRow.model_validate(one) for one in rows])


def _link(app: App, token: str) -> OneLink:
    return OneLink(link=f"{app.settings.web.address}/setup/{token}")
