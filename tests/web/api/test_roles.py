"""Who may do what: every route for every role and scope, and every move by the table that Slack asks as well."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute

from alerts.permission import Allowed, at_least, permission
from alerts.view import CaseView
from kintsugi.app import App
from kintsugi.web.api.access import NEEDED, needs_of
from kintsugi.web.api.case_moves import MOVES
from kintsugi.web.api.resources import FEEDS, RESOURCES
from storage.account import ROLES
from storage.case import Case
from tests.web.api.conftest import Client

BODIES: dict[str, dict[str, Any]] = {
    "edit": {"text": "x"}, "decline": {"reason": "x"}, "take_down": {"reason": "x"}, "not_a_case": {"reason": "x"},
    "resolve": {"done": "x", "cause": "process"}, "snooze": {"until": "2026-03-09T00:00:00Z"},
    "reopen": {"reason": "x"}, "note": {"text": "x"}, "add_task": {"text": "x"}, "finish_task": {"task": 1},
    "staff_note": {"text": "x"}, "ask_why": {"answers": ["x"]}, "told_customer": {"stage": "received", "text": "x"},
    "offer": {"remedy": "tea", "amount": "300", "currency": "JPY"}, "decide_offer": {"offer": 1, "approve": True},
    "redeem_offer": {"offer": 1}, "withdraw_offer": {"offer": 1}, "merge": {"into": "K-2"}, "split": {"reason": "x"},
    "link": {"other": "K-2", "shown_by": "handle"}, "unlink": {"link": 1},
}  # fmt: skip


def routes_of(app: App) -> list[tuple[str, str]]:
    """Method and path of every route."""
    return [
        (method, one.path)
        for make in (*RESOURCES, *FEEDS)
        for one in make(app).routes
        if isinstance(one, APIRoute)
        for method in one.methods
    ]


def address(path: str) -> str:
    values = {"{ref}": "K-1", "{mention_id}": "1", "{spike_id}": "1", "{key}": "maps", "{silence_id}": "1"}
    for name, value in (values | {"{webhook_id}": "1"}).items():
        path = path.replace(name, value)
    return path.lstrip("/")


def test_every_route_stands_in_the_table_and_the_table_names_no_other(app: App) -> None:
    routes = routes_of(app)
    assert [route for route in routes if needs_of(*route) is None] == []
    assert set(NEEDED) - {f"{method} {path}" for method, path in routes} == set()
    assert len(routes) > 70


def test_no_role_gets_further_than_the_table_says(app: App, client: Client) -> None:
    for method, path in routes_of(app):
        needs = needs_of(method, path)
        assert needs is not None
        refused = [role for role in ROLES if not at_least(role, needs.least)]
        for name in [*refused, "deaf" if needs.scope != "act" else "reader"]:
            answer = client(name).request(method, address(path))
            reason = "needs_role" if name in refused else "needs_scope"
            assert (answer.status_code, answer.json()["reason"]) == (403, reason), (method, path, name)


def test_nothing_is_told_without_a_token(app: App, client: Client) -> None:
    api = client()
    del api.headers["Authorization"]
    for method, path in routes_of(app):
        answer = api.request(method, address(path))
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), path
        assert answer.json()["reason"] == "no_token"


@pytest.mark.parametrize("role", ["agent", "lead"])
def test_moves_are_allowed_as_in_slack(app: App, client: Client, role: str) -> None:
    with app.database.write() as session:
        session.get_one(Case, 1).team = "front-desk" if role == "lead" else "quality"
        view = CaseView(ref="K-1", case_id=1, team=session.get_one(Case, 1).team)
    denied = [
        move for move in MOVES if not isinstance(permission(move.action, role, view, app.settings), Allowed)
    ]  # fmt: skip
    assert len(denied) == (0 if role == "lead" else len(MOVES) - 3)
    for move in denied:
        answer = client(role).post(f"cases/K-1/{move.name}", json=BODIES.get(move.name, {}))
        assert answer.status_code == 403, (move.name, answer.text)
        assert answer.json()["reason"] in ("not_your_team", "needs_a_lead")
