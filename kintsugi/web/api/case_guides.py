"""What helps with a case before a move: what may be offered, what to tell the customer, the causes that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from alerts.messages.plain import cleaned
from kintsugi.desk.desk import Desk
from kintsugi.desk.slack_desk import SlackDesk
from kintsugi.web.api.answer import NOT_MODIFIED, answered
from kintsugi.web.api.caller import caller_here
from kintsugi.web.api.case_shape import case_by_ref
from kintsugi.web.api.cases import ONE
from kintsugi.web.api.problem import ProblemError, documented
from kintsugi.web.api.values import Moment, Ref, Sent, Shown
from kintsugi.web.queries.case_work import HEARS_AGAIN
from kintsugi.web.queries.whole_case import whole_case
from responder.cases.causes import CAUSES

if TYPE_CHECKING:
    from kintsugi.app import App


class RemedyRow(Shown):
    """What the playbook suggests. `limit`: why the token's person may not offer it alone, by name."""

    name: str
    amount: str
    currency: str
    limit: str | None


class Remedies(Shown):
    """The cheapest first; none for a token of nobody."""

    items: list[RemedyRow]


class MessageQuery(Sent):
    """Which stage of the recovery, and when the customer hears again (in a day unless given)."""

    stage: Literal["received", "investigating", "delayed", "resolved", "thanks"]
    until: Moment | None = None


class Message(Shown):
    """A text for a private channel, in the customer's language."""

    text: str


class CauseRow(Shown):
    """What `resolve` takes as a cause, alone or with a detail after a colon."""

    name: str
    ja: str
    en: str


class Causes(Shown):
    """Every cause."""

    items: list[CauseRow]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["cases"])

    @routes.get("/cases/{ref}/remedies", response_model=Remedies, responses=ONE)
    def list_remedies(request: Request, ref: Ref) -> Response:
        """What may be offered in a case, with what stands against each."""
        caller = caller_here(request)
        with app.database.read() as session:
            number = case_by_ref(session, ref).id
        person, language = caller.person, app.settings.brand.languages[0]
        found = SlackDesk(app).remedies(number, person, language) if person is not None else []
        return answered(request, Remedies(items=[RemedyRow.model_validate(one) for one in found]))

    @routes.get("/cases/{ref}/message", response_model=Message, responses=ONE | documented(404))
    def get_message(request: Request, ref: Ref, asked: Annotated[MessageQuery, Query()]) -> Response:
        """What tells the customer of a stage. It names them: for who may see the name now."""
        caller = caller_here(request)
        with app.database.read() as session:
            case = case_by_ref(session, ref)
            named, number = whole_case(session, case, caller.viewer, app, "en").named, case.id
        if not named:
            raise ProblemError(403, "name_first", f"the text names the author: POST /cases/{ref}/author first")
        text = Desk(app).progress(number, asked.stage, asked.until or app.clock.now() + HEARS_AGAIN)
        return answered(request, Message(text=cleaned(text)))

    @routes.get("/causes", response_model=Causes, responses=documented() | NOT_MODIFIED)
    def list_causes(request: Request) -> Response:
        """The causes under which resolved cases are filed."""
        return answered(request, Causes(items=[CauseRow.model_validate(one) for one in CAUSES.values()]))

    return routes
