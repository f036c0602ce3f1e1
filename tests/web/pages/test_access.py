"""Who may open what: every route, every role; nothing is open by default."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from kintsugi.web.access import LEAST, PUBLIC
from kintsugi.web.app import web_app
from storage.account import ROLES
from tests.web.pages.house import House


def routes_of(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """`METHOD /path` of everything that this application itself serves; mounted ones have doors of their own."""
    for one in routes:
        if isinstance(one, APIRoute):
            yield from (f"{method} {one.path}" for method in one.methods)
        elif (inner := getattr(one, "original_router", None)) is not None:  # how FastAPI keeps what was included
            yield from routes_of(inner.routes)


def test_every_route_stands_in_the_table_and_nothing_else_does(house: House) -> None:
    assert sorted(routes_of(house.web.routes)) == sorted(LEAST)


def test_a_route_that_stands_in_no_table_is_refused(house: House) -> None:
    web = web_app(house.app, ())
    web.get("/forgotten")(lambda: "open to everybody")
    assert house.client("admin", web=web).get("/forgotten").status_code == 403


@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_role_gets_what_the_table_says(house: House, role: str | None) -> None:
    wrong = []
    with house.client(role) as client:  # one event loop for all of them
        for route, least in sorted(LEAST.items(), key=lambda one: one[0] == "POST /logout"):
            method, path = route.split(" ")
            allowed = least == PUBLIC or (role is not None and ROLES.index(role) >= ROLES.index(least))
            if allowed and (least == PUBLIC or path == "/live"):
                continue  # what is public asks for its own proof; the stream has no end and is tested in a browser
            filled = re.sub(r"{\w+}", "987654", path)  # there is none: who may gets a 404, quickly
            status = client.request(method, filled).status_code
            refused = (303, 401) if role is None else (403,)
            if (status in refused and not (role is not None and status == 303)) == allowed:
                wrong.append((route, status))
    assert wrong == []


def test_who_is_not_signed_in_is_led_to_the_page_they_wanted(house: House) -> None:
    answer = house.client().get("/mentions?q=対応&stars=1")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2Fmentions%3Fq%3D")
    assert house.client().get("/live", headers={"accept": "text/event-stream"}).status_code == 401


def test_agents_work_on_cases_of_their_own_team_only(house: House) -> None:
    from storage.case import Case

    case_id = house.hostile_case()
    with house.app.database.write() as session:
        session.get_one(Case, case_id).team = "quality"
    agent = house.client("agent")
    assert agent.post(f"/cases/{case_id}/note", data={"text": "x"}).status_code == 403
    assert "quality" in agent.get(f"/cases/{case_id}").text
    assert house.client("lead").post(f"/cases/{case_id}/note", data={"text": "x"}).status_code == 303


def test_the_last_administrator_stays(house: House) -> None:
    admin = house.client("admin")
    from sqlalchemy import select

    from storage.account import Account

    with house.app.database.read() as session:
        mine = session.scalars(select(Account.id).where(Account.role == "admin")).one()
    for role in ("", "viewer"):
        assert admin.post(f"/settings/accounts/{mine}/role", data={"role": role}).status_code == 409
    assert admin.get("/settings").status_code == 200
