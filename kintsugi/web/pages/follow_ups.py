"""What is owed to the customer of a resolved case: a lead asks, somebody thanks, and both are recorded on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, Response

from kintsugi.desk.desk import Desk
from kintsugi.desk.work_moves import LONGEST
from kintsugi.web.api.values import CaseId
from kintsugi.web.pages.case_post import moved

if TYPE_CHECKING:
    from kintsugi.app import App

Text = Annotated[str, Form(max_length=LONGEST)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes, desk = APIRouter(), Desk(app)

    @routes.post("/cases/{case_id}/asked_in_person")
    def asked_in_person(request: Request, case_id: CaseId, text: Text = "") -> Response:
        """A lead asked the customer whether all is well now."""
        return moved(app, request, case_id, "asked_in_person", lambda who: desk.asked_in_person(case_id, who, text))

    @routes.post("/cases/{case_id}/thanked")
    def thanked(request: Request, case_id: CaseId, text: Text = "") -> Response:
        """The customer was thanked for having told us."""
        return moved(app, request, case_id, "thanked", lambda who: desk.thanked(case_id, who, text))

    return routes
