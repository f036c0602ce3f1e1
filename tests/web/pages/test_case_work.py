"""What people do in a case besides the reply, by forms alone: nothing here needs a script."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from storage.case import Case
from storage.draft import latest_draft
from storage.offer import offers_of
from storage.task import tasks_of
from tests.web.pages.house import House

REPLY = "このたびはご不快な思いをおかけし、誠に申し訳ございません。清掃の手順を見直しました。\nホテルソラ お客様相談室"


@pytest.fixture
def sato(house: House) -> TestClient:
    """An agent of the team."""
    house.token("agent", "U0SATO")
    return house.client("agent")


@pytest.fixture
def kim(house: House) -> TestClient:
    """A lead."""
    house.token("lead", "U0KIM")
    return house.client("lead", "en")


def post(client: TestClient, path: str, **data: str) -> str:
    """Posts a form; returns the page that it leads to."""
    answer = client.post(path, data=data)
    assert answer.status_code == 303, re.findall(r'class="problem"[^>]*>([^<]*)', answer.text) or answer.text[:300]
    return client.get(answer.headers["location"]).text


def refused(client: TestClient, path: str, **data: str) -> str:
    """Posts a form that is refused; returns why."""
    answer = client.post(path, data=data)
    assert answer.status_code == 409
    return re.findall(r'class="problem"[^>]*>([^<]*)', answer.text)[0]


def test_an_offer_within_ones_authority_stands_and_above_it_somebody_else_decides(
    house: House, sato: TestClient, kim: TestClient
) -> None:
    case_id = house.hostile_case()
    case = f"/cases/{case_id}"
    post(sato, f"{case}/claim")
    page = post(sato, f"{case}/offer", own="ドリンク券", amount="500", currency="JPY")
    assert "提案を記録しました" in page
    assert "ドリンク券" in page
    post(sato, f"{case}/offer", own="一泊無料", amount="30,000", currency="jpy")
    with house.app.database.read() as session:
        small, large = offers_of(session, case_id)
        assert (small.state, large.state) == ("standing", "asked")
    assert "ご自身が依頼した" in refused(sato, f"{case}/offers/{large.id}", step="offer_approve")
    assert 'value="offer_approve"' not in sato.get(case).text
    assert 'value="offer_approve"' in kim.get(case).text
    assert "The offer is approved." in post(kim, f"{case}/offers/{large.id}", step="offer_approve")
    assert "超えています" in refused(sato, f"{case}/offers/{large.id}", step="offer_redeem", taken="40000")
    post(sato, f"{case}/offers/{large.id}", step="offer_redeem", taken="25000")
    post(sato, f"{case}/offers/{small.id}", step="offer_withdraw")
    with house.app.database.read() as session:
        small, large = offers_of(session, case_id)
        assert (small.state, large.state, large.cost) == ("withdrawn", "redeemed", 25000)
    assert sato.post(f"{case}/offers/{large.id}", data={"step": "steal"}).status_code == 400


def test_the_playbook_suggests_what_to_offer_with_what_stands_against_it(house: House, sato: TestClient) -> None:
    case_id = house.hostile_case()
    values = re.findall(r'<option value="(\d[^"]* JPY [^"]+)"', sato.get(f"/cases/{case_id}").text)
    assert values
    post(sato, f"/cases/{case_id}/offer", remedy=values[0], currency="JPY")
    with house.app.database.read() as session:
        assert [one.remedy for one in offers_of(session, case_id)] == [values[0].split(" ", 2)[2]]
    assert "120文字以内" in refused(sato, f"/cases/{case_id}/offer", remedy="", own=" ", currency="JPY")


def test_who_is_nobody_of_the_team_is_told_why_they_can_offer_nothing(house: House) -> None:
    page = house.client("lead", "en").get(f"/cases/{house.hostile_case()}").text
    assert "Your account belongs to none of them." in page


def test_tasks_are_added_for_somebody_until_a_moment_and_done(house: House, sato: TestClient) -> None:
    case_id = house.hostile_case()
    case = f"/cases/{case_id}"
    sato.cookies.set("zone", "Asia/Tokyo")
    page = post(sato, f"{case}/task", text="412号室を修理", kind="process", assignee="U0KIM", due="2026-12-02T10:00")
    assert "412号室を修理" in page
    post(sato, f"{case}/checklist")
    with house.app.database.read() as session:
        first, *steps = tasks_of(session, case_id)
        assert first.due_at is not None
        assert first.due_at.isoformat() == "2026-12-02T01:00:00+00:00"
        assert first.assignee == "U0KIM"
        assert {one.kind for one in steps} == {"step"}
    assert "期限を確かめて" in refused(sato, f"{case}/task", text="いつか", kind="process", due="someday")
    assert "完了にしました" in post(sato, f"{case}/tasks/{first.id}/done")
    with house.app.database.read() as session:
        assert tasks_of(session, case_id)[0].done_by == "U0SATO"
    assert "見つかりません" in refused(sato, f"{case}/tasks/987/done")


def test_whys_staff_notes_and_word_to_the_customer_are_kept(house: House, sato: TestClient) -> None:
    case = f"/cases/{house.hostile_case()}"
    post(sato, f"{case}/whys", why="清掃の確認表が古かった")
    page = post(sato, f"{case}/whys", why="改装のあと、誰も直さなかった")
    assert page.index("清掃の確認表が古かった") < page.index("改装のあと、誰も直さなかった") < page.index("なぜ 3")
    assert "夜勤を交代した" in post(sato, f"{case}/staff", text="夜勤を交代した")
    post(sato, f"{case}/claim")
    chosen = sato.get(f"{case}?stage=delayed&until=2026-12-03T09:00").text
    assert "お約束した日までに" in chosen
    assert "12月3日" in chosen
    page = post(sato, f"{case}/told", stage="delayed", text="あと二日お待ちください")
    assert "お客様へ経過をご連絡" in page
    assert "段階を一覧から" in refused(sato, f"{case}/told", stage="never", text="x")


def test_a_draft_is_kept_asked_about_and_sent_back(house: House, sato: TestClient, kim: TestClient) -> None:
    case_id = house.hostile_case()
    case = f"/cases/{case_id}"
    post(sato, f"{case}/claim")
    page = post(sato, f"{case}/edit", text=REPLY)
    assert "清掃の手順を見直しました" in page
    second = sato.get(f"{case}?version=1").text
    with house.app.database.read() as session:
        draft = latest_draft(session, case_id)
        assert draft is not None
        assert draft.text.replace("\r", "") == REPLY
        assert draft.alternatives[0]["text"].split("\n")[0] in second
    post(sato, f"{case}/ask_approval", text=REPLY, question="これで足りますか")
    assert "ご自身が依頼した" in refused(sato, f"{case}/approve", text=REPLY)
    asked = kim.get(case).text
    assert "asks for approval of this reply" in asked
    assert "これで足りますか" in asked
    assert "The reply was sent back." in post(kim, f"{case}/decline", reason="温度を測ってください")
    assert "温度を測ってください" in sato.get(case).text
    with house.app.database.read() as session:
        assert session.get_one(Case, case_id).state != "closed"


def test_cases_are_merged_and_split_and_accounts_linked(house: House, kim: TestClient) -> None:
    hostile = house.hostile_case()
    with house.app.database.read() as session:
        other = session.query(Case).filter(Case.author_id.is_not(None), Case.state == "new", Case.id != hostile).first()
        assert other is not None
        whole = other.id
    page = post(kim, f"/cases/{hostile}/link", other=f"K-{whole}", shown_by="said_so")
    [link] = re.findall(r"/links/(\d+)/end", page)
    assert "The link was taken back." in post(kim, f"/cases/{hostile}/links/{link}/end")
    page = post(kim, f"/cases/{hostile}/merge", into=f"k-{whole}")
    assert f'<a href="/cases/{whole}">K-{whole}</a>' in page
    assert f"/cases/{hostile}" in kim.get(f"/cases/{whole}").text
    assert "This case" not in post(kim, f"/cases/{hostile}/split", reason="another room")[:100]
    assert "Not found" not in refused(kim, f"/cases/{hostile}/merge", into="K-987654")
    assert refused(kim, f"/cases/{hostile}/merge", into="the other one")


def test_a_case_is_found_by_its_name_and_a_wrong_one_is_told_in_the_viewers_words(house: House) -> None:
    case_id = house.hostile_case()
    japanese, english = house.client("viewer"), house.client("viewer", "en")
    for name in (f"K-{case_id}", f"k-{case_id}", str(case_id)):
        assert japanese.get(f"/cases/{name}").status_code == 200
    for wrong in ("K-987654", "K-", "abc", "K-0", "-1", "９９９９９９９９９９９"):
        answer = japanese.get(f"/cases/{wrong}")
        assert (answer.status_code, "ページが見つかりません" in answer.text) == (404, True), wrong
        assert "There is no such page" in english.get(f"/cases/{wrong}").text
    for wrong in ("/spikes/x", "/places/none", "/received/none"):
        answer = house.client("lead").get(wrong)
        assert (answer.status_code, "ページが見つかりません" in answer.text) == (404, True), wrong


def test_what_a_form_cannot_be_read_from_is_told_without_inner_words(house: House) -> None:
    client = house.client("lead")
    answer = client.post("/mentions/relabel", data={"ids": "many", "sentiment": "negative"})
    assert answer.status_code == 400
    assert "入力した内容を確認して" in answer.text
    assert "integer" not in answer.text
    assert "50件まで" not in answer.text
    assert "名前を付けて" in client.post("/mentions/views", data={"name": "", "query": ""}).text


def test_the_first_page_shows_ones_own_cases_those_of_nobody_or_of_the_team(house: House, sato: TestClient) -> None:
    case_id = house.hostile_case()
    with house.app.database.write() as session:
        session.get_one(Case, case_id).team = "front-desk"
    assert f'href="/cases/{case_id}"' in sato.get("/?show=free").text
    assert 'class="ref"' not in sato.get("/?show=mine").text
    post(sato, f"/cases/{case_id}/claim")
    for show, there in (("mine", True), ("team", True), ("free", False), ("nonsense", True)):
        assert (f'href="/cases/{case_id}"' in sato.get(f"/?show={show}").text) == there, show
    assert "show=team" not in house.client("viewer").get("/").text
