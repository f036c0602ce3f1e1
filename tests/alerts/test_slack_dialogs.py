"""Recovery work in Slack's dialogs: writing while the guard looks on, offers, tasks, whys, other cases, accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.messages.wording import words_in
from alerts.permission import ACTIONS, Allowed, Denied, permission
from alerts.slack.sheet import sheet
from alerts.view import LinkView, OfferView, QuestionView, TaskView
from tests.alerts.conftest import KIM, NOON, SATO, a_view
from tests.alerts.office import ABE, MORI, STRANGER, Office, a_team, until
from tests.fake_slack.block_kit import complaints, view_complaints


def test_the_guard_looks_on_while_somebody_writes(office: Office) -> None:
    office.press("edit", SATO)
    dialog = office.dialog()["id"]
    assert "あと" in str(office.dialog()["blocks"])
    assert "公開してよい文面です" in str(office.dialog()["blocks"])
    office.slack.people.type_in(dialog, "reply", "補償いたします。", SATO)
    until(lambda: "補償の約束はできません" in str(office.dialog()["blocks"]))
    assert "8／350" in str(office.dialog()["blocks"])
    assert office.slack.people.submit(dialog, {"reply": "お待たせし、申し訳ございません。"}, SATO) == {}
    assert office.desk.did == [("edit", 42, SATO, "お待たせし、申し訳ございません。")]


def test_an_alternative_is_chosen_and_changed(office: Office) -> None:
    office.press("edit", SATO)
    dialog = office.dialog()["id"]
    office.slack.people.choose_in(dialog, "version", "0", SATO)
    until(lambda: "text:0" in [block.get("block_id") for block in office.dialog()["blocks"]])
    field = next(block for block in office.dialog()["blocks"] if block.get("block_id") == "text:0")
    assert field["element"]["initial_value"] == "申し訳ございません。"
    office.slack.people.submit(dialog, {"reply": "誠に申し訳ございません。"}, SATO)
    assert office.desk.did == [("edit", 42, SATO, "誠に申し訳ございません。")]


def test_approval_is_asked_and_a_reply_is_sent_back(office: Office) -> None:
    office.press("ask_approval", SATO)
    office.slack.people.submit(office.dialog()["id"], {"question": "これでよいですか"}, SATO)
    assert office.desk.did == [("ask_approval", 42, SATO, a_view().draft, "これでよいですか")]
    office.desk.cases[42] = a_view(question=QuestionView(SATO, "佐藤", NOON + timedelta(days=2), "これでよいですか"))
    office.slack.people.press("brand-voice", office.ts, "case.edit", MORI)  # an old button: still allowed
    assert office.over("edit")


def test_an_offer_is_chosen_from_the_playbook_or_written(office: Office) -> None:
    office.press("offer", SATO)
    dialog = office.dialog()
    choices = next(block for block in dialog["blocks"] if block.get("block_id") == "remedy")["element"]["options"]
    assert [one["text"]["text"] for one in choices] == ["朝食券 — 2000 JPY", "一泊無料 — 30000 JPY（承認が必要）"]
    refused = office.slack.people.submit(dialog["id"], {}, SATO)
    assert "内容を選ぶか" in str(refused["errors"])
    office.slack.people.submit(dialog["id"], {"remedy": "30000 JPY 一泊無料"}, SATO)
    office.slack.people.submit(dialog["id"], {"own": "花束", "amount": "3000"}, SATO)
    assert office.desk.did == [
        ("offer", 42, SATO, "一泊無料", "30000", "JPY"), ("offer", 42, SATO, "花束", "3000", "JPY"),
    ]  # fmt: skip


def test_what_was_asked_for_is_decided_in_the_message(office: Office) -> None:
    view = a_view(offers=(OfferView(7, "一泊無料", "30000", "JPY", "asked", "佐藤", NOON + timedelta(days=2)),))
    office.desk.cases[42] = view
    office.slack.workspace.channel("brand-voice").messages[-1]["blocks"].append(
        {
            "type": "actions",
            "block_id": "offer.42.7",
            "elements": [
                {"type": "button", "action_id": "case.offer_approve", "value": "42:7", "text": {}},
                {"type": "button", "action_id": "case.offer_refuse", "value": "42:7", "text": {}},
            ],
        }
    )
    office.press("offer_approve", KIM)
    assert office.said() == "Done."
    office.press("offer_refuse", KIM, value="42:7:9")
    office.press("offer_refuse", KIM, value="43:7")
    office.press("offer_refuse", ABE)
    until(lambda: len(office.slack.workspace.ephemerals) == 4)
    assert office.desk.did == [("decide_offer", 42, KIM, 7, True), ("decide_offer", 42, KIM, 0, False)]


def test_the_sheet_shows_tasks_and_whys_and_is_drawn_anew_after_each_step(office: Office) -> None:
    office.desk.cases[42] = a_view(
        tasks=(TaskView(3, "step", "当日の状況を確かめる"), TaskView(4, "process", "シャワーを修理", "森", done=True)),
        whys=("受付が一人だった",),
        whys_needed=3,
        links=(LinkView(5, "旅する猫", "maps", "handle"),),
        parts=((43, "K-43"),),
    )
    people, sheet_id = office.slack.people, office.sheet(SATO)["id"]
    people.press_in(sheet_id, "case.finish_task", SATO, value="42:3")
    until(lambda: "完了しました" in str(office.slack.workspace.views[sheet_id]["blocks"][0]))
    for name, answers in (
        ("task", {"text": "点検表を作る", "kind": "process", "assignee": MORI}),
        ("staff", {"text": "面談した"}),
        ("whys", {"why": "増員を決めていない"}),
        ("merge", {"into": "K-7"}),
        ("link", {"other": "K-7", "shown_by": "order_number"}),
        ("unlink", {"link": "5"}),
    ):
        people.press_in(sheet_id, f"case.{name}", SATO)
        people.submit(office.over(name)["id"], answers, SATO)
    assert office.desk.did == [
        ("finish_task", 42, SATO, 3),
        ("add_task", 42, SATO, "点検表を作る", "process", MORI, None),
        ("staff_note", 42, SATO, "面談した"),
        ("ask_why", 42, SATO, ["増員を決めていない"]),
        ("merge", 42, SATO, "K-7"),
        ("link", 42, SATO, "K-7", "order_number"),
        ("unlink", 42, SATO, 5),
    ]


def test_a_part_is_split_off_though_it_is_closed(office: Office) -> None:
    office.desk.cases |= {
        42: a_view(parts=((43, "K-43"),)),
        43: a_view(ref="K-43", case_id=43, state="closed", merged_into="K-42"),
    }
    office.slack.people.press_in(office.sheet(SATO)["id"], "case.split", SATO, value="43")
    answer = office.slack.people.submit(office.over("split")["id"], {"reason": "別のお客様"}, SATO)
    assert answer == {"response_action": "clear"}
    assert office.desk.did == [("split", 43, SATO, "別のお客様")]


def test_word_to_the_customer_follows_the_stage(office: Office) -> None:
    office.slack.people.press_in(office.sheet(SATO)["id"], "case.progress", SATO)
    dialog = office.over("progress")["id"]
    office.slack.people.choose_in(dialog, "stage", "delayed", SATO)
    until(lambda: "delayed: " in str(office.over("progress")["blocks"]))
    office.slack.people.submit(dialog, {"message": "お待たせしております。"}, SATO)
    assert office.desk.did == [("told_customer", 42, SATO, "delayed", "お待たせしております。")]


def test_resolving_asks_for_the_whys_that_are_missing(office: Office) -> None:
    office.desk.cases[42] = a_view(whys=("受付が一人だった",), whys_needed=3)
    office.press("resolve", SATO)
    dialog = office.dialog()
    assert [block["block_id"] for block in dialog["blocks"]] == ["done", "cause", "why2", "why3"]
    answers = {"done": "お詫びした", "cause": "people", "why2": "b", "why3": "c"}
    office.slack.people.submit(dialog["id"], answers, SATO)
    assert office.desk.did == [("resolve", 42, SATO, "お詫びした", "people", ["b", "c"])]


def test_a_viewer_and_another_team_are_refused_wherever_they_press(office: Office) -> None:
    for button in ("claim", "edit", "ask_approval", "offer", "resolve", "posted"):
        office.press(button, ABE)
        office.press(button, KIM)
    until(lambda: len(office.slack.workspace.ephemerals) == 12)
    told = {one["text"] for one in office.slack.workspace.ephemerals}
    assert told == {
        "この操作はできません：この操作には「担当者」以上の権限が必要です",
        "You cannot do this: this case belongs to the team front-desk",
    }
    office.press("edit", SATO)
    dialog = office.dialog()["id"]
    assert "front-desk" in str(office.slack.people.submit(dialog, {"reply": "x"}, KIM)["errors"])
    before = office.dialog()["hash"]
    office.slack.people.type_in(dialog, "reply", "補償", KIM)
    assert office.dialog()["hash"] == before
    assert office.desk.did == []


def test_every_action_stands_in_the_one_table_and_a_viewer_only_reads(office: Office) -> None:
    settings = a_team(office.slack)
    for action in ACTIONS:
        assert isinstance(permission(action, ABE, a_view(), settings), Allowed) is (action == "read"), action
        assert permission(action, STRANGER, a_view(), settings) == Denied("unknown_person", STRANGER)
        foreign = permission(action, KIM, a_view(), settings)
        anywhere = ("read", "note", "escalate", "open_case", "report", "decide_offer", "delegate", "silence")
        assert isinstance(foreign, Allowed) is (action in anywhere), action


@pytest.mark.parametrize("how", ["command", "shortcut"])
def test_what_a_customer_said_is_written_down_in_a_short_form(office: Office, how: str) -> None:
    if how == "command":
        office.slack.people.command("report シャワーがぬるい", SATO)
        form = office.dialog()
        assert form["blocks"][0]["element"]["initial_value"] == "シャワーがぬるい"
    else:
        office.slack.people.shortcut_anywhere("report", ABE)  # a viewer gets no form
        office.slack.people.shortcut_anywhere("report", SATO)
        form = office.dialog()
    answers = {"text": "シャワーがぬるい", "place": "浅草", "when": int(NOON.timestamp()) - 3600}
    assert "担当者" in str(office.slack.people.submit(form["id"], answers, ABE)["errors"])
    assert office.slack.people.submit(form["id"], answers, SATO) == {}
    assert office.desk.did == [("report_entry", "シャワーがぬるい", "浅草", NOON - timedelta(hours=1), SATO, "ja")]


def test_a_sheet_full_of_everything_stays_within_slacks_limits() -> None:
    long = "あ<!channel>" * 200
    view = a_view(
        offers=tuple(OfferView(n, long, "1", "JPY", ("asked", "standing")[n % 2], long, NOON) for n in range(30)),
        tasks=tuple(TaskView(n, "step", long, long, NOON, n % 2 == 0) for n in range(80)),
        whys=(long,) * 5,
        links=tuple(LinkView(n, long, "maps", "handle") for n in range(30)),
        parts=tuple((n, f"K-{n}") for n in range(30)),
        question=QuestionView(SATO, long, NOON, long),
    )
    from alerts.slack.blocks import case_message

    for language in ("ja", "en"):
        shown = sheet(view, words_in(language), "済" * 5000).to_dict()
        assert view_complaints(shown) == []
        assert "<!channel>" not in str(shown)
        message = case_message(view, words_in(language), interactive=True)
        assert complaints(message.blocks) == []
        assert "<!channel>" not in str(message.blocks)
