"""The short form in which staff record what they saw or were told, and what came in on the complaint pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from kintsugi.desk.staff_entry import HEARD, record_staff_entry
from kintsugi.web.access import viewer_here
from kintsugi.web.moments import moment_of
from kintsugi.web.rendering import page, shown_to

if TYPE_CHECKING:
    from kintsugi.app import App

LONGEST_TEXT = 4000  # characters
LONGEST_CUSTOMER = 80
SLACK = timedelta(minutes=5)  # clocks of devices differ
Text = Annotated[str, Form(max_length=20_000)]
Problem = tuple[str, dict[str, int]]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    def show(request: Request, filled: dict[str, str], problems: list[Problem], status: int = 200) -> Response:
        return page(
            app, request, "staff.html", status=status, filled=filled, problems=problems,
            locations=[location.name for location in app.settings.brand.locations],
            heard=HEARD, most=LONGEST_TEXT, most_customer=LONGEST_CUSTOMER,
            done=request.query_params.get("done") == "recorded",
        )  # fmt: skip

    @routes.get("/staff")
    def form(request: Request) -> Response:
        """The form."""
        shown = shown_to(app, request)
        now = shown.now.astimezone(shown.zone).strftime("%Y-%m-%dT%H:%M")
        return show(request, _fields(happened=now, heard=HEARD[0]), [])

    @routes.post("/staff")
    def record(
        request: Request,
        text: Text = "",
        place: Text = "",
        happened: Text = "",
        heard: Text = "",
        customer: Text = "",
    ) -> Response:
        """Stores it; the same form sent twice is one entry."""
        viewer, shown = viewer_here(request), shown_to(app, request)
        filled = _fields(text, place, happened, heard, customer)
        when = moment_of(happened)
        at = when.replace(tzinfo=shown.zone) if when is not None else None
        problems = _problems(app, filled)
        if at is None or at > shown.now + SLACK:
            problems.append(("happened", {}))
        if problems or at is None:
            return show(request, filled, problems, 400)
        record_staff_entry(
            app, text, place or None, min(at, shown.now), viewer.actor, shown.language, heard=heard,
            customer=" ".join(customer.split()) or None,
        )  # fmt: skip
        return RedirectResponse("/staff?done=recorded", 303)

    return routes


def _fields(text: str = "", place: str = "", happened: str = "", heard: str = "", customer: str = "") -> dict[str, str]:
    return {"text": text, "place": place, "happened": happened, "heard": heard, "customer": customer}


def _problems(app: App, filled: dict[str, str]) -> list[Problem]:
    """What has to be corrected, as words with their values."""
    problems: list[Problem] = []
    if not filled["text"].strip():
        problems.append(("empty", {}))
    if len(filled["text"]) > LONGEST_TEXT:
        problems.append(("long", {"most": LONGEST_TEXT, "n": len(filled["text"])}))
    if filled["place"] and filled["place"] not in [location.name for location in app.settings.brand.locations]:
        problems.append(("place", {}))
    if filled["heard"] not in HEARD:
        problems.append(("heard", {}))
    if len(filled["customer"]) > LONGEST_CUSTOMER:
        problems.append(("customer", {"most": LONGEST_CUSTOMER}))
    return problems
