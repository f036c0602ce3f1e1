"""Webhooks out: who registers is told what they asked for, signed, once; and again when they ask for it."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from pytest_httpserver import HTTPServer

from kintsugi.app import App
from kintsugi.steps.sender import send_due
from kintsugi.web.signature import why_not_signed
from storage.event import events_of
from tests.web.api.conftest import Client


def send(app: App) -> None:
    send_due(app.database, {}, app.context())


def told(server: HTTPServer) -> list[dict[str, object]]:
    return [json.loads(request.data) for request, _ in server.log]


def registered(api: TestClient, server: HTTPServer, *events: str) -> dict[str, object]:
    answer = api.post("webhooks", json={"url": server.url_for("/hook"), "events": events})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def test_programs_are_told_what_they_asked_for_and_can_prove_who_says_it(
    app: App, client: Client, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("", 204)
    api = client("admin")
    made = registered(api, httpserver, "case.changed")
    registered(api, httpserver, "spike.closed", "outcome.recorded")
    assert str(made["secret"]) not in api.get("webhooks").text
    with app.database.read() as session:
        before = events_of(session, 1)
    api.post("cases/K-1/claim")
    send(app)
    with app.database.read() as session:
        made_now = [one.kind for one in events_of(session, 1)][len(before) :]
    assert [event["data"]["kind"] for event in told(httpserver)] == made_now  # type: ignore[index]
    event = told(httpserver)[0]
    assert event | {"id": 0, "time": 0} == {
        "specversion": "1.0", "id": 0, "source": "/kintsugi/Hotel Sora", "type": "kintsugi.case.changed",
        "subject": "K-1", "time": 0, "datacontenttype": "application/json", "data": event["data"],
    }  # fmt: skip
    assert "眠れません" not in json.dumps(event, ensure_ascii=False)
    request, _ = httpserver.log[0]
    at = app.clock.now()
    assert why_not_signed(request.headers, request.data, str(made["secret"]), at) is None
    assert why_not_signed(request.headers, request.data + b" ", str(made["secret"]), at) is not None
    api.post("cases/K-1/not_a_case", json={"reason": "spam"})
    send(app)
    assert "kintsugi.outcome.recorded" in {str(one["type"]) for one in told(httpserver)}


def test_a_test_is_sent_what_failed_is_shown_and_events_are_sent_again_with_their_ids(
    app: App, client: Client, httpserver: HTTPServer
) -> None:
    httpserver.expect_oneshot_request("/hook").respond_with_data("", 410)
    httpserver.expect_request("/hook").respond_with_data("", 200)
    api = client("admin")
    number = registered(api, httpserver, "case.changed")["id"]
    assert api.post(f"webhooks/{number}/test").json()["type"] == "kintsugi.test"
    send(app)
    (row,) = api.get(f"webhooks/{number}/deliveries").json()["items"]
    assert (row["state"], "HTTP 410" in row["error"]) == ("given_up", True)
    for which in ({"deliveries": [row["id"]]}, {"since": row["made_at"]}):
        assert api.post(f"webhooks/{number}/replay", json=which).json() == {"replayed": 1}
        send(app)
    assert {one["id"] for one in told(httpserver)} == {row["event"]}
    assert len(told(httpserver)) == 3
    assert api.get(f"webhooks/{number}/deliveries").json()["items"][0]["state"] == "sent"
    assert api.post(f"webhooks/{number}/replay", json={"deliveries": [999]}).status_code == 404
    assert api.post(f"webhooks/{number}/replay", json={}).status_code == 422


def test_an_ended_webhook_is_told_nothing(app: App, client: Client, httpserver: HTTPServer) -> None:
    api = client("admin")
    number = registered(api, httpserver, "case.changed")["id"]
    api.post("cases/K-1/claim")
    assert api.post(f"webhooks/{number}/end").json()["ended_at"] is not None
    api.post("cases/K-2/claim")
    send(app)
    assert httpserver.log == []
    assert {row["state"] for row in api.get(f"webhooks/{number}/deliveries").json()["items"]} == {"given_up"}
    assert api.post(f"webhooks/{number}/test").json()["reason"] == "ended"


@pytest.mark.parametrize(
    "url",
    ["http://example.jp/hook", "https://name:word@example.jp/", "https:///x", "ftp://example.jp", "https://[::1/", "x"],
)
def test_an_address_that_is_not_safe_is_refused(client: Client, url: str) -> None:
    answer = client("admin").post("webhooks", json={"url": url, "events": ["case.opened"]})
    assert (answer.status_code, answer.json()["reason"]) == (422, "invalid")
