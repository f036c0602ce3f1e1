"""The installation itself: the token, people and roles, the proof of the log, what is parked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.people import rank_of_role
from kintsugi.app import CONFIGURATION
from kintsugi.web.api.answer import NOT_MODIFIED, answered, done
from kintsugi.web.api.caller import caller_here
from kintsugi.web.api.cursor import Paging
from kintsugi.web.api.once import Posted, posted
from kintsugi.web.api.problem import ProblemError, documented
from kintsugi.web.api.values import Sent, Shown, Word
from kintsugi.web.queries.origins import origins, secrets_set
from storage.account import Audit, write_audit
from storage.event import Event
from storage.log import read_roots, verify_log
from storage.parked import parked, put_back

if TYPE_CHECKING:
    from kintsugi.app import App


class TokenAnswer(Shown):
    """What this token may, and for whom."""

    name: str
    person: str | None
    role: str
    scopes: list[str]


class PersonRow(Shown):
    """A person of kintsugi.yaml."""

    id: str
    name: str
    team: str | None
    role: str
    rank: str
    languages: list[str]
    locations: list[str]


class People(Shown):
    """Everybody, in the order of the settings."""

    items: list[PersonRow]


class RoleRow(Shown):
    """What a role may; `authority` is for one case, all offers together."""

    name: str
    rank: str
    approves: bool
    authority: str
    currency: str


class Roles(Shown):
    """Every role."""

    items: list[RoleRow]


class Proof(Shown):
    """What was proved. `breaks` names each place where a chain or a daily root does not hold."""

    whole: bool
    events: int
    chains: int
    roots: int
    breaks: list[str]


class SettingRow(Shown):
    """One setting as YAML; `own`: kintsugi.yaml says it, else it is the default."""

    path: str
    value: str
    meaning: str
    own: bool


class Settings(Shown):
    """Every setting, and which secrets are set; never a secret."""

    items: list[SettingRow]
    secrets: dict[str, bool]


class AuditRow(Shown):
    """What was done beside the cases."""

    id: int
    at: datetime
    actor: str
    what: str
    data: dict[str, Any]


class AuditPage(Shown):
    """One page; `next` is the cursor of the following one, null at the end."""

    items: list[AuditRow]
    next: str | None


class ParkedRow(Shown):
    """What could not be processed: `name` is what a retry takes."""

    name: str
    state: str
    error: str | None


class ParkedList(Shown):
    """Everything that waits for a person."""

    items: list[ParkedRow]


class Names(Sent):
    """Which of them."""

    names: Annotated[list[Word], Field(min_length=1, max_length=500)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["installation"])

    @routes.get("/token", response_model=TokenAnswer, responses=documented() | NOT_MODIFIED)
    def get_token(request: Request) -> Response:
        """What this token may."""
        caller = caller_here(request)
        shown = TokenAnswer(name=caller.token, person=caller.person, role=caller.rank, scopes=list(caller.scopes))
        return answered(request, shown)

    _team(app, routes)
    _records(app, routes)
    _retries(app, routes)
    return routes


def _team(app: App, routes: APIRouter) -> None:
    """Who works here, what they may, and what was set."""

    @routes.get("/people", response_model=People, responses=documented() | NOT_MODIFIED)
    def list_people(request: Request) -> Response:
        """The people who work on cases."""
        found = [
            PersonRow(
                id=key, name=one.name, team=one.team, role=one.role, rank=app.settings.rank_of(key) or "viewer",
                languages=one.languages, locations=one.locations,
            )
            for key, one in app.settings.people.items()
        ]  # fmt: skip
        return answered(request, People(items=found))

    @routes.get("/roles", response_model=Roles, responses=documented() | NOT_MODIFIED)
    def list_roles(request: Request) -> Response:
        """What each role may."""
        found = [
            RoleRow(
                name=name, rank=rank_of_role(name, one), approves=one.approves,
                authority=format(one.authority.amount, "f"), currency=one.authority.currency,
            )
            for name, one in app.settings.roles.items()
        ]  # fmt: skip
        return answered(request, Roles(items=found))

    @routes.get("/settings", response_model=Settings, responses=documented() | NOT_MODIFIED)
    def list_settings(request: Request) -> Response:
        """Every setting with its value, and whether it is the team's own."""
        found = [SettingRow.model_validate(one) for one in origins(app.folder / CONFIGURATION)]
        return answered(request, Settings(items=found, secrets=dict(secrets_set(app.secrets))))


def _records(app: App, routes: APIRouter) -> None:
    """What was done, and the proof that nobody changed the record of it."""

    @routes.get("/audit", response_model=AuditPage, responses=documented() | NOT_MODIFIED)
    def list_audit(request: Request, asked: Annotated[Paging, Query()]) -> Response:
        """Who did what beside the cases, the newest first."""
        query = select(Audit).order_by(Audit.id.desc()).limit(asked.limit + 1)
        if asked.after_id is not None:
            query = query.where(Audit.id < asked.after_id)
        with app.database.read() as session:
            page, following = asked.cut(session.scalars(query).all(), lambda one: (None, one.id))
        return answered(request, AuditPage(items=[AuditRow.model_validate(one) for one in page], next=following))

    @routes.get("/log/verify", response_model=Proof, responses=documented() | NOT_MODIFIED)
    def verify(request: Request) -> Response:
        """Computes the chain of every case and every daily root again."""
        problem, roots = None, []
        try:
            roots = read_roots(app.roots_file)
        except ValueError as error:
            problem = str(error)
        with app.database.read() as session:
            breaks = [str(one) for one in verify_log(session, roots)] + ([problem] if problem else [])
            counted = session.execute(select(func.count(), func.count(func.distinct(Event.case_id)))).one()
        proof = Proof(whole=not breaks, events=counted[0], chains=counted[1], roots=len(roots), breaks=breaks)
        return answered(request, proof)


def _retries(app: App, routes: APIRouter) -> None:
    """What could not be processed."""

    @routes.get("/parked", response_model=ParkedList, responses=documented() | NOT_MODIFIED)
    def list_parked(request: Request) -> Response:
        """What could not be processed, with its error."""
        with app.database.read() as session:
            return answered(request, _parked(session))

    @routes.post("/parked/retry", response_model=ParkedList, responses=posted())
    def retry_parked(names: Names, post: Posted) -> Response:
        """Puts it in line again; what is parked still is answered."""

        def work(app: App, session: Session) -> Response:
            known, at = {row.name for row in _parked(session).items}, app.clock.now()
            unknown = [name for name in names.names if name not in known]
            if unknown:
                raise ProblemError(404, "not_parked", f"{unknown[0]!r} is not parked")
            for name in dict.fromkeys(names.names):
                put_back(session, name, at)
            write_audit(session, "parked_retry", actor=post.caller.actor, at=at, names=names.names)
            session.flush()
            return done(_parked(session))

        return post.once(app, work)


def _parked(session: Session) -> ParkedList:
    return ParkedList(items=[ParkedRow(**row) for row in parked(session)])
