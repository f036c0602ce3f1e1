"""What the pages can do the API can: route by route, and the resources that were added for that."""

from __future__ import annotations

import pytest

from kintsugi.app import App
from kintsugi.web.access import LEAST, PUBLIC
from kintsugi.web.api.access import needs_of
from storage.account import Account, Audit
from storage.case import Case
from storage.listing import Listing
from storage.mention import Mention, latest_revision
from storage.source import Source
from tests.web.api.conftest import Client

CASE = ("POST /cases/{case_id}/", "POST /cases/{ref}/")
# What a page does → what the API has for it, where it has another name; None: it belongs to a browser alone.
OTHERWISE: dict[str, str | None] = {
    "POST /logout": None,
    "GET /account": "GET /token",
    "POST /account/language": None,
    "POST /account/password": None,
    "POST /account/totp": None,
    "POST /account/totp/off": None,
    "POST /account/sessions/end": None,
    "GET /cases/{case_id}": "GET /cases/{ref}",
    "POST /cases/{case_id}/offers/{offer_id}": "POST /cases/{ref}/decide_offer",
    "POST /cases/{case_id}/task": "POST /cases/{ref}/add_task",
    "POST /cases/{case_id}/tasks/{task_id}/done": "POST /cases/{ref}/finish_task",
    "POST /cases/{case_id}/checklist": "POST /cases/{ref}/start_checklist",
    "POST /cases/{case_id}/staff": "POST /cases/{ref}/staff_note",
    "POST /cases/{case_id}/whys": "POST /cases/{ref}/ask_why",
    "POST /cases/{case_id}/told": "POST /cases/{ref}/told_customer",
    "POST /cases/{case_id}/links/{link_id}/end": "POST /cases/{ref}/unlink",
    "GET /staff": "GET /people",
    "GET /places": "GET /complaint-pages",
    "GET /places/{place}/qr": "GET /complaint-pages/{place}/qr.svg",
    "GET /places/{place}/qr.svg": "GET /complaint-pages/{place}/qr.svg",
    "GET /received/{reference}": "POST /received/{reference}/look",
    "POST /mentions/views": "POST /views",
    "POST /mentions/views/{view_id}/delete": "POST /views/{view_id}/delete",
    "GET /log": "GET /audit",
    "POST /log/verify": "GET /log/verify",
    "POST /settings/silences": "POST /silences",
    "POST /settings/silences/{number}/end": "POST /silences/{silence_id}/end",
    "POST /settings/invite": "POST /accounts/invitations",
    "POST /settings/accounts/{account_id}/link": "POST /accounts/{account_id}/link",
    "POST /settings/accounts/{account_id}/role": "POST /accounts/{account_id}/role",
    "GET /spikes/{spike_id}/chart": "GET /spikes/{spike_id}",
    "GET /learn/control": "GET /learn",
    "GET /reports/charts/{key}": "GET /reports/files/{form}",
    "GET /": "GET /figures",
    "GET /live": None,
}


def test_the_api_has_something_for_every_page(app: App) -> None:
    from tests.web.api.test_roles import routes_of

    there = {f"{method} {path}" for method, path in routes_of(app)}
    missing = []
    for route, least in LEAST.items():
        if least == PUBLIC:
            continue
        wanted = OTHERWISE.get(route, route.replace(*CASE))
        if wanted is not None and (wanted not in there or needs_of(*wanted.split(" ")) is None):
            missing.append(route)
    assert missing == []
    assert set(OTHERWISE) <= set(LEAST), "no page is named that is gone"


def test_what_staff_heard_becomes_a_mention_once(app: App, client: Client) -> None:
    api, entry = client("agent"), {"text": "Two hours for a room, and no word of regret.", "heard": "phone"}
    entry |= {"place": "浅草", "happened_at": "2026-03-02T01:00:00Z"}
    first, again = api.post("staff", json=entry), api.post("staff", json=entry)
    assert (first.status_code, again.json()) == (201, first.json())
    with app.database.read() as session:
        mention = session.get_one(Mention, first.json()["mention"])
        assert (mention.location, mention.source.key) == ("浅草", "staff")
        assert latest_revision(session, mention.id).text == entry["text"]
    assert api.post("staff", json=entry | {"place": "nowhere"}).json()["reason"] == "unknown_place"
    assert api.post("staff", json=entry | {"text": "  "}).json()["reason"] == "empty"
    assert client("viewer").post("staff", json=entry).status_code == 403
    with app.database.read() as session:
        assert session.query(Source).filter(Source.key == "staff").count() == 1


