"""The form in which staff record what they saw or were told."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from storage.case import Case
from storage.mention import Mention, latest_revision
from tests.web.shop import Shop

ENTRY = {
    "text": "フロントで、部屋が寒くて眠れなかったと強くお怒りでした。最悪だったとのこと。",
    "place": "浅草",
    "happened": "2026-03-02T09:30",
    "heard": "phone",
    "customer": "412号室 田中様",
}


def test_an_entry_becomes_a_mention_once_and_opens_a_case_by_the_same_criteria(new_shop: Shop) -> None:
    staff = new_shop.signed_in()
    assert "お客様の声を記録" in staff.get("/staff").text
    for _ in range(2):
        done = staff.post("/staff", data=ENTRY)
        assert (done.status_code, done.headers["location"]) == (303, "/staff?done=recorded")
    assert "記録しました" in staff.get("/staff?done=recorded").text
    new_shop.engine.settle()
    with new_shop.app.database.read() as session:
        mention = session.scalars(select(Mention)).one()
        assert (mention.source.key, mention.location) == ("staff", "浅草")
        assert mention.posted_at == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
        assert mention.author is not None
        assert mention.author.name == "412号室 田中様"
        assert mention.why == "written down by agent (phone)"
        assert latest_revision(session, mention.id).text == ENTRY["text"]
        assert session.scalars(select(Case)).one().mention_id == mention.id


def test_wrong_entries_are_named_and_nothing_typed_is_lost(new_shop: Shop) -> None:
    staff = new_shop.signed_in()
    for wrong, said in (
        ({"text": " "}, "何があったかを入力してください。"),
        ({"text": "長" * 4001}, "4000文字以内"),
        ({"place": "<script>"}, "一覧から場所を選んでください。"),
        ({"happened": "2030-01-01T00:00"}, "未来の日時は記録できません"),
        ({"happened": "yesterday"}, "日時を確認してください"),
        ({"heard": "rumour"}, "どのように知ったかを選んでください。"),
        ({"customer": "様" * 81}, "80文字以内"),
    ):
        answer = staff.post("/staff", data=ENTRY | wrong)
        assert (answer.status_code, said in answer.text) == (400, True), answer.text
        assert "<script>" not in answer.text
        assert all(ENTRY[name] in answer.text for name in ("text", "customer") if name not in wrong)
    with new_shop.app.database.read() as session:
        assert session.scalars(select(Mention)).all() == []


def test_only_agents_and_above_record(new_shop: Shop) -> None:
    assert new_shop.client().get("/staff").headers["location"].startswith("/login")
    viewer = new_shop.signed_in("viewer")
    assert viewer.get("/staff").status_code == 403
    assert viewer.post("/staff", data=ENTRY).status_code == 403
