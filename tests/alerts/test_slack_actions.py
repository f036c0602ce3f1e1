"""Working in Slack: whole flows over Socket Mode through the real slack-bolt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.alerts.conftest import KIM, NOON, SATO, a_view
from tests.alerts.office import MORI, STRANGER, Office, until


def test_a_teammate_takes_a_case(office: Office) -> None:
    office.press("claim", SATO)
    until(lambda: office.desk.did)
    assert office.desk.did == [("claim", 42, SATO)]
    assert office.desk.cases[42].owner == SATO


def test_when_two_press_at_once_one_wins_and_the_other_is_told_who(office: Office) -> None:
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda user: office.press("claim", user), (SATO, MORI)))
    said = office.said()
    winner = office.desk.cases[42].owner
    assert winner in (SATO, MORI)
    assert said == f"{winner} さんがすでに担当しています。"
    assert len(office.desk.did) == 1


def test_someone_of_another_team_is_refused_in_their_own_language(office: Office) -> None:
    office.press("claim", KIM)
    assert office.said() == "You cannot do this: this case belongs to the team front-desk"
    assert office.desk.did == []


def test_somebody_who_is_not_in_people_is_refused_with_what_to_do(office: Office) -> None:
    office.press("claim", STRANGER)
    assert STRANGER in office.said()
    assert "people" in office.said()
    assert office.desk.did == []


@pytest.mark.parametrize("value", ["43", "'; drop table", "", "9" * 40, "４２"])
def test_a_forged_button_does_nothing(office: Office, value: str) -> None:
    office.desk.cases[43] = a_view(ref="K-43", case_id=43)
    office.press("claim", SATO, value=value)
    assert "見つかりません" in office.said()
    assert office.desk.did == []


def test_a_replayed_envelope_claims_once(office: Office) -> None:
    payload = office.slack.people.press_payload("brand-voice", office.ts, "case.claim", SATO)
    for _ in range(2):
        office.slack.socket.send("interactive", payload, envelope="same")
    until(lambda: len(office.desk.did) == 2)
    assert office.desk.cases[42].owner == SATO


def test_a_stale_button_says_how_far_the_case_is(office: Office) -> None:
    office.desk.cases[42] = a_view(state="closed", outcome="recovered")
    office.press("resolve", SATO)
    assert office.said() == "この案件の状態はすでに変わっています（現在：完了）。"


def test_the_reply_is_copied_from_the_dialog_and_marked_as_posted(office: Office) -> None:
    office.press("posted", SATO)
    dialog = office.dialog()
    assert dialog["blocks"][0]["element"]["initial_value"] == a_view().draft
    answer = office.slack.people.submit(dialog["id"], {"text": "申し訳ございませんでした。"}, SATO)
    assert answer == {}
    assert office.desk.did == [("posted", 42, SATO, "申し訳ございませんでした。")]


def test_what_is_refused_stays_open_with_the_reason(office: Office) -> None:
    office.press("posted", SATO)
    answer = office.slack.people.submit(office.dialog()["id"], {"text": "補償いたします。"}, SATO)
    assert answer["response_action"] == "errors"
    assert answer["errors"]["text"] == "うまくいきませんでした：補償の約束は承認が必要です"


def test_permission_is_asked_again_when_a_dialog_is_sent(office: Office) -> None:
    office.press("resolve", SATO)
    answer = office.slack.people.submit(office.dialog()["id"], {"done": "x", "cause": "people"}, KIM)
    assert "front-desk" in answer["errors"]["done"]
    assert office.desk.did == []


def test_resolving_asks_what_was_done_and_the_cause_and_names_known_causes(office: Office) -> None:
    office.press("resolve", SATO)
    dialog = office.dialog()
    assert "清掃の人手不足" in dialog["blocks"][1]["hint"]["text"]
    office.slack.people.submit(dialog["id"], {"done": "電話でお詫び", "cause": "people"}, SATO)
    assert office.desk.did == [("resolve", 42, SATO, "電話でお詫び", "people", [])]


def test_not_a_case_asks_for_a_reason(office: Office) -> None:
    office.press("not_a_case", SATO)
    office.slack.people.submit(office.dialog()["id"], {"reason": "spam"}, SATO)
    assert office.desk.did == [("not_a_case", 42, SATO, "spam", "")]


def test_snoozing_proposes_two_hours(office: Office) -> None:
    office.press("snooze", SATO)
    dialog = office.dialog()
    proposed = dialog["blocks"][0]["element"]["initial_date_time"]
    assert proposed == int((NOON + timedelta(hours=2)).timestamp())
    office.slack.people.submit(dialog["id"], {"until": proposed}, SATO)
    assert office.desk.did == [("snooze", 42, SATO, NOON + timedelta(hours=2))]


def test_a_trigger_that_came_too_late_is_said_so(office: Office) -> None:
    office.slack.fail("views.open", error="expired_trigger_id")
    office.press("resolve", SATO)
    assert "もう一度ボタンを押してください" in office.said()


def test_escalating_needs_no_team(office: Office) -> None:
    office.press("escalate", KIM)
    assert office.said() == "Done."
    assert office.desk.did == [("escalate", 42, KIM)]


def test_a_reply_in_the_thread_is_a_note(office: Office) -> None:
    office.slack.people.write("brand-voice", "本人に電話しました", SATO, thread_ts=office.ts)
    until(lambda: office.desk.did)
    assert office.desk.did == [("note", 42, SATO, "本人に電話しました")]


def test_other_talk_is_none_of_our_business(office: Office) -> None:
    office.slack.people.write("brand-voice", "おはよう", SATO)
    office.slack.people.write("brand-voice", "<@U0BOT00001> hi", STRANGER, thread_ts=office.ts)
    office.press("escalate", SATO)
    until(lambda: office.desk.did)
    assert office.desk.did == [("escalate", 42, SATO)]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("due", "K-42"),
        ("mine", "該当する案件はありません。"),
        ("search 髪の毛", "K-42"),
        ("search nothing", "該当する案件はありません。"),
        ("week", "&lt;解決 2件&gt;"),
        ("why K-42", "K-42: social: first"),
        ("", "使い方"),
        ("dance", "使い方"),
        ("silence topic=food", "使い方"),
    ],
)
def test_commands_answer_only_the_person_who_asks(office: Office, command: str, answer: str) -> None:
    office.slack.people.command(command, SATO)
    assert answer in office.said()
    assert not [one for one in office.slack.messages("general") if one.get("bot_id")]


def test_a_silence_is_made_from_a_command(office: Office) -> None:
    office.slack.people.command('silence topic="food" location=浅草 2h 厨房の改装中', SATO)
    assert office.said() == "完了しました。"
    until_ = NOON + timedelta(hours=2)
    assert office.desk.did == [("silence", ['topic="food"', "location=浅草"], until_, "厨房の改装中", SATO)]


def test_a_command_of_a_stranger_is_refused(office: Office) -> None:
    office.slack.people.command("due", STRANGER)
    assert STRANGER in office.said()


def test_a_message_becomes_a_case_by_its_shortcut(office: Office) -> None:
    ts = office.slack.people.write("general", "お客様から苦情の電話がありました", SATO)
    office.slack.people.shortcut("open_case", "general", ts, SATO)
    assert office.said() == "完了しました。 K-77"
    [(what, text, url, actor)] = office.desk.did
    assert (what, text, actor) == ("open_case", "お客様から苦情の電話がありました", SATO)
    assert str(url).endswith("/p" + ts.replace(".", ""))


def test_the_home_tab_lists_my_cases(office: Office) -> None:
    office.desk.cases[42] = a_view(owner=SATO, state="acknowledged")
    office.slack.people.open_home(SATO)
    tab = until(lambda: office.slack.workspace.homes.get(SATO))
    assert "K-42" in str(tab["blocks"])


def test_the_app_connects_again_when_slack_asks_for_it(office: Office) -> None:
    office.slack.socket.disconnect()
    office.slack.socket.wait(30)
    office.press("claim", SATO)
    until(lambda: office.desk.did)
