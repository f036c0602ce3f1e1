"""Posts: the moves of a case, each once however often it is sent, and none on what changed meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import func, select

from kintsugi.app import App
from kintsugi.web.api.assembly import api_app
from storage.case import Case
from storage.event import Event
from storage.idempotency import KEPT, forget_answers
from storage.note import Note
from tests.responder.story import START
from tests.web.api.conftest import Client

REPLY = "この度はご不便をおかけし、誠に申し訳ございません。ご指摘の点を確認し、清掃の手順を見直しました。"


def notes(app: App) -> int:
    with app.database.read() as session:
        return session.scalar(select(func.count()).select_from(Note)) or 0


def test_a_case_is_worked_on_from_claim_to_closing(client: Client) -> None:
    api = client("lead")
    week = (START + timedelta(days=7)).isoformat()
    for name, body, expected in (
        ("claim", None, {"state": "acknowledged", "owner": "lead"}),
        ("edit", {"text": REPLY}, {"draft": REPLY}),
        ("approve", {}, {"approved": REPLY}),
        ("posted", {"url": "https://maps.example/r/1"}, {"reply": REPLY}),
        ("add_task", {"text": "空調を点検する", "assignee": "agent"}, {}),
        ("ask_why", {"answers": ["前の方が喫煙された"]}, {"whys": ["前の方が喫煙された"]}),
        ("offer", {"remedy": "朝食券", "amount": "3000", "currency": "JPY"}, {}),
        ("told_customer", {"stage": "received", "text": "承りました"}, {}),
        ("resolve", {"done": "お部屋を替えた", "cause": "process"}, {"state": "resolved", "cause": "process"}),
        ("reopen", {"reason": "また連絡があった"}, {"state": "investigating"}),
        ("snooze", {"until": week}, {"waiting": "snoozed"}),
        ("not_a_case", {"reason": "spam"}, {"state": "closed", "outcome": "not_a_case"}),
    ):
        answer = api.post(f"cases/K-1/{name}", json=body)
        assert answer.status_code == 200, (name, answer.text)
        assert {key: answer.json()[key] for key in expected} == expected
    assert api.get("log/verify").json()["whole"] is True


def test_what_is_owed_after_a_grave_case_is_shown_and_done(app: App, client: Client) -> None:
    with app.database.write() as session:
        session.get_one(Case, 3).severity = "major"
    api = client("lead")
    api.post("cases/K-3/claim")
    whys = ["a", "b", "c", "d", "e"]
    api.post("cases/K-3/resolve", json={"done": "Cooked anew", "cause": "process", "whys": whys})
    owed = api.get("cases/K-3").json()["follow_ups"]
    assert [(one["kind"], one["done_at"]) for one in owed] == [("lead", None), ("thanks", None)]
    assert "責任者よりご連絡" in owed[0]["text"]
    assert client("agent").post("cases/K-3/asked_in_person", json={}).json()["reason"] == "needs_a_lead"
    done = api.post("cases/K-3/asked_in_person", json={"text": "She is content."}).json()
    assert (done["state"], done["follow_ups"][0]["done_by"]) == ("following_up", "Kim")
    assert client("agent").post("cases/K-3/thanked", json={}).status_code == 200
    assert api.post("cases/K-3/thanked", json={}).json()["reason"] == "no_follow_up"


def test_what_the_desk_refuses_is_answered_with_its_reason(client: Client) -> None:
    api = client("lead")
    assert api.post("cases/K-1/reopen", json={"reason": "x"}).status_code == 409
    assert api.post("cases/K-1/finish_task", json={"task": 99}).json()["reason"] == "unknown"
    assert api.post("cases/K-99/claim").status_code == 404
    assert api.post("cases/K-1/edit", json={"text": "x", "colour": "red"}).status_code == 422
    blocked = api.post("cases/K-1/approve", json={"text": "090-1234-5678 までお電話ください。"})
    assert (blocked.status_code, blocked.headers["content-type"]) == (409, "application/problem+json")
    assert api.post("guard", json={"text": "弁護士に相談します。", "language": "ja"}).status_code == 200
    assert api.post("cases/K-1/guard", json={"text": REPLY}).json()["blocked"] is False


def test_the_same_post_again_is_answered_and_not_done_again(app: App, client: Client) -> None:
    api, key = client("agent"), {"Idempotency-Key": "n-1"}
    first = api.post("cases/K-1/note", json={"text": "電話した"}, headers=key)
    again = api.post("cases/K-1/note", json={"text": "電話した"}, headers=key)
    assert (first.status_code, notes(app)) == (200, 1)
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    for path, body in (("cases/K-1/note", {"text": "x"}), ("cases/K-2/note", {"text": "電話した"})):
        other = api.post(path, json=body, headers=key)
        assert (other.status_code, other.json()["reason"]) == (422, "key_reused")
    assert client("lead").post("cases/K-1/note", json={"text": "x"}, headers=key).status_code == 200
    assert notes(app) == 2


def test_two_equal_posts_at_once_have_one_effect(app: App, client: Client) -> None:
    apis = [client("agent") for _ in range(2)]

    def send(number: int) -> tuple[int, bytes]:
        answer = apis[number].post("cases/K-1/note", json={"text": "同時"}, headers={"Idempotency-Key": "both"})
        return answer.status_code, answer.content

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert answers[0] == answers[1]
    assert (answers[0][0], notes(app)) == (200, 1)


def test_what_was_refused_may_be_tried_again_with_its_key(client: Client) -> None:
    api, key = client("lead"), {"Idempotency-Key": "r-1"}
    assert api.post("cases/K-1/reopen", json={"reason": "x"}, headers=key).status_code == 409
    api.post("cases/K-1/not_a_case", json={"reason": "spam"})
    assert api.post("cases/K-1/reopen", json={"reason": "x"}, headers=key).json()["state"] == "investigating"


def test_an_erased_answer_is_not_told_again_and_keys_end_after_a_day(app: App, client: Client) -> None:
    api, key = client("agent"), {"Idempotency-Key": "e-1"}
    api.post("cases/K-1/note", json={"text": "一"}, headers=key)
    with app.database.write() as session:
        forget_answers(session)
    erased = api.post("cases/K-1/note", json={"text": "一"}, headers=key)
    assert (erased.status_code, notes(app)) == (410, 1)
    app.clock.advance(KEPT)  # type: ignore[attr-defined]  # a SetClock
    assert api.post("cases/K-1/note", json={"text": "二"}, headers=key).status_code == 200


def test_nothing_is_done_to_what_changed_meanwhile(app: App, client: Client) -> None:
    api = client("agent")
    tag = api.get("cases/K-1").headers["etag"]
    client("lead").post("cases/K-1/note", json={"text": "先に"})
    late = api.post("cases/K-1/claim", headers={"If-Match": tag})
    assert (late.status_code, late.json()["reason"]) == (412, "changed_meanwhile")
    now = api.get("cases/K-1")
    assert now.json()["state"] == "new"
    assert api.post("cases/K-1/claim", headers={"If-Match": now.headers["etag"]}).status_code == 200
    with app.database.read() as session:
        assert session.scalar(select(func.count()).where(Event.kind == "acknowledge")) == 1


def test_every_post_takes_a_key(app: App) -> None:
    posts = [(path, route["post"]) for path, route in api_app(app).openapi()["paths"].items() if "post" in route]
    assert len(posts) > 40
    without = [
        path for path, post in posts if "idempotency-key" not in {one["name"] for one in post.get("parameters", ())}
    ]
    assert without == ["/guard", "/cases/{ref}/guard"]  # which change nothing


def test_mentions_are_relabelled_with_and_without_a_case(client: Client) -> None:
    api = client("lead")
    for mention in (1, 8):
        answer = api.post(f"mentions/{mention}/relabel", json={"sentiment": "neutral", "topics": ["food"]})
        assert (answer.status_code, answer.json()["sentiment"], answer.json()["topics"]) == (200, "neutral", ["food"])
    assert answer.json()["opinion"]["sentiment"] == "positive"
    assert api.post("mentions/8/relabel", json={"topics": ["x"]}).json()["reason"] == "unknown_topics"
    assert api.post("mentions/8/relabel", json={}).status_code == 422
    assert [row["id"] for row in api.get("mentions?sentiment=neutral").json()["items"]] == [8, 1]


def test_the_service_is_run_from_outside(app: App, client: Client) -> None:
    api = client("lead")
    until = (app.clock.now() + timedelta(days=1)).isoformat()
    assert api.post("sources/maps/pause", json={"until": until, "why": "改修"}).json()["word"] == "paused"
    assert datetime.fromisoformat(api.post("sources/maps/run").json()["due_at"]) == app.clock.now()
    assert api.post("sources/maps/resume").json()["paused_until"] is None
    silence = api.post("silences", json={"matchers": ['topic="food"'], "ends_at": until, "reason": "改修"})
    assert silence.status_code == 201, silence.text
    assert [one["id"] for one in api.get("silences").json()["items"]] == [silence.json()["id"]]
    assert api.post(f"silences/{silence.json()['id']}/end").status_code == 200
    assert api.get("silences").json()["items"] == []
    assert api.post("silences", json={"matchers": ["{}"], "ends_at": until, "reason": "x"}).status_code == 422
    away = {"person": "lead", "delegate": "approver", "since": START.isoformat(), "until": until}
    assert api.post("absences", json=away).status_code == 201
    assert api.post("parked/retry", json={"names": ["assess/1"]}).json()["reason"] == "not_parked"


def test_a_case_is_opened_from_what_somebody_heard_once(client: Client) -> None:
    api, new = client("agent"), {"text": "電話で「お湯が出ない」とお叱りを受けた"}
    first = api.post("cases", json=new)
    assert (first.status_code, first.headers["location"]) == (201, "cases/K-4"), first.text
    assert api.post("cases", json=new).json()["ref"] == "K-4"