def test_saved_views_are_those_of_the_persons_account(app: App, client: Client) -> None:
    api = client("viewer")
    assert api.get("views").json()["reason"] == "no_account"
    assert client("reader").get("views").status_code == 409
    with app.database.write() as session:
        for person in ("viewer", "agent"):
            session.add(Account(name=f"{person}s own", person=person, role="viewer", made_at=app.clock.now()))
    kept = api.post("views", json={"name": "食事", "query": "sentiment=negative&topic=food&nonsense=1"}).json()["items"]
    assert [(one["name"], one["query"]) for one in kept] == [("食事", "sentiment=negative&topic=food")]
    kept = api.post("views", json={"name": "食事", "query": "topic=food"}).json()["items"]
    assert [one["query"] for one in kept] == ["topic=food"]
    assert api.post("views", json={"name": "x", "query": "nonsense=1"}).json()["reason"] == "no_filter"
    number = kept[0]["id"]
    assert client("agent").post(f"views/{number}/delete").status_code == 404
    assert client("agent").get("views").json()["items"] == []
    assert api.post(f"views/{number}/delete").json()["items"] == []


def test_accounts_are_made_changed_and_ended_by_administrators(app: App, client: Client) -> None:
    api = client("admin")
    link = api.post("accounts/invitations", json={"role": "lead", "name": "kim", "person": "lead"})
    assert (link.status_code, "/setup/" in link.json()["link"]) == (201, True)
    assert api.post("accounts/invitations", json={"role": "lead", "person": "ghost"}).status_code == 422
    with app.database.write() as session:
        for name, role in (("boss", "admin"), ("kim", "lead")):
            session.add(Account(name=name, role=role, made_at=app.clock.now()))
    boss, kim = (one["id"] for one in api.get("accounts").json()["items"])
    assert api.post("accounts/invitations", json={"role": "lead", "name": "kim"}).json()["reason"] == "taken"
    assert "/setup/" in api.post(f"accounts/{kim}/link").json()["link"]
    assert api.post(f"accounts/{boss}/role", json={"role": "viewer"}).json()["reason"] == "last_admin"
    assert [one["name"] for one in api.post(f"accounts/{kim}/role", json={"role": None}).json()["items"]] == ["boss"]
    assert api.post(f"accounts/{kim}/link").status_code == 404
    audit = api.get("audit?limit=3").json()
    assert [one["what"] for one in audit["items"]] == ["role_changed", "invited", "invited"]
    with app.database.read() as session:
        assert session.query(Audit).count() == 3


def test_what_may_be_offered_and_what_to_tell_the_customer(app: App, client: Client) -> None:
    assert client("agent").get("cases/K-1/message?stage=delayed").json()["reason"] == "name_first"
    client("agent").post("cases/K-1/author")
    told = client("agent").get("cases/1/message?stage=delayed&until=2026-03-05T00:00:00Z").json()["text"]
    assert "3月5日" in told
    remedies = client("agent").get("cases/K-1/remedies").json()["items"]
    assert {"name", "amount", "currency", "limit"} == set(remedies[0])
    assert client("reader").get("cases/K-1/remedies").json()["items"] == []
    assert "process" in [one["name"] for one in client("reader").get("causes").json()["items"]]


def test_many_mentions_are_corrected_at_once_or_none(app: App, client: Client) -> None:
    api = client("lead")
    done = api.post("mentions/relabel", json={"ids": [4, 5, 987654], "topics": ["staff"], "sentiment": "neutral"})
    assert done.json()["ids"] == [4, 5]
    with app.database.read() as session:
        assert [session.get_one(Listing, one).sentiment for one in (4, 5, 6)] == ["neutral", "neutral", "positive"]
    assert api.post("mentions/relabel", json={"ids": [6], "topics": ["nonsense"]}).status_code == 409
    assert api.post("mentions/relabel", json={"ids": [6]}).json()["reason"] == "nothing_said"
    assert client("agent").post("mentions/relabel", json={"ids": [6], "sentiment": "negative"}).status_code == 403


def test_what_can_be_learnt_and_how_the_installation_is_set(client: Client) -> None:
    learnt = client("reader").get("learn?days=30&language=en").json()
    assert sum(step["complaints"]["count"] for step in learnt["journey"]) == sum(
        cell["count"] for cell in learnt["places"]
    )
    assert learnt["journey"][0]["name"] == "Find and book"
    rows = client("lead").get("settings").json()
    name = next(one for one in rows["items"] if one["path"] == "brand.name")
    assert (name["own"], name["value"]) == (True, "Hotel Sora")
    assert "k" * 64 not in str(rows)
    assert client("agent").get("settings").status_code == 403


@pytest.mark.parametrize("form", ["csv", "html"])
def test_a_report_is_had_as_a_file(client: Client, form: str) -> None:
    answer = client("reader").get(f"reports/files/{form}?since=2026-03-01&until=2026-03-07&language=en")
    assert answer.status_code == 200
    assert f"2026-03-07.{form}" in answer.headers["content-disposition"]
    assert "Hotel Sora" in answer.text or form == "csv"


def test_cases_are_named_with_and_without_their_letter(client: Client) -> None:
    api = client("reader")
    assert api.get("cases/1").json() == api.get("cases/k-1").json()
    assert api.get("cases/987654").json()["detail"] == "there is no case K-987654"
    assert api.get("cases/one").status_code == 422
    assert Case(id=1).ref == "K-1"
