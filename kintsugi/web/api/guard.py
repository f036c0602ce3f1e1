"""The guard over any text: as a reply to a case, or by itself. It changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from fastapi import APIRouter, Response

from kintsugi.web.api.answer import done
from kintsugi.web.api.case_shape import case_by_ref
from kintsugi.web.api.problem import documented
from kintsugi.web.api.values import Ref, Sent, Shown, Text
from responder.drafting.reply_check import findings_for
from responder.guard.finding import Context
from responder.guard.finding import Finding as Found
from responder.guard.guard import check

if TYPE_CHECKING:
    from kintsugi.app import App


class ReplyText(Sent):
    """A reply to this case."""

    text: Text


class AnyText(Sent):
    """A reply to nothing in particular."""

    text: Text
    language: Literal["ja", "en"]


class Place(Shown):
    """What is wrong, from `start` to `end` in characters; `level` is block or warn."""

    rule: str
    level: str
    start: int
    end: int
    why: str


class Findings(Shown):
    """Everything that the guard says, in the order of the text. `blocked`: it may not be published so."""

    blocked: bool
    findings: list[Place]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["drafts"])

    @routes.post("/guard", response_model=Findings, responses=documented())
    def guard_text(text: AnyText) -> Response:
        """What the guard says of a text that answers nothing in particular."""
        return done(_found(check(text.text, Context(language=text.language, brand=app.settings.brand))))

    @routes.post("/cases/{ref}/guard", response_model=Findings, responses=documented(404))
    def guard_reply(ref: Ref, text: ReplyText) -> Response:
        """What the guard says of a text as the reply to this case."""
        with app.database.read() as session:
            return done(_found(findings_for(session, case_by_ref(session, ref), text.text, app.settings)))

    return routes


def _found(findings: Sequence[Found]) -> Findings:
    places = [Place.model_validate(one) for one in findings]
    return Findings(blocked=any(one.level == "block" for one in places), findings=places)
