"""What is done in a case besides the reply: offers, tasks, whys, word to the customer, other cases and accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response

from kintsugi.desk.desk import Desk
from kintsugi.web.api.values import CaseId, Id
from kintsugi.web.moments import moment_of
from kintsugi.web.pages.case_post import moved
from kintsugi.web.rendering import shown_to
from responder.cases.refused import Refused

if TYPE_CHECKING:
    from kintsugi.app import App

Line = Annotated[str, Form(max_length=2000)]
Text = Annotated[str, Form(max_length=10_000)]
STEPS = ("offer_approve", "offer_refuse", "offer_redeem", "offer_withdraw")


def router(app: App) -> APIRouter:
    """The routes."""
    routes, desk = APIRouter(), Desk(app)
    _offers(app, routes, desk)
    _tasks(app, routes, desk)
    _causes(app, routes, desk)
    _joint(app, routes, desk)
    return routes


def _offers(app: App, routes: APIRouter, desk: Desk) -> None:
    @routes.post("/cases/{case_id}/offer")
    def offer(
        request: Request, case_id: CaseId, remedy: Line = "", own: Line = "", amount: Line = "", currency: Line = ""
    ) -> Response:
        """Offers what the playbook suggests (`remedy`: amount, currency, name), or something else."""
        typed = {"remedy": remedy, "own": own, "amount": amount, "currency": currency}
        cost, unit, name = amount.strip() or "0", currency, own
        if remedy and not own.strip():
            cost, _, rest = remedy.partition(" ")
            unit, _, name = rest.partition(" ")
        return moved(app, request, case_id, "offer", lambda actor: desk.offer(case_id, actor, name, cost, unit), typed)

    @routes.post("/cases/{case_id}/offers/{offer_id}")
    def step(request: Request, case_id: CaseId, offer_id: Id, step: Line = "", taken: Line = "") -> Response:
        """The next step of an offer: one of STEPS. `taken`: how much of it the customer took, if not all."""
        if step not in STEPS:
            raise HTTPException(400, "step: one of " + ", ".join(STEPS))

        def act(actor: str) -> Refused | None:
            if step in ("offer_approve", "offer_refuse"):
                return desk.decide_offer(case_id, actor, offer_id, step == "offer_approve")
            if step == "offer_redeem":
                return desk.redeem_offer(case_id, actor, offer_id, taken.strip() or None)
            return desk.withdraw_offer(case_id, actor, offer_id)

        return moved(app, request, case_id, step, act)


def _tasks(app: App, routes: APIRouter, desk: Desk) -> None:
    @routes.post("/cases/{case_id}/task")
    def task(
        request: Request,
        case_id: CaseId,
        text: Line = "",
        kind: Line = "process",
        assignee: Line = "",
        due: Line = "",
    ) -> Response:
        """Something to do. `due` is a moment in the viewer's zone."""
        typed = {"task": text, "kind": kind, "assignee": assignee, "due": due}
        when = moment_of(due)
        until = when.replace(tzinfo=shown_to(app, request).zone) if when is not None else None

        def act(actor: str) -> Refused | None:
            if due and until is None:
                return Refused("no_day", f"{due!r} is no moment")
            return desk.add_task(case_id, actor, text, kind, assignee or None, until)

        return moved(app, request, case_id, "task", act, typed)

    @routes.post("/cases/{case_id}/tasks/{task_id}/done")
    def finish_task(request: Request, case_id: CaseId, task_id: Id) -> Response:
        """It is done."""
        return moved(app, request, case_id, "finish_task", lambda who: desk.finish_task(case_id, who, task_id))

    @routes.post("/cases/{case_id}/checklist")
    def checklist(request: Request, case_id: CaseId) -> Response:
        """The steps of the playbook become tasks."""
        return moved(app, request, case_id, "checklist", lambda actor: desk.start_checklist(case_id, actor))

    @routes.post("/cases/{case_id}/staff")
    def staff(request: Request, case_id: CaseId, text: Line = "") -> Response:
        """How the colleague who faced it is helped."""
        return moved(
            app, request, case_id, "staff", lambda actor: desk.staff_note(case_id, actor, text), {"staff": text}
        )


def _causes(app: App, routes: APIRouter, desk: Desk) -> None:
    @routes.post("/cases/{case_id}/whys")
    def whys(request: Request, case_id: CaseId, why: Line = "") -> Response:
        """The next of the five whys."""

        def act(actor: str) -> Refused | None:
            return desk.ask_why(case_id, actor, [why]) if why.strip() else Refused("empty", "the answer is empty")

        return moved(app, request, case_id, "whys", act, {"why": why})

    @routes.post("/cases/{case_id}/told")
    def told(request: Request, case_id: CaseId, stage: Line = "", text: Text = "") -> Response:
        """The customer was told this in private."""
        typed = {"told": text, "stage": stage}
        return moved(
            app, request, case_id, "told", lambda actor: desk.told_customer(case_id, actor, stage, text), typed
        )


def _joint(app: App, routes: APIRouter, desk: Desk) -> None:
    @routes.post("/cases/{case_id}/merge")
    def merge(request: Request, case_id: CaseId, into: Line = "") -> Response:
        """Makes the case a part of another one."""
        return moved(app, request, case_id, "merge", lambda who: desk.merge(case_id, who, into), {"into": into})

    @routes.post("/cases/{case_id}/split")
    def split(request: Request, case_id: CaseId, reason: Line = "") -> Response:
        """Takes a merged case out again."""
        typed = {"reason": reason}
        return moved(app, request, case_id, "split", lambda actor: desk.split(case_id, actor, reason), typed)

    @routes.post("/cases/{case_id}/link")
    def link(request: Request, case_id: CaseId, other: Line = "", shown_by: Line = "") -> Response:
        """The authors of two cases are one person."""
        typed = {"other": other, "shown_by": shown_by}
        return moved(app, request, case_id, "link", lambda who: desk.link(case_id, who, other, shown_by), typed)

    @routes.post("/cases/{case_id}/links/{link_id}/end")
    def unlink(request: Request, case_id: CaseId, link_id: Id) -> Response:
        """Takes a link back."""
        return moved(app, request, case_id, "unlink", lambda actor: desk.unlink(case_id, actor, link_id))
