"""What is owed to the customer of a resolved case: shown with its text, and done by whoever may."""

from __future__ import annotations

from kintsugi.desk.desk import Desk
from storage.case import Case
from tests.web.pages.house import House


def test_what_is_owed_is_shown_with_its_text_and_recorded(house: House) -> None:
    desk, case_id = Desk(house.app), house.hostile_case()
    with house.app.database.write() as session:
        session.get_one(Case, case_id).severity = "major"
    assert desk.claim(case_id, "U0KIM") is None
    assert desk.resolve(case_id, "U0KIM", "お部屋を替えた", "process") is None
    agent, lead, page = house.client("agent"), house.client("lead"), f"/cases/{case_id}"
    assert "asked_in_person" not in agent.get(page).text, "a lead asks"
    assert agent.post(f"{page}/asked_in_person").status_code == 403
    lead.post(f"{page}/author")
    shown = lead.get(page).text
    assert "責任者よりご連絡いたしました" in shown
    assert "<script>alert" not in shown
    assert lead.post(f"{page}/asked_in_person", data={"text": "<b>電話</b>で伺った"}).status_code == 303
    assert "<b>電話</b>" not in lead.get(page).text
    assert agent.post(f"{page}/thanked", data={"text": ""}).status_code == 303
    again = agent.post(f"{page}/asked_in_person")
    assert again.status_code == 403
    refused = lead.post(f"{page}/thanked")
    assert refused.status_code == 409
    assert "もう残っていません" in refused.text
